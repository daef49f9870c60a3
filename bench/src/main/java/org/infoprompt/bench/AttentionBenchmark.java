package org.infoprompt.bench;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.AttentionKernels;
import org.infoprompt.ops.Backends;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Attention over 32 sequences of one length, 12 heads of 32, queries, keys and values in one buffer. */
@State(Scope.Thread)
public class AttentionBenchmark {
    private static final int SEQUENCES = 32;
    private static final int HEADS = 12;
    private static final int HEAD_SIZE = 32;
    private static final int WIDTH = HEADS * HEAD_SIZE;

    /** Which implementation. */
    @Param({"native", "vector"})
    public String backend = "native";

    /** Rows of each sequence. */
    @Param({"64", "128", "512"})
    public int length = 64;

    private final int[] starts = new int[SEQUENCES + 1];
    private AttentionKernels kernels = Backends.byName("scalar").newKernels().attention();
    private MemorySegment qkv = MemorySegment.NULL;
    private MemorySegment out = MemorySegment.NULL;
    private MemorySegment logSumExp = MemorySegment.NULL;
    private MemorySegment dOut = MemorySegment.NULL;
    private MemorySegment dQkv = MemorySegment.NULL;

    /** Creates the benchmark; called by JMH. */
    public AttentionBenchmark() {}

    /** Fills the inputs and compares one forward and backward pass with plain loops. */
    @Setup
    public void prepare() {
        long rows = (long) SEQUENCES * length;
        for (int i = 0; i <= SEQUENCES; i++) {
            starts[i] = i * length;
        }
        qkv = Floats.normals(rows * 3 * WIDTH, 1);
        dOut = Floats.normals(rows * WIDTH, 1);
        logSumExp = Floats.zeros(rows * HEADS);
        MemorySegment expected = Floats.zeros(rows * WIDTH);
        MemorySegment expectedGradient = Floats.zeros(rows * 3 * WIDTH);
        kernels = Backends.byName("scalar").newKernels().attention();
        run(expected, expectedGradient);
        out = Floats.zeros(rows * WIDTH);
        dQkv = Floats.zeros(rows * 3 * WIDTH);
        kernels = Backends.byName(backend).newKernels().attention();
        run(out, dQkv);
        Floats.requireClose("attention", out, expected, 1e-4);
        Floats.requireClose("attention's gradient", dQkv, expectedGradient, 1e-3);
    }

    private void run(MemorySegment output, MemorySegment gradient) {
        int stride = 3 * WIDTH;
        kernels.forward(
                HEADS, HEAD_SIZE, SEQUENCES, starts, starts, qkv, stride, qkv, stride, WIDTH, 2 * WIDTH, output,
                logSumExp);
        kernels.backward(
                HEADS, HEAD_SIZE, SEQUENCES, starts, starts, qkv, stride, qkv, stride, WIDTH, 2 * WIDTH, logSumExp,
                dOut, gradient, gradient);
    }

    /**
     * Forward: 2 products.
     *
     * @param work counts
     */
    @Benchmark
    public void forward(Work work) {
        int stride = 3 * WIDTH;
        kernels.forward(
                HEADS, HEAD_SIZE, SEQUENCES, starts, starts, qkv, stride, qkv, stride, WIDTH, 2 * WIDTH, out,
                logSumExp);
        work.add(2 * productFlops(), 4.0 * SEQUENCES * length * (4 * WIDTH + HEADS));
    }

    /**
     * Backward: 5 products.
     *
     * @param work counts
     */
    @Benchmark
    public void backward(Work work) {
        int stride = 3 * WIDTH;
        kernels.backward(
                HEADS, HEAD_SIZE, SEQUENCES, starts, starts, qkv, stride, qkv, stride, WIDTH, 2 * WIDTH, logSumExp,
                dOut, dQkv, dQkv);
        work.add(5 * productFlops(), 4.0 * SEQUENCES * length * (7 * WIDTH + HEADS));
    }

    private double productFlops() {
        return 2.0 * SEQUENCES * length * length * WIDTH;
    }
}
