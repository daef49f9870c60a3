package org.infoprompt.ops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.contract.Buffers.Result;
import org.infoprompt.tensor.DType;
import org.junit.jupiter.api.Assumptions;

/** The checks that the contracts of all families are made of. */
final class Contract {
    /** Hits every tail of every vector width. */
    static final int[] SIZES = {1, 3, 7, 16, 17, 33, 64, 127, 207, 256, 1021};

    /** PyTorch's gradcheck. */
    private static final double STEP = 1e-6;

    private static final double GRADIENT_ABSOLUTE = 1e-5;
    private static final double GRADIENT_RELATIVE = 1e-3;

    /** Eight roundings of the largest value. */
    private static final double SLACK = 1e-6;

    /** Calls that allocate nothing, in a row, until a kernel counts as compiled. */
    private static final int QUIET_CALLS = 200;

    private static final long WARM_UP_NANOS = 60_000_000_000L;

    private Contract() {}

    /** Returns a backend, or skips the test if it cannot run in this JVM. */
    static Backend backend(String name) {
        boolean usable = Backends.all().stream()
                .anyMatch(c ->
                        c.provider().name().equals(name) && c.availability().usable());
        Assumptions.assumeTrue(usable, "backend " + name + " cannot run in this JVM");
        return Backends.byName(name);
    }

    /** Runs a call with buffers of an element type and checks what must not change. */
    static Map<String, Result> run(Kernels kernels, DType dtype, Call call) {
        Buffers buffers = new Buffers(dtype);
        call.run(kernels, buffers);
        buffers.assertGuards();
        return buffers.results();
    }

    /** Checks a backend's results against the oracle's, within twice the error of plain float loops. */
    static void agrees(Backend backend, Call call) {
        agrees(backend.newKernels(), backend.dtype(), call);
    }

    /** As {@link #agrees(Backend, Call)}, for kernels that belong to no backend. */
    static void agrees(Kernels kernels, DType dtype, Call call) {
        Map<String, Result> expected = run(Backends.byName("reference").newKernels(), DType.F64, call);
        Map<String, Result> scalar = run(Backends.byName("scalar").newKernels(), DType.F32, call);
        Map<String, Result> actual = run(kernels, dtype, call);
        assertThat(actual.keySet()).isEqualTo(expected.keySet()).isNotEmpty();
        expected.forEach((name, e) ->
                compare(name, e, scalar.get(name).values(), actual.get(name).values()));
    }

    private static void compare(String name, Result expected, double[] scalar, double[] actual) {
        double[] e = expected.values();
        assertThat(actual).hasSameSizeAs(e);
        double scale = expected.leastScale();
        double scalarError = 0;
        for (int i = 0; i < e.length; i++) {
            if (Double.isFinite(e[i])) {
                scale = Math.max(scale, Math.abs(e[i]));
                scalarError = Math.max(scalarError, Math.abs(scalar[i] - e[i]));
            }
        }
        double bound = 2 * scalarError + SLACK * scale;
        for (int i = 0; i < e.length; i++) {
            boolean right =
                    Double.isFinite(e[i]) ? Math.abs(actual[i] - e[i]) <= bound : Double.compare(actual[i], e[i]) == 0;
            if (!right) {
                throw new AssertionError(name + "[" + i + "] is " + actual[i] + ", expected " + e[i] + " ± " + bound);
            }
        }
    }

    /** Checks that rows computed together and apart are the same bits. */
    static void independentOfGrouping(Backend backend, int rows, RowCall call) {
        Kernels kernels = backend.newKernels();
        Map<String, Result> whole = run(kernels, backend.dtype(), (k, b) -> call.run(k, b, 0, rows));
        for (int start = 0, size = 1; start < rows; start += size, size++) {
            int from = start;
            int to = Math.min(rows, start + size);
            run(kernels, backend.dtype(), (k, b) -> call.run(k, b, from, to)).forEach((name, part) -> {
                double[] all = whole.get(name).values();
                int width = all.length / rows;
                assertThat(part.values())
                        .as("%s, rows %d to %d", name, from, to)
                        .isEqualTo(Arrays.copyOfRange(all, from * width, to * width));
            });
        }
    }

    /** Checks that a wrong call throws before it changes anything. */
    static void rejects(Backend backend, Class<? extends RuntimeException> type, Call call) {
        Buffers buffers = new Buffers(backend.dtype());
        assertThatThrownBy(() -> call.run(backend.newKernels(), buffers)).isInstanceOf(type);
        buffers.assertUntouched();
    }

    /** Checks that a kernel, once compiled, allocates nothing. */
    static void allocatesNothing(Runnable kernel) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long deadline = System.nanoTime() + WARM_UP_NANOS;
        long allocated;
        do {
            for (int i = 0; i < QUIET_CALLS; i++) {
                kernel.run();
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < QUIET_CALLS; i++) {
                kernel.run();
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        } while (allocated > 0 && System.nanoTime() < deadline);
        assertThat(allocated).as("bytes in %d calls", QUIET_CALLS).isZero();
    }

    /** Checks a gradient by central differences, in double. */
    static void gradient(String name, double[] x, ToDoubleFunction<double[]> loss, double[] gradient) {
        assertThat(gradient).hasSameSizeAs(x);
        for (int i = 0; i < x.length; i++) {
            double[] moved = x.clone();
            moved[i] = x[i] + STEP;
            double up = loss.applyAsDouble(moved);
            moved[i] = x[i] - STEP;
            double expected = (up - loss.applyAsDouble(moved)) / (2 * STEP);
            double bound = GRADIENT_ABSOLUTE + GRADIENT_RELATIVE * Math.abs(expected);
            if (!(Math.abs(gradient[i] - expected) <= bound)) {
                throw new AssertionError(
                        name + "[" + i + "] is " + gradient[i] + ", by differences " + expected + " ± " + bound);
            }
        }
    }
}
