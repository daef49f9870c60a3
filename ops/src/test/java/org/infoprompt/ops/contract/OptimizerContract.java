package org.infoprompt.ops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.infoprompt.ops.contract.TestData.rows;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.OptimizerKernels;
import org.infoprompt.ops.reference.PlainOptimizerKernels;
import org.infoprompt.tensor.DType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** AdamW. */
abstract class OptimizerContract {
    private final TestData data = new TestData();
    Backend backend;

    abstract String name();

    @BeforeEach
    void choose() {
        backend = Contract.backend(name());
    }

    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    private record Case(double[] parameter, double[] gradient, double[] m, double[] v, double factor, long step) {
        void run(Kernels k, Buffers b, int from, int to) {
            MemorySegment p = b.inOut(rows(parameter, 1, from, to));
            MemorySegment first = b.inOut(rows(m, 1, from, to));
            MemorySegment second = b.inOut(rows(v, 1, from, to));
            k.optimizer()
                    .adamW(
                            to - from,
                            p,
                            b.in(rows(gradient, 1, from, to)),
                            factor,
                            first,
                            second,
                            1e-2,
                            0.9,
                            0.999,
                            1e-8,
                            0.1,
                            step);
            b.result("parameter", p);
            // Old moment and gradient may cancel.
            b.result("m", first, largest(m) + 0.1 * largest(gradient));
            b.result("v", second);
        }
    }

    private static double largest(double[] values) {
        return Arrays.stream(values)
                .filter(Double::isFinite)
                .map(Math::abs)
                .max()
                .orElse(0);
    }

    private Case random(int n, double gradientSize, long step) {
        double[] v = data.normals(n, 0.1);
        for (int i = 0; i < n; i++) {
            v[i] = (float) (v[i] * v[i]);
        }
        return new Case(data.normals(n), data.normals(n, gradientSize), data.normals(n, 0.1), v, 0.7, step);
    }

    @Test
    void agreesAtAllSizes() {
        for (int n : Contract.SIZES) {
            for (double size : new double[] {1e-6, 1, 1e4}) {
                for (long step : new long[] {1, 10, 1_000_000_000_000L}) {
                    Case c = random(n, size, step);
                    Contract.agrees(backend, (k, b) -> c.run(k, b, 0, n));
                    Contract.agrees(backend, (k, b) -> c.run(k, b, 0, 0));
                }
            }
        }
    }

    @Test
    void anElementDoesNotDependOnItsPlace() {
        Contract.independentOfGrouping(backend, 207, random(207, 1, 3)::run);
    }

    @Test
    void aBadElementStaysAlone() {
        Case c = random(40, 1, 2);
        c.gradient[3] = Double.NaN;
        c.gradient[20] = Double.POSITIVE_INFINITY;
        Contract.agrees(backend, (k, b) -> c.run(k, b, 0, 40));
    }

    /** Three steps of torch.optim.AdamW, PyTorch 2.13, float64. */
    @Test
    void followsPyTorch() {
        double[][] gradients = {{0.1, -3, 0, 1e-6}, {-0.2, 1, 0, 1e-6}, {5, 0.5, 1e-3, -1e-6}};
        double[][] expected = {
            {1.4885000009999998, -1.9880000000333333, 0.0, -0.008901990099009901},
            {1.4906725360378488, -1.9820098143316576, 0.0, -0.01879407820792072},
            {1.4829264574059353, -1.9779707199688286, -0.00638802540545684, -0.021369270465615764}
        };
        Buffers b = new Buffers(backend.dtype());
        MemorySegment p = b.inOut(1.5, -2, 0, 1e-3);
        MemorySegment m = b.inOut(new double[4]);
        MemorySegment v = b.inOut(new double[4]);
        double tolerance = backend.dtype() == DType.F64 ? 1e-14 : 5e-7;
        for (int t = 0; t < 3; t++) {
            backend.newKernels()
                    .optimizer()
                    .adamW(4, p, b.in(gradients[t]), 1, m, v, 1e-2, 0.9, 0.999, 1e-8, 0.1, t + 1);
            assertThat(b.read(p)).containsExactly(expected[t], Offset.offset(tolerance));
        }
    }

    @Test
    void rejectsWrongArguments() {
        Contract.rejects(
                backend,
                IndexOutOfBoundsException.class,
                (k, b) -> k.optimizer()
                        .adamW(
                                1000,
                                b.inOut(new double[1000]),
                                b.in(new double[1000]),
                                1,
                                b.inOut(new double[1000]),
                                b.inOut(new double[900]),
                                1,
                                0.9,
                                0.99,
                                1e-8,
                                0,
                                1));
        Contract.rejects(
                backend,
                IllegalArgumentException.class,
                (k, b) -> k.optimizer()
                        .adamW(1, b.inOut(1), b.in(1), 1, b.inOut(1), b.inOut(1), 1, 0.9, 0.99, 1e-8, 0, 0));
    }

    @Test
    void allocatesNothing() {
        Case c = random(1021, 1, 1);
        Buffers b = new Buffers(backend.dtype());
        OptimizerKernels k = backend.newKernels().optimizer();
        MemorySegment p = b.inOut(c.parameter);
        MemorySegment g = b.in(c.gradient);
        MemorySegment m = b.inOut(c.m);
        MemorySegment v = b.inOut(c.v);
        Contract.allocatesNothing(() -> k.adamW(1021, p, g, 1, m, v, 1e-3, 0.9, 0.999, 1e-8, 0.01, 5));
    }

    /** Proof that the comparison sees a missing decay. */
    abstract static class Oracle extends OptimizerContract {
        @Override
        String name() {
            return "reference";
        }

        @Test
        void theComparisonBites() {
            OptimizerKernels right = new PlainOptimizerKernels(DType.F64);
            OptimizerKernels undecayed = (n, p, g, factor, m, v, lr, b1, b2, eps, decay, step) ->
                    right.adamW(n, p, g, factor, m, v, lr, b1, b2, eps, 0, step);
            Case c = super.random(17, 1, 1);
            assertThatThrownBy(() -> Contract.agrees(
                            Broken.optimizer(backend, undecayed), DType.F64, (k, b) -> c.run(k, b, 0, 17)))
                    .isInstanceOf(AssertionError.class);
        }
    }
}
