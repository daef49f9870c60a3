package org.infoprompt.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.infoprompt.metric.SeedSummary;

/** Writes a comparison's report: Markdown beside its pictures, and one HTML file that holds everything. */
final class CompareReport {
    static final String MARKDOWN = "report.md";
    static final String HTML = "report.html";
    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;color:#222b36;max-width:1240px;margin:2em auto;padding:0 1em}
            table{border-collapse:collapse;margin:.6em 0 1.8em}
            th,td{padding:.25em .7em;border-bottom:1px solid #e3e7ec;text-align:left}
            td+td{font-variant-numeric:tabular-nums}th{background:#f4f6f8}
            img{max-width:100%}p{color:#626d7a}
            .wide{overflow-x:auto}
            """;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Picture(String file, String title, byte[] png) {}

    private final CompareFolder folder;
    private final List<String> methods;
    private final CompareTables tables;
    private final Console console;

    CompareReport(CompareFolder folder, List<String> methods, Console console) {
        this.folder = folder;
        this.methods = methods;
        this.tables = new CompareTables(folder.cells(), methods);
        this.console = console;
    }

    /** Writes all files; {@code reference} is the method that the others are compared with. */
    void write(String reference) throws IOException {
        List<CompareTables.Table> all = tables.all(reference);
        List<Picture> pictures = pictures();
        for (Picture picture : pictures) {
            RunFolder.writeBytes(file(picture.file), picture.png);
        }
        RunFolder.writeText(file(MARKDOWN), markdown(all, pictures));
        RunFolder.writeText(file(HTML), html(all, pictures));
    }

    private Path file(String name) {
        return folder.path().resolve(name);
    }

    /** A machine without fonts must not lose a report for want of pictures. */
    private List<Picture> pictures() {
        List<Picture> pictures = new ArrayList<>();
        try {
            add(pictures, "learning-curves.png", "Learning curves", learningCurves());
            add(pictures, "few-shot.png", "Test score by examples a class", fewShot());
            add(pictures, "starts.png", "Test score by seed of the start", startSpread());
            add(pictures, "ablation.png", "Ablation of the information losses", ablation());
        } catch (RuntimeException | LinkageError | InternalError e) {
            console.warn("pictures cannot be drawn here: " + Failures.oneLine(String.valueOf(e)));
        }
        return pictures;
    }

    private void add(List<Picture> pictures, String file, String title, List<Chart.Panel> panels) {
        if (!panels.isEmpty()) {
            pictures.add(new Picture(file, title, Chart.png(title, panels, methods)));
        }
    }

    private List<Chart.Panel> learningCurves() {
        List<Chart.Panel> panels = new ArrayList<>();
        CompareTables.groups(tables.runs(), c -> c.key().task() + ": " + CompareTables.setting(c))
                .forEach((title, cells) -> {
                    List<Chart.Series> series = new ArrayList<>();
                    CompareTables.groups(cells, c -> c.key().method())
                            .forEach((method, own) -> series.add(meanCurve(method, own)));
                    panels.add(new Chart.Panel(title, "epoch (dev score, mean over seeds)", List.of(), series));
                });
        return panels;
    }

    private Chart.Series meanCurve(String method, List<CompareCell> cells) {
        List<Chart.Point> points = new ArrayList<>();
        int epochs = cells.stream().mapToInt(c -> c.devCurve().size()).min().orElse(0);
        for (int e = 0; e < epochs; e++) {
            int at = e;
            double mean = cells.stream()
                    .mapToDouble(c -> c.devCurve().get(at))
                    .average()
                    .orElse(Double.NaN);
            points.add(new Chart.Point(e + 1.0, mean, 0));
        }
        return new Chart.Series(methods.indexOf(method), points, true);
    }

    private List<Chart.Panel> fewShot() {
        List<Chart.Panel> panels = new ArrayList<>();
        TreeMap<Integer, Integer> places = new TreeMap<>();
        tables.runs().forEach(c -> places.put(size(c), 0));
        if (places.size() < 2) {
            return panels;
        }
        List<String> names = new ArrayList<>();
        for (Map.Entry<Integer, Integer> place : places.entrySet()) {
            int k = place.getKey();
            place.setValue(names.size());
            names.add(k == Integer.MAX_VALUE ? "all" : Integer.toString(k));
        }
        CompareTables.groups(tables.runs(), c -> c.key().task() + ": " + c.key().model())
                .forEach((title, cells) -> {
                    List<Chart.Series> series = new ArrayList<>();
                    CompareTables.groups(cells, c -> c.key().method()).forEach((method, own) -> {
                        Map<Integer, List<Double>> bySize = new TreeMap<>();
                        own.forEach(c -> bySize.computeIfAbsent(size(c), k -> new ArrayList<>())
                                .add(c.test()));
                        List<Chart.Point> points = new ArrayList<>();
                        bySize.forEach((k, scores) -> {
                            SeedSummary s = SeedSummary.of(scores.stream()
                                    .mapToDouble(Double::doubleValue)
                                    .toArray());
                            points.add(new Chart.Point(places.getOrDefault(k, 0), s.mean(), s.standardDeviation()));
                        });
                        series.add(new Chart.Series(methods.indexOf(method), points, true));
                    });
                    panels.add(new Chart.Panel(title, "examples a class (± standard deviation)", names, series));
                });
        return panels;
    }

    private static int size(CompareCell cell) {
        return cell.key().fewShot() == 0 ? Integer.MAX_VALUE : cell.key().fewShot();
    }

    private List<Chart.Panel> startSpread() {
        List<Chart.Panel> panels = new ArrayList<>();
        CompareTables.groups(tables.starts(), c -> c.key().task() + ": " + CompareTables.setting(c))
                .forEach((title, cells) -> {
                    List<Chart.Series> series = new ArrayList<>();
                    List<String> names = new ArrayList<>();
                    CompareTables.groups(cells, c -> c.key().method()).forEach((method, own) -> {
                        double place = names.size();
                        names.add(Integer.toString(names.size() + 1));
                        series.add(new Chart.Series(
                                methods.indexOf(method),
                                own.stream()
                                        .map(c -> new Chart.Point(place, c.test(), 0))
                                        .toList(),
                                false));
                    });
                    panels.add(new Chart.Panel(title, "method (one point a start)", names, series));
                });
        return panels;
    }

    private List<Chart.Panel> ablation() {
        List<Chart.Panel> panels = new ArrayList<>();
        for (CompareAblation ablation : CompareAblation.find(methods)) {
            CompareTables.groups(tables.runs(), c -> c.key().task() + ": " + CompareTables.setting(c))
                    .forEach((title, cells) -> {
                        List<Chart.Series> series = new ArrayList<>();
                        List<String> names = new ArrayList<>();
                        ablation.variants().forEach((method, variant) -> {
                            double[] scores = cells.stream()
                                    .filter(c -> c.key().method().equals(method))
                                    .mapToDouble(CompareCell::test)
                                    .toArray();
                            if (scores.length > 0) {
                                SeedSummary s = SeedSummary.of(scores);
                                Chart.Point point = new Chart.Point(names.size(), s.mean(), s.standardDeviation());
                                names.add(variant);
                                series.add(new Chart.Series(methods.indexOf(method), List.of(point), false));
                            }
                        });
                        if (names.size() > 1) {
                            panels.add(
                                    new Chart.Panel(title, ablation.base() + " (± standard deviation)", names, series));
                        }
                    });
        }
        return panels;
    }

    private String markdown(List<CompareTables.Table> all, List<Picture> pictures) {
        StringBuilder text = new StringBuilder("# Comparison of prompt methods\n\n");
        about().forEach((name, value) ->
                text.append("- ").append(name).append(": ").append(value).append('\n'));
        for (CompareTables.Table table : all) {
            text.append("\n## ")
                    .append(table.title())
                    .append("\n\n")
                    .append(table.note())
                    .append("\n\n");
            row(text, table.header());
            text.append("|").repeat("---|", table.header().size()).append('\n');
            table.rows().forEach(row -> row(text, row));
        }
        for (Picture picture : pictures) {
            text.append("\n![")
                    .append(picture.title)
                    .append("](")
                    .append(picture.file)
                    .append(")\n");
        }
        return text.toString();
    }

    private static void row(StringBuilder text, List<String> cells) {
        text.append("| ");
        for (String cell : cells) {
            text.append(cell.replace("|", "\\|")).append(" | ");
        }
        text.setLength(text.length() - 1);
        text.append('\n');
    }

    private Map<String, String> about() {
        Map<String, String> about = new LinkedHashMap<>(folder.settings());
        about.put("finished cells", Integer.toString(folder.cells().size()));
        return about;
    }

    private String html(List<CompareTables.Table> all, List<Picture> pictures) {
        StringBuilder text = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        text.append("<title>Comparison of prompt methods</title><style>\n")
                .append(STYLE)
                .append("</style></head><body>\n");
        text.append("<h1>Comparison of prompt methods</h1>\n<ul>");
        about().forEach((name, value) -> text.append("<li>")
                .append(escape(name))
                .append(": ")
                .append(escape(value))
                .append("</li>\n"));
        text.append("</ul>\n");
        for (CompareTables.Table table : all) {
            text.append("<h2>").append(escape(table.title())).append("</h2>\n<p>");
            text.append(escape(table.note())).append("</p>\n<div class=\"wide\"><table><tr>");
            table.header()
                    .forEach(name -> text.append("<th>").append(escape(name)).append("</th>"));
            text.append("</tr>\n");
            for (List<String> row : table.rows()) {
                text.append("<tr>");
                row.forEach(cell -> text.append("<td>").append(escape(cell)).append("</td>"));
                text.append("</tr>\n");
            }
            text.append("</table></div>\n");
        }
        for (Picture picture : pictures) {
            String data = new String(Base64.getEncoder().encode(picture.png), StandardCharsets.US_ASCII);
            text.append("<h2>").append(escape(picture.title)).append("</h2>\n<img alt=\"");
            text.append(escape(picture.title))
                    .append("\" src=\"data:image/png;base64,")
                    .append(data)
                    .append("\">\n");
        }
        return text.append("</body></html>\n").toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
