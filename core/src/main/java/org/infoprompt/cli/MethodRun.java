package org.infoprompt.cli;

import java.util.ArrayList;
import java.util.List;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.metric.ConfusionMatrix;
import org.infoprompt.metric.Metric;
import org.infoprompt.train.EpochReport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One method, trained with one seed and evaluated on the test examples.
 *
 * @param method what tables call it
 * @param seed of sample, initialisation, order and noise
 * @param test counts on the test examples
 * @param numParameters how many numbers were trained
 * @param seconds wall time of training, evaluation on test not included
 * @param bestEpoch the epoch that was kept, 0 if there are no epochs
 * @param devScore its dev score, NaN if there is none
 * @param history its epochs
 */
record MethodRun(
        String method,
        long seed,
        ConfusionMatrix test,
        long numParameters,
        double seconds,
        int bestEpoch,
        double devScore,
        List<EpochReport> history) {

    /** Predicts the most frequent training class everywhere. */
    static MethodRun majority(Dataset dataset, long seed) {
        int[] counts = new int[dataset.labels().size()];
        for (Example example : dataset.train()) {
            counts[example.label()]++;
        }
        int best = 0;
        for (int k = 1; k < counts.length; k++) {
            best = counts[k] > counts[best] ? k : best;
        }
        ConfusionMatrix matrix = new ConfusionMatrix(dataset.labels());
        for (Example example : dataset.test()) {
            matrix.add(example.label(), best);
        }
        return new MethodRun("majority class", seed, matrix, 0, 0, 0, Double.NaN, List.of());
    }

    double score(Metric metric) {
        return metric.compute(test);
    }

    void write(ObjectNode node) {
        node.put("method", method);
        node.put("seed", seed);
        node.put("numParameters", numParameters);
        node.put("seconds", seconds);
        node.put("bestEpoch", bestEpoch);
        put(node, "devScore", devScore);
        ArrayNode rows = node.putArray("confusion");
        int n = test.labels().size();
        for (int gold = 0; gold < n; gold++) {
            ArrayNode row = rows.addArray();
            for (int predicted = 0; predicted < n; predicted++) {
                row.add(test.count(gold, predicted));
            }
        }
        if (test.numSpansGold() + test.numSpansPredicted() > 0) {
            node.putArray("spans")
                    .add(test.numSpansRight())
                    .add(test.numSpansGold())
                    .add(test.numSpansPredicted());
        }
        if (test.values().size() > 0) {
            ArrayNode values = node.putArray("values");
            for (int i = 0; i < test.values().size(); i++) {
                values.addArray().add(test.values().gold(i)).add(test.values().predicted(i));
            }
        }
        ArrayNode epochs = node.putArray("history");
        for (EpochReport e : history) {
            ObjectNode epoch = epochs.addObject();
            epoch.put("epoch", e.epoch());
            epoch.put("steps", e.steps());
            epoch.put("crossEntropy", e.crossEntropy());
            epoch.put("head", e.head());
            epoch.put("representation", e.representation());
            epoch.put("kl", e.kl());
            epoch.put("total", e.total());
            put(epoch, "trainAccuracy", e.trainAccuracy());
            put(epoch, "devScore", e.devScore());
            epoch.put("learningRate", e.learningRate());
            epoch.put("seconds", e.seconds());
        }
    }

    /** Reads what {@link #write} wrote; a missing or wrong value is an {@link IllegalArgumentException}. */
    static MethodRun read(JsonNode node, List<String> labels) {
        ConfusionMatrix matrix = new ConfusionMatrix(labels);
        JsonNode rows = node.path("confusion");
        if (rows.size() != labels.size()) {
            throw new IllegalArgumentException("confusion has " + rows.size() + " rows, not " + labels.size());
        }
        for (int gold = 0; gold < labels.size(); gold++) {
            for (int predicted = 0; predicted < labels.size(); predicted++) {
                matrix.add(gold, predicted, rows.path(gold).path(predicted).asLong(0));
            }
        }
        JsonNode spans = node.path("spans");
        matrix.addSpans(
                spans.path(0).asLong(0), spans.path(1).asLong(0), spans.path(2).asLong(0));
        for (JsonNode pair : node.path("values")) {
            matrix.addValue(pair.path(0).asDouble(Double.NaN), pair.path(1).asDouble(Double.NaN));
        }
        List<EpochReport> history = new ArrayList<>();
        for (JsonNode e : node.path("history")) {
            history.add(new EpochReport(
                    e.path("epoch").asInt(0),
                    e.path("steps").asInt(0),
                    number(e, "crossEntropy"),
                    number(e, "head"),
                    number(e, "representation"),
                    number(e, "kl"),
                    number(e, "total"),
                    number(e, "trainAccuracy"),
                    number(e, "devScore"),
                    number(e, "learningRate"),
                    number(e, "seconds")));
        }
        return new MethodRun(
                node.path("method").asString(""),
                node.path("seed").asLong(0),
                matrix,
                node.path("numParameters").asLong(0),
                number(node, "seconds"),
                node.path("bestEpoch").asInt(0),
                number(node, "devScore"),
                List.copyOf(history));
    }

    private static double number(JsonNode node, String key) {
        return node.path(key).asDouble(Double.NaN);
    }

    /** JSON has no NaN; null stands for it. */
    private static void put(ObjectNode node, String key, double value) {
        if (Double.isNaN(value)) {
            node.putNull(key);
        } else {
            node.put(key, value);
        }
    }
}
