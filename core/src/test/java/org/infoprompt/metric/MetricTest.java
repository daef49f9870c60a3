package org.infoprompt.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetricTest {
    private static final List<String> RELATIONS = List.of(
            "Cause-Effect(e1,e2)",
            "Cause-Effect(e2,e1)",
            "Component-Whole(e1,e2)",
            "Component-Whole(e2,e1)",
            "Content-Container(e1,e2)",
            "Content-Container(e2,e1)",
            "Entity-Destination(e1,e2)",
            "Entity-Destination(e2,e1)",
            "Entity-Origin(e1,e2)",
            "Entity-Origin(e2,e1)",
            "Instrument-Agency(e1,e2)",
            "Instrument-Agency(e2,e1)",
            "Member-Collection(e1,e2)",
            "Member-Collection(e2,e1)",
            "Message-Topic(e1,e2)",
            "Message-Topic(e2,e1)",
            "Product-Producer(e1,e2)",
            "Product-Producer(e2,e1)",
            "Other");

    /** Confusion matrix of a system on the 2717 test sentences, as printed by the official scorer 1.2. */
    private static final int[][] SYSTEM = {
        {101, 14, 0, 1, 0, 0, 1, 0, 0, 0, 1, 2, 0, 1, 2, 0, 0, 0, 11},
        {7, 162, 0, 0, 0, 0, 0, 0, 11, 0, 0, 0, 0, 2, 0, 0, 0, 3, 9},
        {0, 1, 102, 17, 4, 4, 3, 1, 2, 1, 0, 2, 3, 6, 3, 0, 0, 2, 11},
        {0, 1, 24, 85, 0, 1, 2, 0, 0, 1, 0, 5, 0, 2, 2, 2, 0, 2, 23},
        {0, 0, 1, 1, 130, 7, 6, 1, 3, 0, 0, 0, 0, 1, 0, 0, 0, 1, 2},
        {0, 0, 0, 4, 1, 26, 1, 0, 2, 1, 0, 0, 0, 1, 0, 0, 0, 0, 3},
        {0, 0, 1, 0, 13, 3, 255, 3, 1, 1, 0, 1, 0, 0, 2, 0, 0, 3, 8},
        {0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
        {2, 1, 0, 0, 0, 0, 7, 0, 163, 6, 0, 1, 0, 4, 2, 0, 6, 0, 19},
        {1, 0, 1, 0, 1, 1, 0, 0, 7, 27, 0, 1, 0, 0, 0, 0, 0, 1, 7},
        {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 4, 3, 1, 0, 1, 0, 0, 1, 10},
        {1, 1, 3, 8, 0, 0, 1, 0, 2, 1, 4, 76, 0, 1, 3, 2, 0, 6, 25},
        {0, 0, 2, 0, 0, 0, 1, 0, 2, 0, 0, 1, 15, 3, 0, 1, 1, 0, 6},
        {0, 0, 6, 3, 1, 0, 0, 0, 1, 0, 1, 0, 9, 161, 2, 1, 0, 5, 11},
        {0, 0, 1, 6, 0, 1, 3, 0, 0, 0, 0, 2, 0, 2, 148, 17, 2, 7, 21},
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 8, 31, 2, 3, 6},
        {1, 6, 1, 2, 0, 0, 1, 1, 5, 0, 0, 0, 0, 3, 1, 2, 61, 13, 11},
        {0, 0, 1, 4, 0, 0, 3, 0, 2, 2, 0, 8, 0, 2, 2, 3, 8, 71, 17},
        {3, 12, 15, 34, 22, 3, 28, 2, 36, 7, 2, 18, 4, 37, 31, 7, 10, 20, 163},
    };

    @Test
    void agreesWithTheOfficialRelationScorer() {
        ConfusionMatrix matrix = ConfusionMatrixTest.matrix(RELATIONS, SYSTEM);
        assertThat(matrix.total()).isEqualTo(2717);
        // The scorer printed 69.10 % for the official score and 65.59 % accuracy, rounded to two digits.
        assertThat(100 * Metric.SEMEVAL_MACRO_F1.compute(matrix)).isCloseTo(69.10, within(0.005));
        assertThat(100 * Metric.ACCURACY.compute(matrix)).isCloseTo(65.59, within(0.005));
    }

    @Test
    void aWrongDirectionCostsPrecisionAndRecall() {
        List<String> labels = List.of("R-S(e1,e2)", "R-S(e2,e1)", "Other");
        ConfusionMatrix right = ConfusionMatrixTest.matrix(labels, new int[][] {{8, 0, 0}, {0, 2, 0}, {0, 0, 5}});
        ConfusionMatrix turned = ConfusionMatrixTest.matrix(labels, new int[][] {{6, 2, 0}, {0, 2, 0}, {0, 0, 5}});
        assertThat(Metric.SEMEVAL_MACRO_F1.compute(right)).isEqualTo(1);
        assertThat(Metric.SEMEVAL_MACRO_F1.compute(turned)).isEqualTo(0.8);
    }

    @Test
    void theRelationScoreLeavesOutRelationsWithoutGold() {
        List<String> labels = List.of("R-S(e1,e2)", "T-U(e1,e2)", "Other");
        ConfusionMatrix matrix = ConfusionMatrixTest.matrix(labels, new int[][] {{4, 1, 0}, {0, 0, 0}, {0, 1, 3}});
        assertThat(Metric.SEMEVAL_MACRO_F1.compute(matrix)).isCloseTo(8.0 / 9, within(1e-15));
    }

    @Test
    void f1IsThatOfTheSecondLabel() {
        ConfusionMatrix matrix = ConfusionMatrixTest.matrix(new int[][] {{50, 10}, {5, 35}});
        assertThat(Metric.F1.compute(matrix)).isEqualTo(matrix.f1(1)).isNotEqualTo(matrix.f1(0));
        assertThat(Metric.F1.supports(3)).isFalse();
        assertThatThrownBy(() -> Metric.F1.compute(new ConfusionMatrix(List.of("a", "b", "c"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("F1 needs 2 labels, not 3");
    }

    @Test
    void namesAreForReaders() {
        assertThat(Metric.values())
                .extracting(Metric::displayName)
                .doesNotHaveDuplicates()
                .doesNotContain("");
        assertThat(Metric.MATTHEWS.displayName()).isEqualTo("Matthews");
    }
}
