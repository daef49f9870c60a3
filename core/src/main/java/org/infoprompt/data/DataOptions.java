package org.infoprompt.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.infoprompt.metric.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The user's own data: where it is and how to read it.
 *
 * @param path a folder with {@code train}, {@code dev} and {@code test} files, or one file
 * @param textColumn name of the text column; null to recognise it
 * @param pairColumn name of the column of second texts; null to recognise it, or for none if {@code textColumn} is given
 * @param labelColumn name of the label column; null to recognise it
 * @param header whether delimited files begin with a header line; without one the columns are called 1, 2, 3 ...
 * @param quoting what quotes mean in delimited files
 * @param allowEmptyText whether a text may be empty
 * @param labels label names in index order, any other label is an error; null to take those of the train split
 * @param metric what the task is judged by
 * @param splitSeed chooses the rows of splits that have no file of their own
 */
public record DataOptions(
        Path path,
        @Nullable String textColumn,
        @Nullable String pairColumn,
        @Nullable String labelColumn,
        boolean header,
        Quoting quoting,
        boolean allowEmptyText,
        @Nullable List<String> labels,
        Metric metric,
        long splitSeed) {

    /**
     * Checks and copies.
     *
     * @param path a folder or a file
     * @param textColumn name of the text column or null
     * @param pairColumn name of the column of second texts or null; needs {@code textColumn}
     * @param labelColumn name of the label column or null
     * @param header whether delimited files begin with a header line
     * @param quoting what quotes mean
     * @param allowEmptyText whether a text may be empty
     * @param labels label names in index order or null
     * @param metric what the task is judged by
     * @param splitSeed chooses the rows of carved splits
     */
    public DataOptions {
        Objects.requireNonNull(path, "path");
        if (pairColumn != null && textColumn == null) {
            throw new IllegalArgumentException("pairColumn " + pairColumn + " needs a textColumn");
        }
        labels = labels == null ? null : List.copyOf(labels);
    }

    /**
     * Reads with column names, everything else as usual.
     *
     * @param path a folder or a file
     * @param textColumn name of the text column or null
     * @param pairColumn name of the column of second texts or null
     * @param labelColumn name of the label column or null
     */
    public DataOptions(
            Path path, @Nullable String textColumn, @Nullable String pairColumn, @Nullable String labelColumn) {
        this(
                path,
                textColumn,
                pairColumn,
                labelColumn,
                true,
                Quoting.AUTO,
                false,
                null,
                Metric.ACCURACY,
                Splits.DEFAULT_SEED);
    }

    /**
     * Reads with everything recognised: columns by their names, labels from train, accuracy as the metric.
     *
     * @param path a folder or a file
     * @return the options
     */
    public static DataOptions of(Path path) {
        return new DataOptions(path, null, null, null);
    }

    /**
     * Changes whether there is a header line.
     *
     * @param newHeader false if the first line is data already
     * @return changed options
     */
    public DataOptions withHeader(boolean newHeader) {
        return new DataOptions(
                path,
                textColumn,
                pairColumn,
                labelColumn,
                newHeader,
                quoting,
                allowEmptyText,
                labels,
                metric,
                splitSeed);
    }

    /**
     * Changes what quotes mean.
     *
     * @param newQuoting what quotes mean
     * @return changed options
     */
    public DataOptions withQuoting(Quoting newQuoting) {
        return new DataOptions(
                path,
                textColumn,
                pairColumn,
                labelColumn,
                header,
                newQuoting,
                allowEmptyText,
                labels,
                metric,
                splitSeed);
    }

    /**
     * Changes whether a text may be empty.
     *
     * @param newAllowEmptyText true to accept empty texts
     * @return changed options
     */
    public DataOptions withAllowEmptyText(boolean newAllowEmptyText) {
        return new DataOptions(
                path,
                textColumn,
                pairColumn,
                labelColumn,
                header,
                quoting,
                newAllowEmptyText,
                labels,
                metric,
                splitSeed);
    }

    /**
     * Fixes the labels, for example to those of a checkpoint.
     *
     * @param newLabels label names in index order; null to take those of the train split
     * @return changed options
     */
    public DataOptions withLabels(@Nullable List<String> newLabels) {
        return new DataOptions(
                path,
                textColumn,
                pairColumn,
                labelColumn,
                header,
                quoting,
                allowEmptyText,
                newLabels,
                metric,
                splitSeed);
    }

    /**
     * Changes the metric.
     *
     * @param newMetric what the task is judged by
     * @return changed options
     */
    public DataOptions withMetric(Metric newMetric) {
        return new DataOptions(
                path,
                textColumn,
                pairColumn,
                labelColumn,
                header,
                quoting,
                allowEmptyText,
                labels,
                newMetric,
                splitSeed);
    }

    /**
     * Changes the seed of carved splits.
     *
     * @param newSplitSeed chooses the rows
     * @return changed options
     */
    public DataOptions withSplitSeed(long newSplitSeed) {
        return new DataOptions(
                path,
                textColumn,
                pairColumn,
                labelColumn,
                header,
                quoting,
                allowEmptyText,
                labels,
                metric,
                newSplitSeed);
    }
}
