package org.infoprompt.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.infoprompt.cli.CompareSearch.Tried;
import org.infoprompt.metric.PairedDifference;
import org.infoprompt.metric.SeedSummary;

/** The tables of a comparison, from its finished cells. */
final class CompareTables {
    /**
     * A table.
     *
     * @param title above it
     * @param note below the title, what its numbers mean
     * @param header column names
     * @param rows cells, as many a row as there are names
     */
    record Table(String title, String note, List<String> header, List<List<String>> rows) {}

    private final List<CompareCell> runs = new ArrayList<>();
    private final List<CompareCell> searches = new ArrayList<>();
    private final List<CompareCell> starts = new ArrayList<>();
    private final List<String> methods;
    private final Set<String> settings = new LinkedHashSet<>();
    private final Set<String> tasks = new LinkedHashSet<>();

    CompareTables(Collection<CompareCell> cells, List<String> methods) {
        this.methods = methods;
        for (CompareCell cell : cells) {
            if (!methods.contains(cell.key().method())) {
                continue;
            }
            switch (cell.key().phase()) {
                case RUN -> runs.add(cell);
                case SEARCH -> searches.add(cell);
                case START -> starts.add(cell);
            }
            settings.add(setting(cell));
            tasks.add(cell.key().task());
        }
    }

    List<CompareCell> runs() {
        return runs;
    }

    List<CompareCell> starts() {
        return starts;
    }

    /** Returns model and sample size, which have tables of their own. */
    static String setting(CompareCell cell) {
        int k = cell.key().fewShot();
        return cell.key().model() + ", " + (k == 0 ? "all training examples" : k + " examples a class");
    }

    List<Table> all(String reference) {
        List<Table> tables = new ArrayList<>();
        for (String setting : settings) {
            tables.add(scores("Test scores: " + setting, setting));
        }
        if (methods.size() > 1) {
            tables.add(differences(reference));
        }
        Table ablation = ablation();
        if (!ablation.rows().isEmpty()) {
            tables.add(ablation);
        }
        tables.add(cost());
        if (!searches.isEmpty()) {
            tables.add(search());
        }
        if (!starts.isEmpty()) {
            tables.add(starts("Spread by start"));
        }
        return tables;
    }

    private Table scores(String title, String setting) {
        List<String> header = new ArrayList<>(List.of("method"));
        Map<String, String> metrics = new LinkedHashMap<>();
        for (CompareCell cell : runs) {
            metrics.put(cell.key().task(), cell.metric());
        }
        tasks.forEach(task -> header.add(task + " (" + metrics.getOrDefault(task, "") + ")"));
        header.add("mean");
        List<List<String>> rows = new ArrayList<>();
        for (String method : methods) {
            List<String> row = new ArrayList<>(List.of(method));
            double sum = 0;
            int count = 0;
            for (String task : tasks) {
                List<CompareCell> own = runs(method, setting, task);
                row.add(spread(own, CompareCell::test));
                if (!own.isEmpty()) {
                    sum += own.stream().mapToDouble(CompareCell::test).average().orElse(0);
                    count++;
                }
            }
            row.add(count == tasks.size() ? percent(sum / count) : "");
            rows.add(row);
        }
        return new Table(title, "Mean ± standard deviation over seeds, times 100.", header, rows);
    }

    private static String percent(double value) {
        return Double.isNaN(value) ? "diverged" : String.format(Locale.ROOT, "%.1f", 100 * value);
    }

    private static String spread(List<CompareCell> cells, ToDoubleFunction<CompareCell> value) {
        if (cells.isEmpty()) {
            return "";
        }
        SeedSummary summary = SeedSummary.of(cells.stream().mapToDouble(value).toArray());
        return percent(summary.mean()) + (summary.runs() > 1 ? " ± " + percent(summary.standardDeviation()) : "");
    }

    private Table differences(String reference) {
        List<List<String>> rows = new ArrayList<>();
        for (String method : methods) {
            if (method.equals(reference)) {
                continue;
            }
            List<double[]> pooled = new ArrayList<>();
            for (String setting : settings) {
                for (String task : tasks) {
                    List<double[]> pairs = pairs(reference, method, setting, task);
                    pooled.addAll(pairs);
                    if (!pairs.isEmpty()) {
                        rows.add(difference(method, setting, task, pairs));
                    }
                }
            }
            if (!pooled.isEmpty()) {
                rows.add(difference(method, "all", "all", pooled));
            }
        }
        return new Table(
                "Paired differences: " + reference + " minus the others",
                "Test scores times 100, pairs of the same model, task, sample and seed; 95 % confidence interval of the"
                        + " mean (Student), and two-sided sign test.",
                List.of(
                        "against",
                        "setting",
                        "task",
                        "pairs",
                        "difference",
                        "95 % interval",
                        "better",
                        "worse",
                        "p (sign)"),
                rows);
    }

    private Table ablation() {
        List<List<String>> rows = new ArrayList<>();
        for (CompareAblation ablation : CompareAblation.find(methods)) {
            for (String setting : settings) {
                for (String task : tasks) {
                    ablation.variants().forEach((method, variant) -> {
                        List<CompareCell> own = runs(method, setting, task);
                        List<double[]> pairs = pairs(method, ablation.base(), setting, task);
                        if (!own.isEmpty() && !pairs.isEmpty()) {
                            boolean full = method.equals(ablation.base());
                            List<String> d = difference(variant, setting, task, pairs);
                            rows.add(List.of(
                                    setting,
                                    task,
                                    ablation.base(),
                                    variant,
                                    spread(own, CompareCell::test),
                                    full ? "" : d.get(4),
                                    full ? "" : d.get(5),
                                    full ? "" : d.get(8)));
                        }
                    });
                }
            }
        }
        return new Table(
                "Ablation of the information losses",
                "Mean ± standard deviation over seeds, and the paired difference from the method with both losses, times 100.",
                List.of("setting", "task", "method", "variant", "score", "difference", "95 % interval", "p (sign)"),
                rows);
    }

    List<CompareCell> runs(String method, String setting, String task) {
        return runs.stream()
                .filter(c -> c.key().method().equals(method)
                        && c.key().task().equals(task)
                        && setting(c).equals(setting))
                .toList();
    }

    private List<double[]> pairs(String reference, String method, String setting, String task) {
        List<double[]> pairs = new ArrayList<>();
        for (CompareCell a : runs) {
            if (!a.key().method().equals(reference)
                    || !a.key().task().equals(task)
                    || !setting(a).equals(setting)) {
                continue;
            }
            for (CompareCell b : runs) {
                if (b.key().method().equals(method)
                        && b.key().task().equals(task)
                        && setting(b).equals(setting)
                        && b.key().sampleSeed() == a.key().sampleSeed()
                        && b.key().seed() == a.key().seed()) {
                    pairs.add(new double[] {a.test(), b.test()});
                }
            }
        }
        return pairs;
    }

    private static List<String> difference(String method, String setting, String task, List<double[]> pairs) {
        PairedDifference d = PairedDifference.of(
                pairs.stream().mapToDouble(p -> p[0]).toArray(),
                pairs.stream().mapToDouble(p -> p[1]).toArray());
        String interval = Double.isNaN(d.low())
                ? ""
                : String.format(Locale.ROOT, "[%+.1f, %+.1f]", 100 * d.low(), 100 * d.high());
        return List.of(
                method,
                setting,
                task,
                Integer.toString(d.pairs()),
                String.format(Locale.ROOT, "%+.1f", 100 * d.mean()),
                interval,
                Integer.toString(d.wins()),
                Integer.toString(d.losses()),
                String.format(Locale.ROOT, "%.3f", d.signTest()));
    }

    private Table cost() {
        List<List<String>> rows = new ArrayList<>();
        for (String setting : settings) {
            for (String method : methods) {
                for (String task : tasks) {
                    List<CompareCell> own = runs(method, setting, task);
                    if (own.isEmpty()) {
                        continue;
                    }
                    rows.add(List.of(
                            setting,
                            task,
                            method,
                            String.format(Locale.ROOT, "%,d", own.getFirst().numParameters()),
                            mean(own, CompareCell::seconds, "%.1f"),
                            mean(own, c -> (double) c.devCurve().size() * c.stepsPerEpoch(), "%.0f"),
                            mean(own, CompareCell::stepsTo95, "%.0f")));
                }
            }
        }
        return new Table(
                "Cost",
                "Class head included. Steps to 95 %: steps after which dev first reached 95 % of its best score.",
                List.of("setting", "task", "method", "trained numbers", "seconds", "steps", "steps to 95 %"),
                rows);
    }

    private static String mean(List<CompareCell> cells, ToDoubleFunction<CompareCell> value, String format) {
        return String.format(
                Locale.ROOT, format, cells.stream().mapToDouble(value).average().orElse(0));
    }

    private Table search() {
        Map<String, List<CompareCell>> groups = groups(searches, c -> c.key().group());
        List<List<String>> rows = new ArrayList<>();
        for (List<CompareCell> group : groups.values()) {
            List<Tried> trials = Tried.of(group);
            Tried best = CompareSearch.best(trials);
            CompareCell one = group.getFirst();
            String tried = trials.stream()
                    .map(trial -> name(trial.trial()) + ": " + percent(trial.dev()))
                    .collect(Collectors.joining(", "));
            rows.add(List.of(
                    setting(one),
                    one.key().task(),
                    one.key().method(),
                    Integer.toString(trials.size()),
                    Integer.toString(best.cells().size()),
                    name(best.trial()),
                    tried));
        }
        return new Table(
                "Search on dev",
                "Factors of each method's own learning rate, w× of its information weights and e× of its epochs, with the"
                        + " best dev score of any epoch times 100, the mean over the seeds of the search. The chosen ones"
                        + " are used with every seed.",
                List.of("setting", "task", "method", "trials", "seeds", "chosen", "tried"),
                rows);
    }

    private static String name(CompareSearch.Trial trial) {
        String text = "×" + number(trial.rate());
        text += trial.weight() == 1 ? "" : " w×" + number(trial.weight());
        return trial.epochs() == 1 ? text : text + " e×" + number(trial.epochs());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value).replaceAll("\\.?0+$", "");
    }

    private Table starts(String title) {
        Map<String, List<CompareCell>> groups = groups(starts, c -> c.key().group());
        List<List<String>> rows = new ArrayList<>();
        for (List<CompareCell> group : groups.values()) {
            SeedSummary s =
                    SeedSummary.of(group.stream().mapToDouble(CompareCell::test).toArray());
            CompareCell first = group.getFirst();
            rows.add(List.of(
                    setting(first),
                    first.key().task(),
                    first.key().method(),
                    Integer.toString(s.runs()),
                    percent(s.mean()),
                    percent(s.standardDeviation()),
                    percent(s.min()),
                    percent(s.max())));
        }
        return new Table(
                title,
                "One sample of training examples, seeds of start, order and noise varied; test scores times 100.",
                List.of("setting", "task", "method", "starts", "mean", "standard deviation", "lowest", "highest"),
                rows);
    }

    static Map<String, List<CompareCell>> groups(Collection<CompareCell> cells, Function<CompareCell, String> key) {
        Map<String, List<CompareCell>> groups = new LinkedHashMap<>();
        for (CompareCell cell : cells) {
            groups.computeIfAbsent(key.apply(cell), k -> new ArrayList<>()).add(cell);
        }
        return groups;
    }
}
