package org.infoprompt.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.infoprompt.metric.Metric;
import org.junit.jupiter.api.Test;

class SplitsTest {
    /** 100 rows of class 0, 40 of class 1, 3 of class 2. */
    private static final List<Example> ROWS = rows(100, 40, 3);

    @Test
    void carvesTheSameShareOfEveryClass() {
        Splits.Parts parts = Splits.carve(ROWS, 3, 0.1, 0);
        assertThat(count(parts.carved(), 0)).isEqualTo(10);
        assertThat(count(parts.carved(), 1)).isEqualTo(4);
        assertThat(count(parts.carved(), 2)).isEqualTo(1);
        Set<Example> all = new HashSet<>(parts.kept());
        all.addAll(parts.carved());
        assertThat(all).containsExactlyInAnyOrderElementsOf(ROWS);
        assertThat(parts.kept()).isSubsetOf(ROWS).isSortedAccordingTo(SplitsTest::byId);
    }

    @Test
    void dependsOnTheSeedAlone() {
        assertThat(Splits.carve(ROWS, 3, 0.1, 7)).isEqualTo(Splits.carve(List.copyOf(ROWS), 3, 0.1, 7));
        assertThat(Splits.carve(ROWS, 3, 0.1, 7).carved())
                .isNotEqualTo(Splits.carve(ROWS, 3, 0.1, 8).carved());
        // Any change of these rows changes every published number; restated in Python from SplitMix64.
        assertThat(Splits.carve(rows(5, 5), 2, 0.4, 1).carved())
                .extracting(Example::id)
                .containsExactly("r0:0", "r0:4", "r1:0", "r1:1");
    }

    @Test
    void keepsEqualTextsTogether() {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rows.add(new Example("r:" + i, "text " + i / 3, null, i % 2));
        }
        for (int seed = 0; seed < 20; seed++) {
            Splits.Parts parts = Splits.carve(rows, 2, 0.3, seed);
            assertThat(parts.carved()).isNotEmpty();
            assertThat(texts(parts.kept())).doesNotContainAnyElementsOf(texts(parts.carved()));
        }
    }

    @Test
    void neverTakesAllOfAClass() {
        Splits.Parts parts = Splits.carve(rows(1, 2), 2, 0.9, 0);
        assertThat(count(parts.carved(), 0)).isZero();
        assertThat(count(parts.carved(), 1)).isEqualTo(1);
    }

    @Test
    void completesOnlyWhatIsMissing() throws DataFormatException {
        List<Example> other = List.of(new Example("o:1", "other", null, 0));
        Dataset whole = dataset(ROWS, other, other);
        assertThat(Splits.complete(whole, 0)).isEqualTo(whole);
        Dataset noDev = Splits.complete(dataset(ROWS, List.of(), other), 0);
        assertThat(noDev.test()).isEqualTo(other);
        assertThat(noDev.dev()).hasSize(15);
        Dataset noTest = Splits.complete(dataset(ROWS, other, List.of()), 0);
        assertThat(noTest.test()).isEqualTo(other);
        assertThat(noTest.dev()).hasSize(15);
        Dataset neither = Splits.complete(dataset(ROWS, List.of(), List.of()), 0);
        assertThat(neither.test()).hasSize(29);
        assertThat(neither.train().size()
                        + neither.dev().size()
                        + neither.test().size())
                .isEqualTo(143);
    }

    @Test
    void refusesImpossibleArguments() {
        assertThatThrownBy(() -> Splits.carve(ROWS, 3, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("fraction 1.0 must be in (0, 1)");
        assertThatThrownBy(() -> Splits.carve(ROWS, 2, 0.1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("label 2 of r2:0 must be below 2");
    }

    @Test
    void fewShotSamplesHaveKOfEveryClass() {
        List<Example> sample = FewShotSampler.sample(ROWS, 3, 8, 1);
        assertThat(count(sample, 0)).isEqualTo(8);
        assertThat(count(sample, 1)).isEqualTo(8);
        assertThat(count(sample, 2)).isEqualTo(3);
        assertThat(new HashSet<>(sample)).hasSize(19).isSubsetOf(ROWS);
        assertThat(sample.subList(0, 6)).extracting(Example::label).containsExactly(0, 1, 2, 0, 1, 2);
        assertThat(FewShotSampler.sample(ROWS, 3, 8, 1)).isEqualTo(sample);
        assertThat(FewShotSampler.sample(ROWS, 3, 8, 2)).isNotEqualTo(sample);
        assertThat(FewShotSampler.sample(ROWS, 3, 20, 1)).containsAll(sample);
    }

    @Test
    void fewShotSamplesLeaveOutUnknownLabels() {
        List<Example> rows = new ArrayList<>(rows(2, 2));
        rows.add(new Example("u:0", "unknown", null, Example.UNKNOWN));
        assertThat(FewShotSampler.sample(rows, 2, 5, 0)).hasSize(4);
        assertThatThrownBy(() -> FewShotSampler.sample(rows, 2, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("perClass 0 must be 1 or more");
    }

    @Test
    void shufflesEvenly() {
        int[][] counts = new int[5][5];
        for (int seed = 0; seed < 5000; seed++) {
            int[] order = SeededShuffle.order(5, seed, 0);
            assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
            for (int i = 0; i < 5; i++) {
                counts[i][order[i]]++;
            }
        }
        // Each count is binomial(5000, 1/5): mean 1000, standard deviation 28; 5 deviations either way.
        for (int[] row : counts) {
            assertThat(IntStream.of(row).boxed())
                    .allSatisfy(count -> assertThat(count).isBetween(860, 1140));
        }
    }

    private static Dataset dataset(List<Example> train, List<Example> dev, List<Example> test) {
        return new Dataset("d", List.of("a", "b", "c"), train, dev, test, Metric.ACCURACY, "source");
    }

    private static List<Example> rows(int... perClass) {
        List<Example> rows = new ArrayList<>();
        for (int label = 0; label < perClass.length; label++) {
            for (int i = 0; i < perClass[label]; i++) {
                rows.add(new Example("r" + label + ":" + i, "text " + label + " " + i, null, label));
            }
        }
        return List.copyOf(rows);
    }

    private static int byId(Example first, Example second) {
        return Integer.compare(ROWS.indexOf(first), ROWS.indexOf(second));
    }

    private static long count(List<Example> rows, int label) {
        return rows.stream().filter(row -> row.label() == label).count();
    }

    private static List<String> texts(List<Example> rows) {
        return rows.stream().map(Example::text).toList();
    }
}
