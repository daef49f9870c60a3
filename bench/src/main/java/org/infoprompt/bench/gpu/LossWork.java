package org.infoprompt.bench.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.Noise;
import org.infoprompt.ops.cuda.CudaBackend;

/** One launch of each loss kernel on operands that no cache holds, in device memory. */
final class LossWork implements AutoCloseable {
    static final String HEAD = "ipk_head_information_f32";
    static final String ENTROPY = "ipk_cross_entropy_f32";
    static final String REPRESENTATION = "ipk_representation_information_f32";

    private static final long FLOAT = Float.BYTES;

    private final Arena arena = Arena.ofShared();
    private final CudaBackend backend;
    private final Kernels kernels;
    private final Sizes sizes;

    LossWork(CudaBackend backend, Kernels kernels, Sizes sizes) {
        this.backend = backend;
        this.kernels = kernels;
        this.sizes = sizes;
    }

    /** {@return the bytes that each kernel must move: each operand once} */
    static SequencedMap<String, Double> bytes(Sizes sizes) {
        Sizes.Losses l = sizes.losses();
        double d = sizes.hidden();
        double n = l.rows() * d;
        double words = (double) l.rows() * l.tokens();
        SequencedMap<String, Double> bytes = new LinkedHashMap<>();
        // Words, prompts and their gradient, which is added to, the class row's gradient; word numbers, starts and
        // losses.
        bytes.put(HEAD, FLOAT * (words * d + 4 * n + d + words + 2 * l.rows()));
        bytes.put(ENTROPY, FLOAT * (2.0 * l.entropyRows() * l.classes() + 2.0 * l.entropyRows()));
        // Context, two means and two deviations, four gradients that are added to, the context's; rows' numbers and
        // losses.
        bytes.put(REPRESENTATION, FLOAT * (14 * n + 2 * l.rows()));
        return bytes;
    }

    /** {@return the copy that shows the bandwidth} */
    Runnable copy() {
        long bytes = sizes.losses().copyBytes();
        MemorySegment from = allocate(bytes);
        MemorySegment to = allocate(bytes);
        int rows = Math.toIntExact(bytes / FLOAT / 16);
        return () -> kernels.rows().copy(rows, 16, from, 0, to, 0);
    }

    Runnable head() {
        int rows = sizes.losses().rows();
        int tokens = sizes.losses().tokens();
        int d = sizes.hidden();
        // Every word once, so that no cache helps.
        int[] ids = IntStream.range(0, rows * tokens).toArray();
        int[] starts = IntStream.rangeClosed(0, rows).map(r -> r * tokens).toArray();
        MemorySegment words = floats((long) ids.length * d);
        MemorySegment prompts = floats((long) rows * d);
        MemorySegment dPrompts = floats((long) rows * d);
        MemorySegment dClass = floats((long) rows * d);
        MemorySegment classMean = floats(d);
        MemorySegment losses = floats(rows);
        return () -> kernels.information()
                .headInformation(
                        rows, d, prompts, words, ids, starts, classMean, Double.NaN, 1, losses, dPrompts, dClass);
    }

    Runnable entropy() {
        int rows = sizes.losses().entropyRows();
        int classes = sizes.losses().classes();
        MemorySegment logits = floats((long) rows * classes);
        MemorySegment dLogits = floats((long) rows * classes);
        MemorySegment losses = floats(rows);
        int[] labels = new int[rows];
        return () -> kernels.loss().crossEntropy(rows, classes, logits, labels, 1, losses, dLogits);
    }

    Runnable representation() {
        int rows = sizes.losses().rows();
        int samples = sizes.losses().samples();
        int d = sizes.hidden();
        Noise noise = new Noise(rows);
        noise.set(77, 3);
        for (int r = 0; r < rows; r++) {
            noise.setRow(r, r);
        }
        MemorySegment[] m = new MemorySegment[10];
        for (int i = 0; i < m.length; i++) {
            m[i] = floats((long) rows * d);
        }
        MemorySegment losses = floats(rows);
        return () -> kernels.information()
                .representationInformation(
                        rows,
                        d,
                        samples,
                        m[0],
                        m[1],
                        m[2],
                        m[3],
                        m[4],
                        noise,
                        null,
                        Double.NaN,
                        1,
                        losses,
                        m[5],
                        m[6],
                        m[7],
                        m[8],
                        m[9]);
    }

    private MemorySegment floats(long n) {
        return allocate(n * FLOAT);
    }

    private MemorySegment allocate(long bytes) {
        return backend.memory().allocate(bytes, 64, arena);
    }

    @Override
    public void close() {
        kernels.await();
        arena.close();
    }
}
