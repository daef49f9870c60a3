package org.infoprompt.bench;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.InformationKernels;
import org.infoprompt.ops.Noise;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The information losses with their gradients: K = 4B samples of 32 numbers, 36 words a row of a table of BERT's size. */
@State(Scope.Thread)
public class InformationBenchmark {
    private static final int LATENT = 32;
    private static final int WORDS = 36;
    private static final int VOCABULARY = 30522;

    /** Which implementation. */
    @Param({"native", "vector"})
    public String backend = "native";

    /** Rows B. */
    @Param({"32", "256"})
    public int batch = 32;

    /** Hidden size D. */
    @Param({"384", "1024"})
    public int hidden = 384;

    private InformationKernels kernels = Backends.byName("scalar").newKernels().information();
    private Noise noise = new Noise(0);
    private int[] tokenIds = new int[0];
    private int[] tokenStarts = new int[0];
    private MemorySegment words = MemorySegment.NULL;
    private MemorySegment meanPrompts = MemorySegment.NULL;
    private MemorySegment dMeanPrompts = MemorySegment.NULL;
    private MemorySegment dClassMean = MemorySegment.NULL;
    private MemorySegment losses = MemorySegment.NULL;
    private MemorySegment latent = MemorySegment.NULL;
    private MemorySegment dContext = MemorySegment.NULL;
    private MemorySegment dLatent = MemorySegment.NULL;

    /** Creates the benchmark; called by JMH. */
    public InformationBenchmark() {}

    /** Fills the inputs and compares the losses with plain loops. */
    @Setup
    public void prepare() {
        noise = new Noise(batch);
        noise.set(20261124L, 1);
        tokenStarts = new int[batch + 1];
        tokenIds = new int[batch * WORDS];
        for (int r = 0; r < batch; r++) {
            noise.setRow(r, r);
            tokenStarts[r + 1] = (r + 1) * WORDS;
        }
        for (int i = 0; i < tokenIds.length; i++) {
            tokenIds[i] = (int) (i * 2654435761L % VOCABULARY);
        }
        words = Floats.normals((long) VOCABULARY * hidden, 0.5);
        meanPrompts = Floats.normals((long) batch * hidden, 0.5);
        latent = Floats.normals((long) batch * LATENT, 0.3);
        dMeanPrompts = Floats.zeros((long) batch * hidden);
        dClassMean = Floats.zeros((long) batch * hidden);
        dContext = Floats.zeros((long) batch * LATENT);
        dLatent = Floats.zeros((long) batch * LATENT);
        MemorySegment expected = Floats.zeros(2L * batch);
        MemorySegment actual = Floats.zeros(2L * batch);
        kernels = Backends.byName("scalar").newKernels().information();
        losses(expected);
        kernels = Backends.byName(backend).newKernels().information();
        losses(actual);
        Floats.requireClose("loss", actual, expected, 1e-4);
        losses = actual;
    }

    private void losses(MemorySegment both) {
        head(both.asSlice(0, (long) batch * Float.BYTES));
        representation(both.asSlice((long) batch * Float.BYTES));
    }

    private void head(MemorySegment out) {
        kernels.headInformation(
                batch,
                hidden,
                meanPrompts,
                words,
                tokenIds,
                tokenStarts,
                meanPrompts,
                Double.NaN,
                1.0 / batch,
                out,
                dMeanPrompts,
                dClassMean);
    }

    private void representation(MemorySegment out) {
        kernels.representationInformation(
                batch,
                LATENT,
                4 * batch,
                latent,
                latent,
                latent,
                latent,
                latent,
                noise,
                null,
                Double.NaN,
                1.0 / batch,
                out,
                dContext,
                dLatent,
                dLatent,
                dLatent,
                dLatent);
    }

    /**
     * The head loss.
     *
     * @param work counts
     */
    @Benchmark
    public void head(Work work) {
        head(losses);
        double values = (double) batch * hidden;
        work.add(4 * values * WORDS, 4 * values * (WORDS + 4));
    }

    /**
     * The representation loss; of its noise nothing is read or written.
     *
     * @param work counts
     */
    @Benchmark
    public void representation(Work work) {
        representation(losses);
        work.add(4.0 * batch * LATENT * 4 * batch, 4.0 * batch * LATENT * 14);
    }
}
