package org.infoprompt.ops.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.infoprompt.ops.contract.TestData.rows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.LossKernels;
import org.infoprompt.ops.reference.PlainLossKernels;
import org.infoprompt.tensor.DType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Supervised losses. */
abstract class LossContract {
    private static final int ROWS = 5;

    private final TestData data = new TestData();
    Backend backend;

    abstract String name();

    @BeforeEach
    void choose() {
        backend = Contract.backend(name());
    }

    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    private record Case(int classes, double[] logits, int[] labels) {
        void run(Kernels k, Buffers b, int from, int to) {
            int n = (to - from) * classes;
            double[] own = rows(logits, classes, from, to);
            int[] ownLabels = rows(labels, from, to);
            MemorySegment losses = b.out(to - from);
            MemorySegment lossesOnly = b.out(to - from);
            MemorySegment d = b.out(n);
            MemorySegment p = b.out(n);
            MemorySegment inPlace = b.inOut(own);
            k.loss().crossEntropy(to - from, classes, b.in(own), ownLabels, 0.3, losses, d);
            k.loss().crossEntropy(to - from, classes, b.in(own), ownLabels, 0.3, lossesOnly, null);
            k.loss().softmax(to - from, classes, b.in(own), p);
            k.loss().softmax(to - from, classes, inPlace, inPlace);
            b.result("losses", losses, 1);
            b.result("losses without gradient", lossesOnly, 1);
            b.result("dLogits", d);
            b.result("softmax", p);
            b.result("softmax in place", inPlace);
        }
    }

    private Case random(int rows, int classes, double factor) {
        return new Case(classes, data.normals(rows * classes, factor), data.indices(rows, classes));
    }

    @Test
    void agreesAtAllSizes() {
        for (int classes : Contract.SIZES) {
            for (double factor : new double[] {1, 10}) {
                Case c = random(ROWS, classes, factor);
                Contract.agrees(backend, (k, b) -> c.run(k, b, 0, ROWS));
                Contract.agrees(backend, (k, b) -> c.run(k, b, 0, 0));
                Contract.independentOfGrouping(backend, ROWS, c::run);
            }
        }
    }

    @Test
    void takesExtremeRows() {
        for (int classes : new int[] {2, 12, 17, 207}) {
            Case c = random(ROWS, classes, 1e4);
            Arrays.fill(c.logits, 0, classes, -1e4);
            c.logits[classes] = Double.NEGATIVE_INFINITY;
            c.labels[1] = 1;
            c.logits[3 * classes] = Double.NaN;
            Arrays.fill(c.logits, 4 * classes, 5 * classes, 0);
            Contract.agrees(backend, (k, b) -> c.run(k, b, 0, ROWS));
        }
    }

    @Test
    void rejectsWrongArguments() {
        int many = 1000;
        Contract.rejects(
                backend,
                IndexOutOfBoundsException.class,
                (k, b) -> k.loss()
                        .crossEntropy(
                                many,
                                2,
                                b.in(new double[2 * many]),
                                new int[many - 1],
                                1,
                                b.out(many),
                                b.out(2 * many)));
        int[] labels = new int[many];
        labels[many - 1] = 2;
        Contract.rejects(
                backend,
                IndexOutOfBoundsException.class,
                (k, b) -> k.loss()
                        .crossEntropy(many, 2, b.in(new double[2 * many]), labels, 1, b.out(many), b.out(2 * many)));
        Contract.rejects(
                backend,
                IndexOutOfBoundsException.class,
                (k, b) -> k.loss()
                        .crossEntropy(many, 2, b.in(new double[2 * many]), new int[many], 1, b.out(many), b.out(many)));
        Contract.rejects(
                backend,
                IndexOutOfBoundsException.class,
                (k, b) -> k.loss().softmax(many, 2, b.in(new double[2 * many]), b.out(many)));
        Contract.rejects(
                backend, IllegalArgumentException.class, (k, b) -> k.loss().softmax(1, 0, b.in(1), b.out(1)));
    }

    @Test
    void allocatesNothing() {
        Case c = random(ROWS, 207, 1);
        Buffers b = new Buffers(backend.dtype());
        LossKernels k = backend.newKernels().loss();
        MemorySegment x = b.in(c.logits);
        MemorySegment losses = b.out(ROWS);
        MemorySegment d = b.out(c.logits.length);
        Contract.allocatesNothing(() -> {
            k.crossEntropy(ROWS, 207, x, c.labels, 1, losses, d);
            k.softmax(ROWS, 207, x, d);
        });
    }

    /** The oracle's gradient, and proof that the checks see a missing one-hot. */
    abstract static class Oracle extends LossContract {
        @Override
        String name() {
            return "reference";
        }

        @Test
        void gradientIsRight() {
            gradient(new PlainLossKernels(DType.F64));
        }

        @Test
        void theChecksBite() {
            LossKernels broken = new WithoutOneHot();
            assertThatThrownBy(() -> gradient(broken)).isInstanceOf(AssertionError.class);
            Case c = super.random(ROWS, 17, 1);
            assertThatThrownBy(() ->
                            Contract.agrees(Broken.loss(backend, broken), DType.F64, (k, b) -> c.run(k, b, 0, ROWS)))
                    .isInstanceOf(AssertionError.class);
        }

        private void gradient(LossKernels kernels) {
            Case c = super.random(3, 7, 2);
            Buffers b = new Buffers(DType.F64);
            MemorySegment losses = b.out(3);
            MemorySegment d = b.out(21);
            kernels.crossEntropy(3, 7, b.in(c.logits), c.labels, 0.3, losses, d);
            Contract.gradient(
                    "dLogits",
                    c.logits,
                    x -> {
                        kernels.crossEntropy(3, 7, b.in(x), c.labels, 0.3, losses, null);
                        return 0.3 * Arrays.stream(b.read(losses)).sum();
                    },
                    b.read(d));
        }
    }

    /** Broken on purpose: the gradient of the log-sum-exp alone. */
    private static final class WithoutOneHot implements LossKernels {
        private final LossKernels right = new PlainLossKernels(DType.F64);

        @Override
        public void crossEntropy(
                int rows,
                int classes,
                MemorySegment logits,
                int[] labels,
                double gradientScale,
                MemorySegment losses,
                MemorySegment dLogits) {
            right.crossEntropy(rows, classes, logits, labels, gradientScale, losses, dLogits);
            for (int r = 0; r < rows && dLogits != null; r++) {
                long i = (long) r * classes + labels[r];
                double d = dLogits.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i);
                dLogits.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i, d + gradientScale);
            }
        }

        @Override
        public void softmax(int rows, int width, MemorySegment x, MemorySegment y) {
            right.softmax(rows, width, x, y);
        }
    }
}
