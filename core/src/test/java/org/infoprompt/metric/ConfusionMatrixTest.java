package org.infoprompt.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * Golden numbers by scikit-learn 1.9.1: with g, p the lists of gold and predicted indices a matrix stands for,
 * {@code accuracy_score(g, p)}, {@code f1_score(g, p, average="macro", zero_division=0)}, {@code matthews_corrcoef(g, p)}
 * and {@code f1_score(g, p, average=None, zero_division=0, labels=range(C))}.
 */
class ConfusionMatrixTest {
    private static final Offset<Double> EXACT = within(1e-15);

    @Test
    void twoClasses() {
        ConfusionMatrix matrix = matrix(new int[][] {{50, 10}, {5, 35}});
        assertThat(matrix.accuracy()).isCloseTo(0.85, EXACT);
        assertThat(matrix.f1(0)).isCloseTo(0.8695652173913043, EXACT);
        assertThat(matrix.f1(1)).isCloseTo(0.8235294117647058, EXACT);
        assertThat(matrix.macroF1()).isCloseTo(0.8465473145780051, EXACT);
        assertThat(matrix.matthews()).isCloseTo(0.6975184488828855, EXACT);
        assertThat(matrix.precision(1)).isCloseTo(35.0 / 45, EXACT);
        assertThat(matrix.recall(1)).isCloseTo(35.0 / 40, EXACT);
        assertThat(matrix.total()).isEqualTo(100);
    }

    @Test
    void fourClasses() {
        ConfusionMatrix matrix = matrix(new int[][] {{12, 3, 0, 1}, {2, 20, 4, 0}, {0, 5, 7, 3}, {1, 0, 2, 30}});
        assertThat(matrix.accuracy()).isCloseTo(0.7666666666666667, EXACT);
        assertThat(matrix.macroF1()).isCloseTo(0.7276141692968847, EXACT);
        assertThat(matrix.matthews()).isCloseTo(0.6755787537544469, EXACT);
        assertThat(IntStream.range(0, 4).mapToDouble(matrix::f1).toArray())
                .containsExactly(new double[] {0.7741935483870968, 0.7407407407407407, 0.5, 0.8955223880597015}, EXACT);
    }

    @Test
    void macroF1LeavesOutAClassThatNeverOccurs() {
        ConfusionMatrix matrix = matrix(new int[][] {{6, 2, 0}, {1, 7, 0}, {0, 0, 0}});
        assertThat(matrix.macroF1()).isCloseTo(0.8117647058823529, EXACT);
        assertThat(matrix.matthews()).isCloseTo(0.629940788348712, EXACT);
        assertThat(matrix.f1(2)).isZero();
    }

    @Test
    void macroF1CountsAClassThatIsNeverPredicted() {
        ConfusionMatrix matrix = matrix(new int[][] {{6, 2, 0}, {1, 7, 0}, {3, 1, 0}});
        assertThat(matrix.macroF1()).isCloseTo(0.48148148148148145, EXACT);
        assertThat(matrix.matthews()).isCloseTo(0.44194173824159216, EXACT);
    }

    @Test
    void matthewsIsZeroWhereUndefined() {
        assertThat(matrix(new int[][] {{6, 0}, {4, 0}}).matthews()).isZero();
        assertThat(matrix(new int[][] {{6, 4}, {0, 0}}).matthews()).isZero();
        assertThat(matrix(new int[][] {{0, 0}, {0, 0}}).matthews()).isZero();
    }

    @Test
    void matthewsReachesBothEnds() {
        assertThat(matrix(new int[][] {{7, 0}, {0, 5}}).matthews()).isEqualTo(1);
        assertThat(matrix(new int[][] {{0, 7}, {5, 0}}).matthews()).isEqualTo(-1);
    }

    @Test
    void anEmptyMatrixScoresZero() {
        ConfusionMatrix matrix = new ConfusionMatrix(List.of("a", "b"));
        for (Metric metric : Metric.values()) {
            assertThat(metric.compute(matrix)).as(metric.displayName()).isZero();
        }
    }

    @Test
    void addsOneByOneAndMatrixByMatrix() {
        ConfusionMatrix matrix = new ConfusionMatrix(List.of("a", "b"));
        matrix.add(0, 1);
        matrix.add(0, 1);
        matrix.add(1, 1);
        ConfusionMatrix sum = matrix(new int[][] {{1, 0}, {2, 3}});
        ConfusionMatrix renamed = new ConfusionMatrix(List.of("a", "b"));
        renamed.addAll(matrix);
        assertThat(renamed.count(0, 1)).isEqualTo(2);
        assertThat(renamed.numPredicted(1)).isEqualTo(3);
        assertThat(renamed.numGold(0)).isEqualTo(2);
        renamed.clear();
        assertThat(renamed.total()).isZero();
        assertThatThrownBy(() -> sum.addAll(matrix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("differ");
    }

    @Test
    void refusesIndicesOutsideTheLabels() {
        ConfusionMatrix matrix = new ConfusionMatrix(List.of("a", "b"));
        assertThatThrownBy(() -> matrix.add(-1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gold label -1 must be in [0, 1]");
        assertThatThrownBy(() -> matrix.add(0, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("predicted label 2 must be in [0, 1]");
        assertThatThrownBy(() -> new ConfusionMatrix(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ConfusionMatrix(List.of("a", "a"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void printsATable() {
        ConfusionMatrix matrix = new ConfusionMatrix(List.of("negative", "positive"));
        matrix.add(0, 0, 50);
        matrix.add(0, 1, 10);
        matrix.add(1, 0, 5);
        matrix.add(1, 1, 35);
        assertThat(matrix.toString()).isEqualTo("""
                             gold \\ predicted  [0]  [1]   recall precision     F1
                         [0] negative           50   10   0.8333    0.9091 0.8696
                         [1] positive            5   35   0.8750    0.7778 0.8235
                        total 100, accuracy 0.8500, macro-F1 0.8465, Matthews 0.6975
                        """);
    }

    static ConfusionMatrix matrix(int[][] counts) {
        return matrix(IntStream.range(0, counts.length).mapToObj(i -> "c" + i).toList(), counts);
    }

    static ConfusionMatrix matrix(List<String> labels, int[][] counts) {
        ConfusionMatrix matrix = new ConfusionMatrix(labels);
        for (int gold = 0; gold < counts.length; gold++) {
            for (int predicted = 0; predicted < counts.length; predicted++) {
                matrix.add(gold, predicted, counts[gold][predicted]);
            }
        }
        return matrix;
    }
}
