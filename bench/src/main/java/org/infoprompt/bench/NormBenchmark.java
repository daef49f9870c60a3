package org.infoprompt.bench;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.Kernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What streams over rows of width 384: layer normalisation and GELU. Bytes are what it is measured by. */
@State(Scope.Thread)
public class NormBenchmark {
    private static final int WIDTH = 384;

    /** Which implementation. */
    @Param({"native", "vector"})
    public String backend = "native";

    /** Rows of a block. */
    @Param({"64", "2048"})
    public int rows = 64;

    private Kernels kernels = Backends.byName("scalar").newKernels();
    private MemorySegment x = MemorySegment.NULL;
    private MemorySegment gamma = MemorySegment.NULL;
    private MemorySegment y = MemorySegment.NULL;
    private MemorySegment normalized = MemorySegment.NULL;
    private MemorySegment rstd = MemorySegment.NULL;

    /** Creates the benchmark; called by JMH. */
    public NormBenchmark() {}

    /** Fills the inputs and compares with plain loops. */
    @Setup
    public void prepare() {
        x = Floats.normals(size(), 1);
        gamma = Floats.normals(WIDTH, 1);
        y = Floats.zeros(size());
        normalized = Floats.zeros(size());
        rstd = Floats.zeros(rows);
        MemorySegment expected = Floats.zeros(size());
        kernels = Backends.byName("scalar").newKernels();
        normalize(expected);
        kernels = Backends.byName(backend).newKernels();
        normalize(y);
        Floats.requireClose("layer norm", y, expected, 1e-5);
    }

    private int size() {
        return rows * WIDTH;
    }

    private void normalize(MemorySegment out) {
        kernels.norm().layerNormForward(rows, WIDTH, x, gamma, gamma, 1e-12, out, normalized, rstd);
    }

    /**
     * Layer normalisation, forward with what backward needs.
     *
     * @param work counts
     */
    @Benchmark
    public void layerNormForward(Work work) {
        normalize(y);
        work.add(0, 12.0 * size());
    }

    /**
     * Layer normalisation, backward.
     *
     * @param work counts
     */
    @Benchmark
    public void layerNormBackward(Work work) {
        kernels.norm().layerNormBackward(rows, WIDTH, x, gamma, normalized, rstd, y);
        work.add(0, 12.0 * size());
    }

    /**
     * GELU, forward.
     *
     * @param work counts
     */
    @Benchmark
    public void geluForward(Work work) {
        kernels.activation().forward(size(), Activation.GELU_ERF, x, y);
        work.add(0, 8.0 * size());
    }

    /**
     * GELU, backward.
     *
     * @param work counts
     */
    @Benchmark
    public void geluBackward(Work work) {
        kernels.activation().backward(size(), Activation.GELU_ERF, x, normalized, y);
        work.add(0, 12.0 * size());
    }
}
