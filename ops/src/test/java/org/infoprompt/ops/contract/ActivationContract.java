package org.infoprompt.ops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.infoprompt.ops.contract.TestData.rows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.ActivationKernels;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.reference.PlainActivationKernels;
import org.infoprompt.tensor.DType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Element-wise activations. */
abstract class ActivationContract {
    private final TestData data = new TestData();
    Backend backend;

    abstract String name();

    @BeforeEach
    void choose() {
        backend = Contract.backend(name());
    }

    private static Call both(Activation activation, double[] x, double[] dy) {
        return (k, b) -> {
            MemorySegment y = b.out(x.length);
            MemorySegment dx = b.out(x.length);
            k.activation().forward(x.length, activation, b.in(x), y);
            k.activation().backward(x.length, activation, b.in(x), b.in(dy), dx);
            // Float forms are accurate beside their argument and the upstream gradient, not beside a vanishing tail.
            b.result("y", y, largest(x));
            b.result("dx", dx, largest(dy));
        };
    }

    private static double largest(double[] values) {
        return Arrays.stream(values)
                .filter(Double::isFinite)
                .map(Math::abs)
                .max()
                .orElse(0);
    }

    @ParameterizedTest
    @EnumSource
    void agreesAtAllSizes(Activation activation) {
        Contract.agrees(backend, both(activation, new double[0], new double[0]));
        for (int n : Contract.SIZES) {
            for (double factor : new double[] {0.01, 1, 5}) {
                Contract.agrees(backend, both(activation, data.normals(n, factor), data.normals(n)));
            }
        }
        Contract.agrees(backend, both(activation, data.normals(5000, 2), data.normals(5000)));
    }

    @ParameterizedTest
    @EnumSource
    void agreesInPlace(Activation activation) {
        double[] x = data.normals(207);
        Contract.agrees(backend, (k, b) -> {
            MemorySegment y = b.inOut(x);
            MemorySegment dx = b.inOut(x);
            k.activation().forward(207, activation, y, y);
            k.activation().backward(207, activation, b.in(x), dx, dx);
            b.result("y", y);
            b.result("dx", dx);
        });
    }

    @ParameterizedTest
    @EnumSource
    void takesExtremeValues(Activation activation) {
        double[] x = {0, -0.0, 1e4, -1e4, 20, -20, 9, -9, Double.NaN, 1, Double.POSITIVE_INFINITY, 1e-30, -1e-30, -6, 6
        };
        Contract.agrees(backend, both(activation, x, data.normals(x.length)));
        Contract.agrees(backend, both(activation, new double[] {3e38, -3e38}, new double[] {1, 1}));
        double[] limits = {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};
        Buffers b = new Buffers(backend.dtype());
        MemorySegment y = b.out(2);
        MemorySegment dx = b.out(2);
        backend.newKernels().activation().forward(2, activation, b.in(limits), y);
        backend.newKernels().activation().backward(2, activation, b.in(limits), b.in(1, 1), dx);
        assertThat(b.read(y)[0]).isZero();
        assertThat(b.read(y)[1]).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(b.read(dx)).containsExactly(0, 1);
    }

    @ParameterizedTest
    @EnumSource
    void aValueDoesNotDependOnItsPlace(Activation activation) {
        double[] x = data.normals(37 * 53);
        double[] dy = data.normals(37 * 53);
        Contract.independentOfGrouping(
                backend,
                53,
                (k, b, from, to) -> both(activation, rows(x, 37, from, to), rows(dy, 37, from, to))
                        .run(k, b));
    }

    @Test
    void rejectsShortBuffers() {
        Contract.rejects(
                backend,
                IndexOutOfBoundsException.class,
                (k, b) -> k.activation().forward(1000, Activation.RELU, b.in(new double[1000]), b.out(900)));
        Contract.rejects(
                backend,
                IndexOutOfBoundsException.class,
                (k, b) -> k.activation()
                        .backward(1000, Activation.RELU, b.in(new double[900]), b.in(new double[1000]), b.out(1000)));
        Contract.rejects(
                backend,
                IllegalArgumentException.class,
                (k, b) -> k.activation().forward(-1, Activation.RELU, b.in(1), b.out(1)));
    }

    @ParameterizedTest
    @EnumSource
    void allocatesNothing(Activation activation) {
        Buffers b = new Buffers(backend.dtype());
        ActivationKernels k = backend.newKernels().activation();
        MemorySegment x = b.in(data.normals(500));
        MemorySegment y = b.out(500);
        Contract.allocatesNothing(() -> {
            k.forward(500, activation, x, y);
            k.backward(500, activation, x, y, y);
        });
    }

    /** The oracle's values and gradients, and proof that the checks see a wrong slope. */
    abstract static class Oracle extends ActivationContract {
        @Override
        String name() {
            return "reference";
        }

        /** The formulas' values to 40 digits, rounded. */
        @Test
        void valuesAreRight() {
            double[] x = {-8, -3, -1, -0.1, 0.1, 1, 3, 8};
            assertValues(Activation.GELU_ERF, x, GELU_ERF);
            assertValues(Activation.GELU_TANH, x, GELU_TANH);
        }

        private static void assertValues(Activation activation, double[] x, double[] expected) {
            for (int i = 0; i < x.length; i++) {
                double value = PlainActivationKernels.value(activation, x[i]);
                assertThat(Math.abs(value - expected[i])).isLessThanOrEqualTo(1e-14 * Math.abs(expected[i]));
            }
        }

        @ParameterizedTest
        @EnumSource
        void gradientIsRight(Activation activation) {
            gradient(activation, new PlainActivationKernels(DType.F64));
        }

        @Test
        void theChecksBite() {
            ActivationKernels broken = new WithoutDensity();
            assertThatThrownBy(() -> gradient(Activation.GELU_ERF, broken)).isInstanceOf(AssertionError.class);
            double[] x = super.data.normals(17);
            assertThatThrownBy(() -> Contract.agrees(
                            Broken.activation(backend, broken), DType.F64, both(Activation.GELU_ERF, x, x)))
                    .isInstanceOf(AssertionError.class);
        }

        private void gradient(Activation activation, ActivationKernels kernels) {
            double[] x = super.data.normals(40, 2);
            double[] upstream = super.data.normals(40);
            Buffers b = new Buffers(DType.F64);
            MemorySegment dx = b.out(40);
            MemorySegment y = b.out(40);
            kernels.backward(40, activation, b.in(x), b.in(upstream), dx);
            Contract.gradient(
                    "dx",
                    x,
                    moved -> {
                        kernels.forward(40, activation, b.in(moved), y);
                        return TestData.dot(upstream, b.read(y));
                    },
                    b.read(dx));
        }

        private static final double[] GELU_ERF = {
            -4.976768459417427e-15,
            -0.0040496940948902835,
            -0.15865525393145705,
            -0.0460172162722971,
            0.053982783727702904,
            0.8413447460685429,
            2.99595030590511,
            7.999999999999995
        };
        private static final double[] GELU_TANH = {
            -3.1077829375011112e-21,
            -0.003637392081773019,
            -0.1588080093917233,
            -0.04601724895456484,
            0.053982751045435165,
            0.8411919906082767,
            2.996362607918227,
            8.0
        };
    }

    /** Broken on purpose: takes Φ(x) for the derivative of x·Φ(x). */
    private static final class WithoutDensity implements ActivationKernels {
        private final ActivationKernels right = new PlainActivationKernels(DType.F64);

        @Override
        public void forward(int n, Activation activation, MemorySegment x, MemorySegment y) {
            right.forward(n, activation, x, y);
        }

        @Override
        public void backward(int n, Activation activation, MemorySegment x, MemorySegment dy, MemorySegment dx) {
            for (int i = 0; i < n; i++) {
                double v = x.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i);
                double cdf = PlainActivationKernels.value(activation, v) / v;
                double d = dy.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i);
                dx.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i, d * cdf);
            }
        }
    }
}
