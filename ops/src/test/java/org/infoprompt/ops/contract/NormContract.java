package org.infoprompt.ops.contract;

import static org.infoprompt.ops.contract.TestData.rows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.assertj.core.api.Assertions;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.NormKernels;
import org.infoprompt.ops.reference.PlainNormKernels;
import org.infoprompt.tensor.DType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Layer normalisation. */
abstract class NormContract {
    private static final int ROWS = 5;
    private static final double EPSILON = 1e-5;

    private final TestData data = new TestData();
    Backend backend;

    abstract String name();

    @BeforeEach
    void choose() {
        backend = Contract.backend(name());
    }

    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    private record Case(int width, double[] x, double[] gamma, double[] beta, double[] dy) {
        void both(Kernels k, Buffers b, int from, int to) {
            int n = (to - from) * width;
            MemorySegment g = b.in(gamma);
            MemorySegment y = b.out(n);
            MemorySegment unit = b.out(n);
            MemorySegment rstd = b.out(to - from);
            MemorySegment dx = b.out(n);
            k.norm()
                    .layerNormForward(
                            to - from, width, b.in(rows(x, width, from, to)), g, b.in(beta), EPSILON, y, unit, rstd);
            k.norm().layerNormBackward(to - from, width, b.in(rows(dy, width, from, to)), g, unit, rstd, dx);
            b.result("y", y);
            b.result("normalized", unit);
            b.result("rstd", rstd);
            b.result("dx", dx);
        }

        void inference(Kernels k, Buffers b) {
            MemorySegment xy = b.inOut(x);
            k.norm().layerNormForward(ROWS, width, xy, b.in(gamma), b.in(beta), EPSILON, xy, null, null);
            b.result("y", xy);
        }
    }

    private Case random(int rows, int width, double offset, double factor) {
        double[] x = data.normals(rows * width, factor);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (x[i] + offset);
        }
        return new Case(width, x, data.normals(width), data.normals(width), data.normals(rows * width));
    }

    @Test
    void agreesAtAllSizes() {
        for (int width : Contract.SIZES) {
            Case c = random(ROWS, width, 0.5, 2);
            Contract.agrees(backend, (k, b) -> c.both(k, b, 0, ROWS));
            Contract.agrees(backend, (k, b) -> c.both(k, b, 2, 3));
            Contract.agrees(backend, (k, b) -> c.both(k, b, 0, 0));
            Contract.agrees(backend, c::inference);
        }
    }

    @Test
    void keepsItsDigitsFarFromZero() {
        for (int width : new int[] {207, 1021}) {
            Case c = random(ROWS, width, 1e4, 30);
            Contract.agrees(backend, (k, b) -> c.both(k, b, 0, ROWS));
        }
    }

    @Test
    void takesExtremeRowsAndConstantRows() {
        for (int width : Contract.SIZES) {
            Case c = random(ROWS, width, 0, 1e4);
            Arrays.fill(c.x, width, 2 * width, 3);
            c.x[3 * width] = Double.NaN;
            c.x[4 * width] = Double.POSITIVE_INFINITY;
            Contract.agrees(backend, (k, b) -> c.both(k, b, 0, ROWS));
        }
    }

    @Test
    void rowsDoNotDependOnTheirGroup() {
        for (int width : Contract.SIZES) {
            Contract.independentOfGrouping(backend, ROWS, random(ROWS, width, 1, 3)::both);
        }
    }

    @Test
    void backwardMayOverwriteItsInput() {
        Case c = random(ROWS, 33, 0, 1);
        Contract.agrees(backend, (k, b) -> {
            MemorySegment unit = b.in(c.x);
            MemorySegment d = b.inOut(c.dy);
            k.norm().layerNormBackward(ROWS, 33, d, b.in(c.gamma), unit, b.in(1, 2, 3, 4, 5), d);
            b.result("dx", d);
        });
    }

    @Test
    void rejectsShortBuffers() {
        int width = 64;
        int many = 100 * width;
        Contract.rejects(
                backend,
                IndexOutOfBoundsException.class,
                (k, b) -> k.norm()
                        .layerNormForward(
                                100,
                                width,
                                b.in(new double[many]),
                                b.in(new double[width]),
                                b.in(new double[width]),
                                EPSILON,
                                b.out(many - width),
                                null,
                                null));
        Contract.rejects(
                backend,
                IndexOutOfBoundsException.class,
                (k, b) -> k.norm()
                        .layerNormForward(
                                100,
                                width,
                                b.in(new double[many]),
                                b.in(new double[2]),
                                b.in(new double[width]),
                                EPSILON,
                                b.out(many),
                                null,
                                null));
        Contract.rejects(
                backend,
                IllegalArgumentException.class,
                (k, b) -> k.norm()
                        .layerNormForward(
                                1,
                                width,
                                b.in(new double[width]),
                                b.in(new double[width]),
                                b.in(new double[width]),
                                EPSILON,
                                b.out(width),
                                b.out(width),
                                null));
        Contract.rejects(
                backend,
                IndexOutOfBoundsException.class,
                (k, b) -> k.norm()
                        .layerNormBackward(
                                100,
                                width,
                                b.in(new double[many]),
                                b.in(new double[width]),
                                b.in(new double[many]),
                                b.in(new double[4]),
                                b.out(many)));
        Contract.rejects(
                backend,
                IllegalArgumentException.class,
                (k, b) ->
                        k.norm().layerNormForward(-1, width, b.in(0), b.in(0), b.in(0), EPSILON, b.out(1), null, null));
    }

    @Test
    void allocatesNothing() {
        Case c = random(ROWS, 207, 0, 1);
        Buffers b = new Buffers(backend.dtype());
        Kernels k = backend.newKernels();
        MemorySegment x = b.in(c.x);
        MemorySegment gamma = b.in(c.gamma);
        MemorySegment beta = b.in(c.beta);
        MemorySegment y = b.out(c.x.length);
        MemorySegment unit = b.out(c.x.length);
        MemorySegment rstd = b.out(ROWS);
        Contract.allocatesNothing(() -> {
            k.norm().layerNormForward(ROWS, 207, x, gamma, beta, EPSILON, y, null, null);
            k.norm().layerNormForward(ROWS, 207, x, gamma, beta, EPSILON, y, unit, rstd);
            k.norm().layerNormBackward(ROWS, 207, x, gamma, unit, rstd, y);
        });
    }

    /** The oracle's gradient, and proof that the check sees a missing term. */
    abstract static class Oracle extends NormContract {
        @Override
        String name() {
            return "reference";
        }

        @Test
        void gradientIsRight() {
            gradient(new PlainNormKernels(DType.F64));
        }

        @Test
        void theGradientCheckBites() {
            Assertions.assertThatThrownBy(() -> gradient(new WithoutMean())).isInstanceOf(AssertionError.class);
        }

        @Test
        void theComparisonBites() {
            Case c = super.random(ROWS, 17, 0, 1);
            Kernels broken = Broken.norm(backend, new WithoutMean());
            Assertions.assertThatThrownBy(
                            () -> Contract.agrees(broken, DType.F64, (kernels, b) -> c.both(kernels, b, 0, ROWS)))
                    .isInstanceOf(AssertionError.class);
        }

        private void gradient(NormKernels norm) {
            Case c = super.random(2, 7, 0.3, 1);
            Buffers b = new Buffers(DType.F64);
            MemorySegment gamma = b.in(c.gamma);
            MemorySegment beta = b.in(c.beta);
            MemorySegment unit = b.out(14);
            MemorySegment rstd = b.out(2);
            MemorySegment y = b.out(14);
            MemorySegment dx = b.out(14);
            norm.layerNormForward(2, 7, b.in(c.x), gamma, beta, EPSILON, y, unit, rstd);
            norm.layerNormBackward(2, 7, b.in(c.dy), gamma, unit, rstd, dx);
            Contract.gradient(
                    "dx",
                    c.x,
                    x -> {
                        norm.layerNormForward(2, 7, b.in(x), gamma, beta, EPSILON, y, null, null);
                        return TestData.dot(c.dy, b.read(y));
                    },
                    b.read(dx));
        }
    }

    /** Forgets mean(dy ∘ gamma), which a constant upstream gradient of zero mean would hide. */
    private static final class WithoutMean implements NormKernels {
        private final NormKernels right = new PlainNormKernels(DType.F64);

        @Override
        public void layerNormForward(
                int rows,
                int width,
                MemorySegment x,
                MemorySegment gamma,
                MemorySegment beta,
                double epsilon,
                MemorySegment y,
                MemorySegment normalized,
                MemorySegment rstd) {
            right.layerNormForward(rows, width, x, gamma, beta, epsilon, y, normalized, rstd);
        }

        @Override
        public void layerNormBackward(
                int rows,
                int width,
                MemorySegment dy,
                MemorySegment gamma,
                MemorySegment normalized,
                MemorySegment rstd,
                MemorySegment dx) {
            right.layerNormBackward(rows, width, dy, gamma, normalized, rstd, dx);
            for (int r = 0; r < rows; r++) {
                double mean = 0;
                for (int i = 0; i < width; i++) {
                    mean += at(dy, r * width + i) * at(gamma, i) / width;
                }
                for (int i = r * width; i < (r + 1) * width; i++) {
                    dx.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i, at(dx, i) + at(rstd, r) * mean);
                }
            }
        }

        private static double at(MemorySegment segment, int i) {
            return segment.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i);
        }
    }
}
