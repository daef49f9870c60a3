package org.infoprompt.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.ops.Guarded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Losses and gradients against plain loops in double, over ragged sizes and extreme scores. */
@DisabledIfSystemProperty(
        named = "infoprompt.test.expectedBackend",
        matches = "scalar",
        disabledReason = "does not depend on the backend; runs in the run with the vector module")
class CudaInfoNceTest {
    private static final CudaBackend BACKEND = (CudaBackend) new FakeGpu().backend();
    private final CudaInfoNce infoNce = BACKEND.infoNce();

    /** What the loops computed. */
    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    private record Expected(double[] losses, double[] dQueries, double[] dKeys) {}

    @ParameterizedTest
    @CsvSource({"1,1,1,1", "3,2,7,1", "8,33,32,1", "9,17,65,0.2", "17,40,384,0.1", "5,9,1024,1", "4,6,48,1000"})
    void agreesWithPlainLoops(int rows, int candidates, int width, double scale) {
        Random random = new Random(rows + candidates);
        double[] queries = Guarded.random(random, rows * width, 1);
        double[] keys = Guarded.random(random, candidates * width, 1);
        int[] positives = random.ints(rows, 0, candidates).toArray();
        Expected expected = expected(rows, candidates, width, queries, keys, positives, scale, 0.3);
        Guarded losses = Guarded.unwritten(rows);
        Guarded dQueries = Guarded.unwritten(rows * width);
        Guarded dKeys = Guarded.unwritten(candidates * width);
        infoNce.run(
                rows,
                candidates,
                width,
                Guarded.of(queries).segment(),
                Guarded.of(keys).segment(),
                positives,
                scale,
                0.3,
                losses.segment(),
                dQueries.segment(),
                dKeys.segment());
        near("losses", losses.values(), expected.losses);
        near("dQueries", dQueries.values(), expected.dQueries);
        near("dKeys", dKeys.values(), expected.dKeys);
        Guarded frozen = Guarded.unwritten(rows);
        Guarded dFrozen = Guarded.unwritten(rows * width);
        infoNce.run(
                rows,
                candidates,
                width,
                Guarded.of(queries).segment(),
                Guarded.of(keys).segment(),
                positives,
                scale,
                0.3,
                frozen.segment(),
                dFrozen.segment(),
                null);
        assertThat(frozen.values()).isEqualTo(losses.values());
        assertThat(dFrozen.values()).isEqualTo(dQueries.values());
    }

    @Test
    void wrongArgumentsAreRefused() {
        Guarded x = Guarded.of(new double[8]);
        assertThatThrownBy(() -> infoNce.run(
                        1, 2, 4, x.segment(), x.segment(), new int[] {2}, 1, 1, x.segment(), x.segment(), null))
                .hasMessage("positives[0] 2 must be in [0, 2)");
        assertThatThrownBy(() -> infoNce.run(
                        1, 3, 4, x.segment(), x.segment(), new int[] {2}, 1, 1, x.segment(), x.segment(), null))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static Expected expected(
            int rows,
            int candidates,
            int width,
            double[] queries,
            double[] keys,
            int[] positives,
            double scale,
            double gradientScale) {
        double[] losses = new double[rows];
        double[] dQueries = new double[rows * width];
        double[] dKeys = new double[candidates * width];
        double[] scores = new double[candidates];
        for (int r = 0; r < rows; r++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < candidates; k++) {
                scores[k] = 0;
                for (int i = 0; i < width; i++) {
                    scores[k] += scale * queries[r * width + i] * keys[k * width + i];
                }
                max = Math.max(max, scores[k]);
            }
            double sum = 0;
            for (double score : scores) {
                sum += Math.exp(score - max);
            }
            losses[r] = max + Math.log(sum) - scores[positives[r]];
            for (int k = 0; k < candidates; k++) {
                double p = Math.exp(scores[k] - max) / sum - (k == positives[r] ? 1 : 0);
                for (int i = 0; i < width; i++) {
                    dQueries[r * width + i] += gradientScale * scale * p * keys[k * width + i];
                    dKeys[k * width + i] += gradientScale * scale * p * queries[r * width + i];
                }
            }
        }
        return new Expected(losses, dQueries, dKeys);
    }

    private static void near(String what, double[] actual, double[] expected) {
        double scale = 1e-6;
        for (double e : expected) {
            scale = Math.max(scale, Math.abs(e));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("%s[%d]: %s, in double %s", what, i, actual[i], expected[i])
                    .isLessThanOrEqualTo(2e-4 * scale);
        }
    }
}
