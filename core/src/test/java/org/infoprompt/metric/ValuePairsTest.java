package org.infoprompt.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Golden numbers by scipy 1.17.1: {@code pearsonr(g, p)} and {@code spearmanr(g, p)}. */
class ValuePairsTest {
    private static final Offset<Double> EXACT = within(1e-12);

    private static ConfusionMatrix pairs(double[] gold, double[] predicted) {
        ConfusionMatrix matrix = new ConfusionMatrix(List.of("score"));
        for (int i = 0; i < gold.length; i++) {
            matrix.addValue(gold[i], predicted[i]);
        }
        return matrix;
    }

    @Test
    void agreesWithScipy() {
        ConfusionMatrix matrix = pairs(
                new double[] {5, 3.2, 0, 1.5, 3.2, 4, 2.25, 0.5}, new double[] {4.1, 3.9, 0.3, 2, 2, 4.4, -1, 0.3});
        assertThat(Metric.PEARSON.compute(matrix)).isCloseTo(PEARSON, EXACT);
        assertThat(Metric.SPEARMAN.compute(matrix)).isCloseTo(SPEARMAN, EXACT);
        assertThat(Metric.PEARSON_SPEARMAN.compute(matrix)).isCloseTo((PEARSON + SPEARMAN) / 2, EXACT);
        assertThat(matrix.values().meanSquaredError()).isCloseTo(MSE, EXACT);
        assertThat(matrix.total()).isEqualTo(8);
        assertThat(matrix.toString())
                .isEqualTo("total 8, Pearson 0.7627, Spearman 0.7940, mean squared error 1.7303\n");
    }

    private static final double PEARSON = 0.7627342150699352;
    private static final double SPEARMAN = 0.7939539754135209;
    private static final double MSE = 1.7303125000000001;

    @Test
    void nothingToCorrelateIsZero() {
        assertThat(Metric.PEARSON.compute(pairs(new double[0], new double[0]))).isZero();
        assertThat(Metric.PEARSON.compute(pairs(new double[] {1, 2, 3}, new double[] {2, 2, 2})))
                .isZero();
        assertThat(Metric.SPEARMAN.compute(pairs(new double[] {1, 1}, new double[] {2, 3})))
                .isZero();
        assertThat(Metric.SPEARMAN.supports(1)).isTrue();
        assertThat(Metric.SPEARMAN.supports(2)).isFalse();
        assertThat(Metric.ACCURACY.isRegression()).isFalse();
        assertThat(Metric.ACCURACY.supports(1)).as("one class").isFalse();
        assertThat(Metric.SPAN_F1.supports(1)).as("one tag").isFalse();
    }

    @Test
    void unitsAndZerosOfEitherSignDoNotMatter() {
        double[] gold = {1, 2, 4};
        double[] predicted = {1, 3, 2};
        double expected = Metric.PEARSON.compute(pairs(gold, predicted));
        for (double unit : new double[] {1e-160, 1e150}) {
            double[] g = {unit, 2 * unit, 4 * unit};
            double[] p = {unit, 3 * unit, 2 * unit};
            assertThat(Metric.PEARSON.compute(pairs(g, p))).isCloseTo(expected, EXACT);
        }
        assertThat(Metric.SPEARMAN.compute(pairs(new double[] {0.0, -0.0, 1}, new double[] {2, 2, 3})))
                .isCloseTo(1, EXACT);
    }

    @Test
    void matricesAddUpAndForget() {
        ConfusionMatrix sum = pairs(new double[] {1, 2}, new double[] {1, 3});
        sum.addAll(pairs(new double[] {3}, new double[] {2}));
        assertThat(sum.values().size()).isEqualTo(3);
        assertThat(Metric.SPEARMAN.compute(sum)).isCloseTo(.5, EXACT);
        sum.clear();
        assertThat(sum.values().size()).isZero();
    }
}
