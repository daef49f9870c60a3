package org.infoprompt.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.ToDoubleFunction;
import org.infoprompt.metric.Metric;
import org.infoprompt.metric.SeedSummary;
import org.infoprompt.train.EpochReport;

/** Writes what methods achieved: as a table for people, as CSV for programs. */
final class ResultTable {
    private ResultTable() {}

    /** Returns the metrics to show: accuracy and macro-F1, or both correlations, and the task's own if it is another one. */
    static List<Metric> metrics(Metric own) {
        if (own.isRegression()) {
            return List.copyOf(new LinkedHashSet<>(List.of(Metric.PEARSON, Metric.SPEARMAN, own)));
        }
        SequencedSet<Metric> metrics = new LinkedHashSet<>(List.of(Metric.ACCURACY, Metric.MACRO_F1));
        metrics.add(own);
        return List.copyOf(metrics);
    }

    /** Returns the lines of a table, one row a method; with several seeds mean and standard deviation. */
    static List<String> lines(List<MethodRun> runs, Metric own) {
        List<Metric> metrics = metrics(own);
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("method"));
        metrics.forEach(metric -> header.add(metric.displayName()));
        header.addAll(List.of("trained parameters", "seconds"));
        rows.add(header);
        for (List<MethodRun> same : byMethod(runs).values()) {
            List<String> row = new ArrayList<>(List.of(same.getFirst().method()));
            for (Metric metric : metrics) {
                row.add(cell(same, run -> run.score(metric), 4));
            }
            row.add(String.format(Locale.ROOT, "%,d", same.getFirst().numParameters()));
            row.add(cell(same, MethodRun::seconds, 1));
            rows.add(row);
        }
        return aligned(rows);
    }

    private static SequencedMap<String, List<MethodRun>> byMethod(List<MethodRun> runs) {
        SequencedMap<String, List<MethodRun>> methods = new LinkedHashMap<>();
        for (MethodRun run : runs) {
            methods.computeIfAbsent(run.method(), name -> new ArrayList<>()).add(run);
        }
        return methods;
    }

    private static String cell(List<MethodRun> runs, ToDoubleFunction<MethodRun> value, int decimals) {
        SeedSummary summary = SeedSummary.of(runs.stream().mapToDouble(value).toArray());
        String format = "%." + decimals + "f";
        String mean = String.format(Locale.ROOT, format, summary.mean());
        return runs.size() == 1 ? mean : mean + " ± " + String.format(Locale.ROOT, format, summary.standardDeviation());
    }

    /** Pads columns: the first to the left, numbers to the right. */
    static List<String> aligned(List<List<String>> rows) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String pad = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? "" : "  ").append(i == 0 ? row.get(i) + pad : pad + row.get(i));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** Returns {@code results.csv}: one row a method and seed. */
    static String resultsCsv(List<MethodRun> runs, Metric own) {
        StringBuilder text = new StringBuilder(
                "method,seed,accuracy,macro_f1,matthews,metric,score,dev_score,parameters,epochs,best_epoch,seconds,"
                        + "test_examples\n");
        for (MethodRun run : runs) {
            text.append(String.format(
                    Locale.ROOT,
                    "%s,%d,%s,%s,%s,%s,%.6f,%s,%d,%d,%d,%.3f,%d\n",
                    run.method(),
                    run.seed(),
                    blankNaN(own.isRegression() ? Double.NaN : run.test().accuracy()),
                    blankNaN(own.isRegression() ? Double.NaN : run.test().macroF1()),
                    blankNaN(own.isRegression() ? Double.NaN : run.test().matthews()),
                    own.displayName(),
                    run.score(own),
                    blankNaN(run.devScore()),
                    run.numParameters(),
                    run.history().size(),
                    run.bestEpoch(),
                    run.seconds(),
                    run.test().total()));
        }
        return text.toString();
    }

    /** Returns {@code metrics.csv}: one row a method, seed and epoch. */
    static String metricsCsv(List<MethodRun> runs) {
        StringBuilder text = new StringBuilder("method,seed,epoch,steps,cross_entropy,head,representation,kl,total,"
                + "train_accuracy,dev_score,learning_rate,seconds\n");
        for (MethodRun run : runs) {
            for (EpochReport e : run.history()) {
                text.append(String.format(
                        Locale.ROOT,
                        "%s,%d,%d,%d,%.6f,%.6f,%.6f,%.6f,%.6f,%s,%s,%.9f,%.3f\n",
                        run.method(),
                        run.seed(),
                        e.epoch(),
                        e.steps(),
                        e.crossEntropy(),
                        e.head(),
                        e.representation(),
                        e.kl(),
                        e.total(),
                        blankNaN(e.trainAccuracy()),
                        blankNaN(e.devScore()),
                        e.learningRate(),
                        e.seconds()));
            }
        }
        return text.toString();
    }

    private static String blankNaN(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6f", value);
    }
}
