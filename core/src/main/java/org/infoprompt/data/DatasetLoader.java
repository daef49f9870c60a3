package org.infoprompt.data;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.infoprompt.io.InputException;
import org.jspecify.annotations.Nullable;

/**
 * Loads the user's own data: a folder with {@code train}, {@code dev} (or {@code validation}, {@code valid}, {@code val},
 * {@code dev_matched}) and {@code test} files that end in {@code .tsv}, {@code .csv} or {@code .jsonl}, or a single file.
 * Splits without a file are made by {@link Splits#complete}. A test file without labels, as GLUE's are, is left aside.
 * Rows are read as {@link TableReader} says. With a metric of numbers labels are read as numbers.
 */
public final class DatasetLoader {
    private static final List<String> TRAIN = List.of("train");
    private static final List<String> DEV =
            List.of("dev", "validation", "valid", "val", "dev_matched", "validation_matched");
    private static final List<String> TEST = List.of("test");
    private static final List<String> ENDINGS = List.of(".tsv", ".csv", ".jsonl");

    /** Labels that are all integers sort by value, others by their characters. */
    private static final Comparator<String> LABEL_ORDER = Comparator.comparing(
                    DatasetLoader::integer, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Comparator.naturalOrder());

    private record Split(Table table, List<TableReader.RawExample> rows) {}

    private DatasetLoader() {}

    /**
     * Loads a data set.
     *
     * @param options where it is and how to read it
     * @return train, dev and test; label names in ascending order unless the options fix them
     * @throws InputException if a file or a row cannot be used
     */
    public static Dataset load(DataOptions options) throws IOException {
        Path path = options.path();
        if (!Files.exists(path)) {
            throw new InputException(path.toString(), "", "no such file or folder", "check the path");
        }
        boolean folder = Files.isDirectory(path);
        Path trainFile = folder ? find(path, TRAIN) : path;
        if (trainFile == null) {
            throw new DataFormatException(
                    path.toString(),
                    "",
                    "holds no train.tsv, train.csv or train.jsonl; it holds " + listing(path),
                    "rename the training file, give the file itself, or name a built-in task for files as published");
        }
        Split train = read(trainFile, options);
        List<String> names = labels(train, options);
        LabelIndex index = new LabelIndex(names);
        if (!options.metric().supports(names.size())) {
            throw new DataFormatException(
                    trainFile.toString(),
                    "",
                    "has " + names.size() + " labels, for which "
                            + options.metric().displayName() + " is not defined",
                    "choose accuracy or macro-F1");
        }
        StringBuilder source = new StringBuilder(path + ": train " + described(train));
        List<Example> trainRows = examples(train, options, index);
        List<Example> devRows = List.of();
        List<Example> testRows = List.of();
        Path devFile = folder ? find(path, DEV) : null;
        if (devFile != null) {
            Split dev = read(devFile, options);
            devRows = examples(dev, options, index);
            source.append(", dev ").append(described(dev));
        }
        Path testFile = folder ? find(path, TEST) : null;
        if (testFile != null) {
            Split test = readTest(testFile, options);
            if (test == null) {
                source.append(", ").append(testFile.getFileName()).append(" has no labels and is left aside");
            } else {
                testRows = examples(test, options, index);
                source.append(", test ").append(described(test));
            }
        }
        checkPairs(trainFile, trainRows, devFile, devRows);
        checkPairs(trainFile, trainRows, testFile, testRows);
        Path name = path.toAbsolutePath().normalize().getFileName();
        Dataset published = new Dataset(
                name == null ? "data" : name.toString(),
                names,
                trainRows,
                devRows,
                testRows,
                options.metric(),
                source.toString());
        return Splits.complete(published, options.splitSeed(), path.toString());
    }

    private static List<Example> examples(Split split, DataOptions options, LabelIndex index)
            throws DataFormatException {
        return options.metric().isRegression()
                ? TableReader.valued(split.table(), split.rows())
                : TableReader.indexed(split.table(), split.rows(), index);
    }

    private static Split read(Path file, DataOptions options) throws IOException {
        Table table = Table.read(file, options.header(), options.quoting());
        return new Split(table, TableReader.raw(table, options, true));
    }

    private static @Nullable Split readTest(Path file, DataOptions options) throws IOException {
        Table table = Table.read(file, options.header(), options.quoting());
        if (!ColumnRoles.hasLabel(table, options.labelColumn())) {
            return null;
        }
        List<TableReader.RawExample> rows = TableReader.raw(table, options, true);
        // Exports of GLUE to JSON mark the hidden labels of test rows with -1.
        boolean hidden = rows.stream().allMatch(row -> "-1".equals(row.label()));
        return hidden ? null : new Split(table, rows);
    }

    private static List<String> labels(Split train, DataOptions options) throws DataFormatException {
        Set<String> seen = new TreeSet<>(LABEL_ORDER);
        for (TableReader.RawExample row : train.rows()) {
            if (row.label() != null) {
                seen.add(row.label());
            }
        }
        if (seen.size() < 2) {
            throw new DataFormatException(
                    train.table().source(),
                    "",
                    "all " + train.rows().size() + " rows have the label '"
                            + Shortened.of(seen.iterator().next()) + "'",
                    options.metric().isRegression()
                            ? "give rows of different numbers"
                            : "give rows of at least two classes");
        }
        if (options.metric().isRegression()) {
            return List.of(Dataset.SCORE);
        }
        List<String> fixed = options.labels();
        return fixed == null ? List.copyOf(seen) : fixed;
    }

    private static void checkPairs(Path trainFile, List<Example> train, @Nullable Path otherFile, List<Example> other)
            throws DataFormatException {
        if (otherFile == null || other.isEmpty()) {
            return;
        }
        boolean trainPair = train.getFirst().pair() != null;
        if (trainPair != (other.getFirst().pair() != null)) {
            throw new DataFormatException(
                    otherFile.toString(),
                    "line 1",
                    "has " + (trainPair ? "single texts" : "pairs") + ", " + trainFile.getFileName() + " has "
                            + (trainPair ? "pairs" : "single texts"),
                    "give both files the same columns");
        }
    }

    private static @Nullable Path find(Path folder, List<String> stems) throws IOException {
        Set<Path> found = new LinkedHashSet<>();
        for (String stem : stems) {
            for (String ending : ENDINGS) {
                Path file = folder.resolve(stem + ending);
                if (Files.isRegularFile(file)) {
                    found.add(file);
                }
            }
        }
        if (found.size() > 1) {
            List<String> names = new ArrayList<>();
            for (Path file : found) {
                names.add(String.valueOf(file.getFileName()));
            }
            throw new DataFormatException(
                    folder.toString(),
                    "",
                    "holds " + String.join(" and ", names),
                    "keep only one of them in the folder");
        }
        return found.isEmpty() ? null : found.iterator().next();
    }

    private static String listing(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .limit(9)
                    .toList();
            return names.isEmpty()
                    ? "nothing"
                    : String.join(", ", names.subList(0, Math.min(8, names.size()))) + (names.size() > 8 ? " ..." : "");
        }
    }

    private static String described(Split split) {
        return split.table().fileName() + " (" + split.rows().size() + " rows)";
    }

    private static @Nullable BigInteger integer(String label) {
        return label.matches("-?[0-9]{1,18}") ? new BigInteger(label) : null;
    }
}
