package org.infoprompt.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One finished training run of a comparison.
 *
 * @param key what was run
 * @param metric the task's metric, as tables call it
 * @param dev best dev score
 * @param test score on test
 * @param accuracy accuracy on test
 * @param numParameters how many numbers were trained
 * @param seconds wall time of training
 * @param stepsPerEpoch optimiser steps of an epoch
 * @param devCurve dev score after each epoch
 * @param lossCurve mean cross-entropy of each epoch
 */
record CompareCell(
        Key key,
        String metric,
        double dev,
        double test,
        double accuracy,
        long numParameters,
        double seconds,
        int stepsPerEpoch,
        List<Double> devCurve,
        List<Double> lossCurve) {

    static final List<String> HEADER = List.of(
            "phase",
            "model",
            "task",
            "few_shot",
            "method",
            "sample_seed",
            "seed",
            "rate_factor",
            "information_factor",
            "metric",
            "dev",
            "test",
            "accuracy",
            "parameters",
            "seconds",
            "steps_per_epoch",
            "dev_curve",
            "loss_curve",
            "epoch_factor");

    /** Columns of results from before the number of epochs was searched. */
    private static final int FEWEST_COLUMNS = 18;

    /** Why a cell is run. */
    enum Phase {
        /** To choose learning rate and weights on dev. */
        SEARCH,
        /** For the tables. */
        RUN,
        /** One sample, several starts. */
        START;

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What decides a cell's result.
     *
     * @param phase why it is run
     * @param model the backbone
     * @param task the data
     * @param fewShot examples a class, 0 for all
     * @param method the method's label
     * @param sampleSeed seed of the sample
     * @param seed seed of start, order and noise
     * @param rateFactor factor of the method's own learning rate
     * @param informationFactor factor of its information weights
     * @param epochFactor factor of its number of epochs
     */
    record Key(
            Phase phase,
            String model,
            String task,
            int fewShot,
            String method,
            long sampleSeed,
            long seed,
            double rateFactor,
            double informationFactor,
            double epochFactor) {

        /** Returns the group whose cells differ in seeds alone. */
        String group() {
            return model + "|" + task + "|" + fewShot + "|" + method;
        }
    }

    /** Returns the steps after which dev first reached 95 % of its best score; 0 without dev examples or where the best is not above 0. */
    int stepsTo95() {
        if (!(dev > 0)) {
            return 0;
        }
        for (int i = 0; i < devCurve.size(); i++) {
            if (devCurve.get(i) >= .95 * dev) {
                return (i + 1) * stepsPerEpoch;
            }
        }
        return 0;
    }

    List<String> row() {
        return List.of(
                key.phase.id(),
                key.model,
                key.task,
                Integer.toString(key.fewShot),
                key.method,
                Long.toString(key.sampleSeed),
                Long.toString(key.seed),
                Double.toString(key.rateFactor),
                Double.toString(key.informationFactor),
                metric,
                Double.toString(dev),
                Double.toString(test),
                Double.toString(accuracy),
                Long.toString(numParameters),
                String.format(Locale.ROOT, "%.2f", seconds),
                Integer.toString(stepsPerEpoch),
                curve(devCurve),
                curve(lossCurve),
                Double.toString(key.epochFactor));
    }

    private static String curve(List<Double> values) {
        List<String> texts = new ArrayList<>();
        for (double value : values) {
            texts.add(String.format(Locale.ROOT, "%.4f", value));
        }
        return String.join(";", texts);
    }

    /** Reads what {@link #row} wrote; anything else is an {@link IllegalArgumentException}. */
    static CompareCell read(List<String> row) {
        if (row.size() != HEADER.size() && row.size() != FEWEST_COLUMNS) {
            throw new IllegalArgumentException("has " + row.size() + " columns, not " + HEADER.size());
        }
        Key key = new Key(
                Phase.valueOf(row.get(0).toUpperCase(Locale.ROOT)),
                row.get(1),
                row.get(2),
                Integer.parseInt(row.get(3)),
                row.get(4),
                Long.parseLong(row.get(5)),
                Long.parseLong(row.get(6)),
                Double.parseDouble(row.get(7)),
                Double.parseDouble(row.get(8)),
                row.size() == FEWEST_COLUMNS ? 1 : Double.parseDouble(row.get(FEWEST_COLUMNS)));
        return new CompareCell(
                key,
                row.get(9),
                Double.parseDouble(row.get(10)),
                Double.parseDouble(row.get(11)),
                Double.parseDouble(row.get(12)),
                Long.parseLong(row.get(13)),
                Double.parseDouble(row.get(14)),
                Integer.parseInt(row.get(15)),
                numbers(row.get(16)),
                numbers(row.get(17)));
    }

    private static List<Double> numbers(String text) {
        List<Double> values = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String part : text.split(";", -1)) {
                values.add(Double.valueOf(part));
            }
        }
        return List.copyOf(values);
    }
}
