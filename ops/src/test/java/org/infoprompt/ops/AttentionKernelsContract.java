package org.infoprompt.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every float32 implementation of {@link AttentionKernels} must do. */
@SuppressWarnings("exports")
public abstract class AttentionKernelsContract {
    private static final long SEED = Long.getLong("infoprompt.seed", 20261122L);

    private final Random random = new Random(SEED);

    protected AttentionKernelsContract() {}

    protected abstract AttentionKernels kernels();

    /** One set of inputs and everything that is computed from it. */
    private final class Case {
        final PlainAttention.Layout layout;
        final double[] q;
        final double[] kv;
        final double[] dOut;

        Case(PlainAttention.Layout layout, double scale) {
            this.layout = layout;
            q = Guarded.random(random, layout.numQueries() * layout.qStride(), scale);
            kv = Guarded.random(random, layout.numKeys() * layout.kvStride(), scale);
            dOut = Guarded.random(random, layout.numQueries() * layout.width(), 1);
            for (int i = 0; i < dOut.length; i++) {
                dOut[i] = (float) (dOut[i] * (1 + i % 5));
            }
        }

        Guarded forward(Guarded logSumExp) {
            Guarded out = Guarded.unwritten(layout.numQueries() * layout.width());
            call(out, logSumExp.segment());
            out.assertIntact();
            logSumExp.assertIntact();
            return out;
        }

        void call(Guarded out, MemorySegment logSumExp) {
            kernels()
                    .forward(
                            layout.numHeads(),
                            layout.headSize(),
                            layout.numSequences(),
                            layout.queryStarts(),
                            layout.keyStarts(),
                            Guarded.of(q).segment(),
                            layout.qStride(),
                            Guarded.of(kv).segment(),
                            layout.kvStride(),
                            layout.kColumn(),
                            layout.vColumn(),
                            out.segment(),
                            logSumExp);
        }

        void backward(double[] lse, Guarded dq, Guarded dkv) {
            kernels()
                    .backward(
                            layout.numHeads(),
                            layout.headSize(),
                            layout.numSequences(),
                            layout.queryStarts(),
                            layout.keyStarts(),
                            Guarded.of(q).segment(),
                            layout.qStride(),
                            Guarded.of(kv).segment(),
                            layout.kvStride(),
                            layout.kColumn(),
                            layout.vColumn(),
                            Guarded.of(lse).segment(),
                            Guarded.of(dOut).segment(),
                            dq.segment(),
                            dkv.segment());
            dq.assertIntact();
            dkv.assertIntact();
        }

        void check(double magnitude) {
            Guarded lse = Guarded.unwritten(layout.numQueries() * layout.numHeads());
            Guarded out = forward(lse);
            double[][] exact = plain(false);
            double[][] single = plain(true);
            Guarded.assertClose("out", out.values(), single[0], exact[0], magnitude);
            Guarded.assertClose("logSumExp", lse.values(), single[1], exact[1], magnitude * 10);
            Guarded without = Guarded.unwritten(layout.numQueries() * layout.width());
            kernels()
                    .forward(
                            layout.numHeads(),
                            layout.headSize(),
                            layout.numSequences(),
                            layout.queryStarts(),
                            layout.keyStarts(),
                            Guarded.of(q).segment(),
                            layout.qStride(),
                            Guarded.of(kv).segment(),
                            layout.kvStride(),
                            layout.kColumn(),
                            layout.vColumn(),
                            without.segment(),
                            null);
            assertThat(without.values()).isEqualTo(out.values());

            Guarded dq = Guarded.unwritten(q.length);
            Guarded dkv = Guarded.unwritten(kv.length);
            backward(lse.values(), dq, dkv);
            double size = Math.max(1, Guarded.scale(exact[2])) + Math.max(1, Guarded.scale(exact[3]));
            Guarded.assertClose("dq", dq.values(), single[2], exact[2], 10 * size);
            Guarded.assertClose("dkv", dkv.values(), single[3], exact[3], 10 * size);
        }

        double[][] plain(boolean single) {
            PlainAttention attention = new PlainAttention(layout, single);
            double[] out = new double[layout.numQueries() * layout.width()];
            double[] lse = new double[layout.numQueries() * layout.numHeads()];
            attention.forward(q, kv, out, lse);
            double[] dq = Guarded.unwritten(q.length).values();
            double[] dkv = Guarded.unwritten(kv.length).values();
            attention.backward(q, kv, lse, dOut, dq, dkv);
            return new double[][] {out, lse, dq, dkv};
        }
    }

    private static PlainAttention.Layout fused(int numHeads, int headSize, int... lengths) {
        int[] starts = new int[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            starts[i + 1] = starts[i] + lengths[i];
        }
        int width = numHeads * headSize;
        return new PlainAttention.Layout(numHeads, headSize, starts, starts, 3 * width, 3 * width, width, 2 * width);
    }

    @ParameterizedTest
    @CsvSource({
        "1,1,1",
        "1,1,33",
        "3,8,7",
        "12,32,2",
        "12,32,33",
        "3,32,127",
        "1,64,300",
        "3,64,17",
        "1,33,127",
        "3,33,3",
        "1,8,300",
        "12,64,7",
        "1,32,800",
        "1,400,5"
    })
    public void oneSequenceIsAccurate(int numHeads, int headSize, int length) {
        new Case(fused(numHeads, headSize, length), 1).check(4);
    }

    @Test
    public void manySequencesSeeOnlyThemselves() {
        new Case(fused(3, 32, 1, 17, 2, 127, 3, 33, 7), 1).check(4);
        new Case(fused(2, 33, 5, 50, 1), 1).check(4);
    }

    @Test
    public void fewQueriesReadManyKeysFromRowsOfTheirOwn() {
        int[] queries = {0, 1, 1, 4, 54};
        int[] keys = {0, 33, 40, 47, 174};
        new Case(new PlainAttention.Layout(3, 32, queries, keys, 100, 210, 3, 107), 1).check(4);
        new Case(new PlainAttention.Layout(2, 8, queries, keys, 16, 40, 20, 0), 1).check(4);
    }

    @Test
    public void backwardAgreesWithCentralDifferences() {
        Case c = new Case(fused(2, 5, 4, 7), 0.7);
        double[][] exact = c.plain(false);
        Guarded dq = Guarded.unwritten(c.q.length);
        Guarded dkv = Guarded.unwritten(c.kv.length);
        c.backward(exact[1], dq, dkv);
        int width = c.layout.width();
        for (int i = 0; i < c.q.length; i++) {
            if (i % c.layout.qStride() < width) {
                assertThat(dq.values()[i]).as("dq[%d]", i).isCloseTo(difference(c, c.q, i), within());
            }
            if (i % c.layout.kvStride() >= width) {
                assertThat(dkv.values()[i]).as("dkv[%d]", i).isCloseTo(difference(c, c.kv, i), within());
            }
        }
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(2e-5);
    }

    private static double difference(Case c, double[] input, int i) {
        double kept = input[i];
        double step = 1e-5;
        input[i] = kept + step;
        double above = weighted(c);
        input[i] = kept - step;
        double below = weighted(c);
        input[i] = kept;
        return (above - below) / (2 * step);
    }

    private static double weighted(Case c) {
        double[] out = c.plain(false)[0];
        double sum = 0;
        for (int i = 0; i < out.length; i++) {
            sum += out[i] * c.dOut[i];
        }
        return sum;
    }

    @Test
    public void queriesDoNotDependOnTheOnesBesideThem() {
        int length = 130;
        Case whole = new Case(fused(2, 32, length), 1);
        Guarded lse = Guarded.unwritten(length * 2);
        double[] expected = whole.forward(lse).values();
        for (int r : new int[] {0, 1, 11, 12, 47, 48, 100, 129}) {
            PlainAttention.Layout one =
                    new PlainAttention.Layout(2, 32, new int[] {0, 1}, new int[] {0, length}, 192, 192, 64, 128);
            Guarded out = Guarded.unwritten(64);
            kernels()
                    .forward(
                            2,
                            32,
                            1,
                            one.queryStarts(),
                            one.keyStarts(),
                            Guarded.of(Arrays.copyOfRange(whole.q, r * 192, (r + 1) * 192))
                                    .segment(),
                            192,
                            Guarded.of(whole.kv).segment(),
                            192,
                            64,
                            128,
                            out.segment(),
                            null);
            assertThat(out.values()).as("query %d", r).isEqualTo(Arrays.copyOfRange(expected, r * 64, (r + 1) * 64));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e4, -1e4, Double.NaN, Double.POSITIVE_INFINITY})
    public void extremeValuesStayInTheirSequence(double value) {
        Case clean = new Case(fused(2, 32, 5, 40, 9), 1);
        Guarded lse = Guarded.unwritten(54 * 2);
        double[] expected = clean.forward(lse).values();
        Arrays.fill(clean.kv, 6 * 192, 7 * 192, value);
        Arrays.fill(clean.q, 6 * 192, 7 * 192, value);
        double[] actual = clean.forward(lse).values();
        for (int i = 0; i < actual.length; i++) {
            int row = i / 64;
            if (row < 5 || row >= 45) {
                assertThat(actual[i]).isEqualTo(expected[i]);
            } else if (Double.isFinite(value)) {
                assertThat(actual[i]).isFinite();
            } else if (Double.isNaN(value)) {
                assertThat(actual[i]).isNaN();
            }
        }
    }

    @Test
    public void largeScoresDoNotOverflow() {
        new Case(fused(1, 32, 40), 30).check(4000);
    }

    @Test
    public void aSequenceWithoutQueriesGivesItsKeysZeroGradients() {
        int[] queries = {0, 0, 2};
        int[] keys = {0, 3, 5};
        Case c = new Case(new PlainAttention.Layout(1, 8, queries, keys, 8, 16, 0, 8), 1);
        Guarded dq = Guarded.unwritten(c.q.length);
        Guarded dkv = Guarded.unwritten(c.kv.length);
        c.backward(Guarded.of(c.plain(false)[1]).values(), dq, dkv);
        assertThat(Arrays.copyOf(dkv.values(), 48)).containsOnly(0);
        kernels()
                .forward(
                        1,
                        8,
                        0,
                        new int[1],
                        new int[1],
                        MemorySegment.NULL,
                        8,
                        MemorySegment.NULL,
                        16,
                        0,
                        8,
                        MemorySegment.NULL,
                        null);
    }

    @Test
    public void wrongArgumentsAreRefusedBeforeAnythingIsWritten() {
        int[] starts = {0, 3};
        MemorySegment rows = Guarded.of(new double[3 * 24]).segment();
        MemorySegment lse = Guarded.of(new double[3]).segment();
        Guarded out = Guarded.unwritten(3 * 8);
        MemorySegment small = out.segment().asSlice(4);
        assertThatThrownBy(() -> kernels().forward(1, 8, 1, starts, starts, rows, 24, rows, 24, 8, 16, small, null))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() ->
                        kernels().forward(1, 8, 1, starts, starts, small, 24, rows, 24, 8, 16, out.segment(), null))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() ->
                        kernels().forward(1, 8, 1, starts, starts, rows, 24, rows, 24, 8, 17, out.segment(), null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        kernels().forward(1, 8, 2, starts, starts, rows, 24, rows, 24, 8, 16, out.segment(), null))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() ->
                        kernels().forward(1, 8, 1, starts, new int[2], rows, 24, rows, 24, 8, 16, out.segment(), null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> kernels()
                        .backward(
                                1,
                                8,
                                1,
                                starts,
                                starts,
                                rows,
                                24,
                                rows,
                                24,
                                8,
                                16,
                                lse,
                                rows,
                                out.segment(),
                                out.segment()))
                .isInstanceOf(IndexOutOfBoundsException.class);
        out.assertUntouched();
    }

    @Test
    public void nothingIsAllocatedInTheSteadyState() {
        Case c = new Case(fused(2, 32, 20, 3, 50), 1);
        MemorySegment q = Guarded.of(c.q).segment();
        MemorySegment lse = Guarded.unwritten(73 * 2).segment();
        MemorySegment out = Guarded.unwritten(73 * 64).segment();
        MemorySegment dq = Guarded.unwritten(c.q.length).segment();
        int[] starts = c.layout.queryStarts();
        AttentionKernels kernels = kernels();
        Allocations.assertNone(call -> {
            kernels.forward(2, 32, 3, starts, starts, q, 192, q, 192, 64, 128, out, lse);
            kernels.backward(2, 32, 3, starts, starts, q, 192, q, 192, 64, 128, lse, out, dq, dq);
        });
    }
}
