package org.infoprompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny grid end to end: search, seeds, starts, report, and going on where it stopped. */
class CompareCommandTest {
    @TempDir
    Path work;

    private Path task() throws IOException {
        Path folder = Files.createDirectories(work.resolve("data").resolve("amazon"));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            text.append("the cat sat on mat ").append(i).append("\t1\n");
            text.append("bad film was not good ").append(i).append("\t0\n");
        }
        Files.writeString(folder.resolve("amazon_cells_labelled.txt"), text);
        return folder;
    }

    private Cli.Result compare(Object... more) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of(
                "compare",
                "--models",
                Cli.model(),
                "--tasks",
                "amazon",
                "--data",
                task().getParent(),
                "--few-shot",
                "3,5",
                "--epochs",
                "2",
                "--output",
                work.resolve("out"),
                "--threads",
                "2"));
        arguments.addAll(Arrays.asList(more));
        return Cli.run(arguments.toArray());
    }

    @Test
    void comparesAndGoesOn() throws IOException {
        Object[] grid = {
            "--methods",
            "infoprompt,infoprompt/gamma=0,prompt-tuning+mi/slots=3",
            "--seeds",
            "1,2",
            "--start-seeds",
            "7,8,9",
            "--rates",
            "0.5,1"
        };
        Cli.Result result = compare(grid);
        assertThat(result.status()).as(result.err()).isZero();
        Path out = work.resolve("out");
        List<String> rows = Files.readAllLines(out.resolve("results.csv"));
        // Header; for 2 sizes and 3 methods: 2 trials, 2 seeds, 3 starts.
        assertThat(rows).hasSize(1 + 2 * 3 * (2 + 2 + 3));
        assertThat(rows.stream().filter(row -> row.startsWith("search,")))
                .as("a search never looks at test")
                .allMatch(row -> row.split(",", -1)[11].equals("NaN"));
        assertThat(result.out())
                .contains(
                        "Test scores",
                        "Paired differences: infoprompt minus the others",
                        "Search on dev",
                        "Ablation of the information losses",
                        "gamma 0",
                        "Spread by start");
        String report = Files.readString(out.resolve("report.html"));
        assertThat(report)
                .contains("prompt-tuning+mi/slots=3", "data:image/png;base64,")
                .doesNotContain("http");
        assertThat(Files.readString(out.resolve("report.md"))).contains("![Learning curves](learning-curves.png)");
        for (String picture : List.of("learning-curves.png", "few-shot.png", "starts.png", "ablation.png")) {
            BufferedImage image = ImageIO.read(out.resolve(picture).toFile());
            assertThat(image.getRGB(0, 0) & 0xffffff).isEqualTo(0xffffff);
            assertThat(contains(image, 0x1f6fb4))
                    .as("the first method in %s", picture)
                    .isTrue();
        }

        // Lose two cells: only they are run again, with the same result.
        Files.write(out.resolve("results.csv"), rows.subList(0, rows.size() - 2));
        Cli.Result again = compare(grid);
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(again.err().lines().filter(line -> line.contains(" s, dev ")))
                .hasSize(2);
        List<String> restored = Files.readAllLines(out.resolve("results.csv"));
        assertThat(withoutSeconds(restored)).isEqualTo(withoutSeconds(rows));

        // A report alone needs no more than the folder, and is of all methods unless some are named.
        String written = Files.readString(out.resolve("report.md"));
        Files.delete(out.resolve("report.md"));
        Cli.Result alone = Cli.run("compare", "--report-only", "--output", out);
        assertThat(alone.status()).as(alone.err()).isZero();
        assertThat(Files.readString(out.resolve("report.md"))).isEqualTo(written);
        assertThat(compare("--report-only", "--methods", "warp").err())
                .contains(
                        "holds no finished cell of these methods, but of infoprompt, infoprompt/gamma=0, prompt-tuning");
        assertThat(Cli.run("compare", "--report-only", "--output", work.resolve("none"))
                        .err())
                .contains("no such folder");
        assertThat(work.resolve("none")).doesNotExist();

        Cli.Result other = compare("--methods", "infoprompt", "--seeds", "1", "--rates", "1", "--limit-test", "3");
        assertThat(other.status()).isNotZero();
        assertThat(other.err()).contains("is of a different comparison: test examples all, now at most 3");
    }

    @Test
    void searchesWithSeveralSeeds() throws IOException {
        Cli.Result result =
                compare("--methods", "head-only", "--seeds", "3,4,5", "--search-seeds", "2", "--rates", "0.001,1,3");
        assertThat(result.status()).as(result.err()).isZero();
        List<String[]> rows = Files.readAllLines(work.resolve("out").resolve("results.csv")).stream()
                .map(row -> row.split(",", -1))
                .filter(row -> row[3].equals("5"))
                .toList();
        Map<Double, Double> sums = new HashMap<>();
        for (String[] row : rows) {
            if (row[0].equals("search")) {
                assertThat(row[5]).isEqualTo(row[6]).isIn("3", "4");
                sums.merge(Double.valueOf(row[7]), Double.parseDouble(row[10]), Double::sum);
            }
        }
        assertThat(sums).hasSize(3);
        double most = sums.values().stream().mapToDouble(x -> x).max().orElseThrow();
        for (String[] row : rows) {
            if (row[0].equals("run")) {
                assertThat(sums.get(Double.valueOf(row[7]))).isEqualTo(most);
            }
        }
        assertThat(Files.readString(work.resolve("out").resolve("report.md")))
                .contains("epoch factors [1.0], by 2 seeds");
        assertThat(compare("--methods", "head-only", "--seeds", "3,4", "--search-seeds", "3")
                        .err())
                .contains("--search-seeds: 3 is out of range");
    }

    @Test
    void searchesByTheMeanOfItsSeeds() {
        List<CompareCell> cells = List.of(
                searched(1, .3, .9),
                searched(2, .3, .5),
                searched(1, 1, .8),
                searched(2, 1, .7),
                searched(1, 3, 1),
                searched(2, 3, Double.NaN));
        CompareSearch.Tried best = CompareSearch.best(CompareSearch.Tried.of(cells));
        assertThat(best.trial().rate()).isEqualTo(1);
        assertThat(best.dev()).isEqualTo(.75);
        assertThat(best.cells()).hasSize(2);
    }

    private static CompareCell searched(long seed, double rate, double dev) {
        return new CompareCell(
                new CompareCell.Key(CompareCell.Phase.SEARCH, "m", "t", 5, "warp", seed, seed, rate, 1, 1),
                "accuracy",
                dev,
                Double.NaN,
                Double.NaN,
                1,
                1,
                1,
                List.of(dev),
                List.of(1.0));
    }

    @Test
    void findsAblations() {
        List<CompareAblation> found = CompareAblation.find(List.of(
                "infoprompt/slots=2/gamma=0",
                "infoprompt/slots=2",
                "infoprompt/beta=0.0/slots=2",
                "infoprompt/slots=2/gamma=0/beta=0",
                "infoprompt/slots=2/gamma=0.5",
                "warp",
                "ipt/gamma=0"));
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().base()).isEqualTo("infoprompt/slots=2");
        assertThat(found.getFirst().variants().values()).containsExactly("both losses", "gamma 0", "beta 0", "both 0");
    }

    @Test
    void smallSearchSpendsAsMuchOnEveryMethod() throws IOException {
        Cli.Result result =
                compare("--methods", "head-only,prompt-tuning+mi,lora", "--seeds", "1", "--search", "small");
        assertThat(result.status()).as(result.err()).isZero();
        List<String> rows = Files.readAllLines(work.resolve("out").resolve("results.csv"));
        for (String method : List.of("head-only", "prompt-tuning+mi", "lora")) {
            List<String[]> trials = rows.stream()
                    .map(row -> row.split(",", -1))
                    .filter(cells -> cells[0].equals("search") && cells[3].equals("3") && cells[4].equals(method))
                    .toList();
            assertThat(trials).hasSize(7);
            assertThat(trials.stream().map(cells -> cells[18])).contains("0.5", "2.0");
            assertThat(trials.stream().filter(cells -> !cells[8].equals("1.0")))
                    .as("other information weights")
                    .hasSize(method.endsWith("+mi") ? 2 : 0);
            // Twice two epochs: the curve has four points.
            assertThat(trials.stream().filter(cells -> cells[18].equals("2.0")).map(cells -> cells[16]))
                    .allMatch(curve -> curve.split(";", -1).length == 4);
        }
        assertThat(result.out()).contains("Search on dev", " e×2", " w×3");
        // Rows from before there were factors of epochs are read as before.
        List<String> old = rows.stream()
                .filter(row -> !row.startsWith("search,"))
                .map(row -> row.substring(0, row.lastIndexOf(',')))
                .toList();
        Files.write(work.resolve("out").resolve("results.csv"), old);
        assertThat(compare("--methods", "lora", "--report-only").status()).isZero();
    }

    private static boolean contains(BufferedImage image, int color) {
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if ((image.getRGB(x, y) & 0xffffff) == color) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<String> withoutSeconds(List<String> rows) {
        List<String> kept = new ArrayList<>();
        for (String row : rows) {
            String[] cells = row.split(",", -1);
            cells[14] = "";
            kept.add(String.join(",", cells));
        }
        return kept;
    }

    @Test
    void refusesWhatItCannotRun() throws IOException {
        assertThat(compare("--methods", "nonsense").err()).contains("no prompt method is called 'nonsense'");
        assertThat(compare("--methods", "infoprompt/slots").err()).contains("'slots' is no OPTION=VALUE");
        assertThat(compare("--methods", "infoprompt/gamma=much").err()).contains("--methods infoprompt/gamma=much");
        assertThat(compare("--methods", "idpg", "--reference", "ipt").err()).contains("is not among --methods");
        assertThat(compare("--methods", "idpg", "--rates", "0").err()).contains("--rates");
        assertThat(compare("--methods", "idpg", "--epoch-factors", "Infinity").err())
                .contains("--epoch-factors: Infinity is out of range");
        assertThat(compare("--methods", "idpg", "--search", "small", "--rates", "1")
                        .err())
                .contains("--search: small brings factors of its own");
        assertThat(Cli.run("compare", "--tasks", "cola", "--output", work.resolve("o"))
                        .err())
                .contains("--tasks cola: needs its files");
    }
}
