package org.infoprompt.bench;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.Noise;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.infoprompt.weights.SafetensorsFile;

/**
 * Both information losses of one batch and their gradients to everything trained that they reach, from the inputs that {@code
 * bench/python/make_loss_inputs.py} writes. Backwards of the same step in PyTorch give the same gradients.
 */
final class LossProblem implements AutoCloseable {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Kernels kernels;
    private final SafetensorsFile file;
    private final Workspace workspace;
    private final Map<String, MemorySegment> gradients = new LinkedHashMap<>();
    private final Noise noise;
    private final int batch;
    private final int hidden;
    private final int latent;
    private final int classes;
    private final int samples;
    private final int[] tokenIds;
    private final int[] tokenStarts;
    private final MemorySegment words;
    private final MemorySegment meanPrompts;
    private final MemorySegment projected;
    private final MemorySegment head;
    private final MemorySegment decoder;
    private final MemorySegment[] bottleneck = new MemorySegment[4];
    private final MemorySegment classMean;
    private final MemorySegment dClassMean;
    private final MemorySegment dClassMeans;
    private final MemorySegment context;
    private final MemorySegment dContext;
    private final MemorySegment headLosses;
    private final MemorySegment representationLosses;

    private LossProblem(Backend backend, SafetensorsFile file, int samples) throws IOException {
        this.kernels = backend.newKernels();
        this.file = file;
        this.samples = samples;
        words = file.tensor("words").segment();
        meanPrompts = file.tensor("mean_prompts").segment();
        projected = file.tensor("projected").segment();
        head = file.tensor("head").segment();
        decoder = file.tensor("decoder").segment();
        batch = (int) file.tensor("mean_prompts").shape().size(0);
        hidden = (int) file.tensor("mean_prompts").shape().size(1);
        latent = (int) file.tensor("decoder").shape().size(1);
        classes = (int) file.tensor("head").shape().size(0);
        tokenIds = ints("token_ids");
        tokenStarts = ints("token_starts");
        noise = new Noise(batch);
        workspace = Workspace.ofBytes(
                4L * (4L * batch * hidden + 16L * batch * latent + (2L * classes + 8) * hidden + 2L * hidden * latent)
                        + (1 << 16));
        String[] names = {"mu", "log_std", "mu_prompted", "log_std_prompted"};
        gradient("mean_prompts", (long) batch * hidden);
        for (int i = 0; i < names.length; i++) {
            bottleneck[i] = file.tensor(names[i]).segment();
            gradient(names[i], (long) batch * latent);
        }
        gradient("head", (long) classes * hidden);
        gradient("projected", (long) batch * hidden);
        gradient("decoder", (long) hidden * latent);
        classMean = workspace.allocate(DType.F32, hidden);
        dClassMean = workspace.allocate(DType.F32, hidden);
        dClassMeans = workspace.allocate(DType.F32, (long) batch * hidden);
        context = workspace.allocate(DType.F32, (long) batch * latent);
        dContext = workspace.allocate(DType.F32, (long) batch * latent);
        headLosses = workspace.allocate(DType.F32, batch);
        representationLosses = workspace.allocate(DType.F32, batch);
    }

    /**
     * Opens a problem.
     *
     * @param backend a float32 backend
     * @param path the inputs
     * @param samples K
     * @throws IOException if the file cannot be read
     */
    static LossProblem open(Backend backend, Path path, int samples) throws IOException {
        return new LossProblem(backend, SafetensorsFile.open(path), samples);
    }

    private void gradient(String name, long elements) {
        gradients.put(name, workspace.allocate(DType.F32, elements));
    }

    private MemorySegment d(String name) {
        return Objects.requireNonNull(gradients.get(name), name);
    }

    private int[] ints(String name) throws IOException {
        MemorySegment segment = file.tensor(name).segment();
        int[] values = new int[(int) (segment.byteSize() / Integer.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = segment.getAtIndex(INT, i);
        }
        return values;
    }

    /** Losses and gradients of one step; the noise is the step's. */
    void run(long seed, int step) {
        noise.set(seed, step);
        for (int r = 0; r < batch; r++) {
            noise.setRow(r, r);
        }
        double root = 1 / Math.sqrt(hidden);
        kernels.rows().fill((long) batch * hidden, 0, d("mean_prompts"));
        kernels.rows().fill((long) batch * latent, 0, d("mu"));
        kernels.rows().fill((long) batch * latent, 0, d("log_std"));
        kernels.rows().fill((long) batch * latent, 0, d("mu_prompted"));
        kernels.rows().fill((long) batch * latent, 0, d("log_std_prompted"));
        kernels.rows().columnSums(classes, hidden, 1.0 / classes, head, 0, classMean);
        kernels.information()
                .headInformation(
                        batch,
                        hidden,
                        meanPrompts,
                        words,
                        tokenIds,
                        tokenStarts,
                        classMean,
                        Double.NaN,
                        1.0 / batch,
                        headLosses,
                        d("mean_prompts"),
                        dClassMeans);
        kernels.rows().columnSums(batch, hidden, 1.0 / classes, dClassMeans, 0, dClassMean);
        kernels.rows().fill((long) classes * hidden, 0, d("head"));
        kernels.rows().addBias(classes, hidden, dClassMean, d("head"));
        kernels.matmul().gemm(false, false, batch, latent, hidden, root, projected, decoder, 0, context);
        kernels.information()
                .representationInformation(
                        batch,
                        latent,
                        samples,
                        context,
                        bottleneck[0],
                        bottleneck[1],
                        bottleneck[2],
                        bottleneck[3],
                        noise,
                        null,
                        Double.NaN,
                        1.0 / batch,
                        representationLosses,
                        dContext,
                        d("mu"),
                        d("log_std"),
                        d("mu_prompted"),
                        d("log_std_prompted"));
        kernels.matmul().gemm(false, true, batch, hidden, latent, root, dContext, decoder, 0, d("projected"));
        kernels.matmul().gemm(true, false, hidden, latent, batch, root, projected, dContext, 0, d("decoder"));
    }

    /** {@return the mean head loss of the last run} */
    double headLoss() {
        return mean(headLosses);
    }

    /** {@return the mean representation loss of the last run} */
    double representationLoss() {
        return mean(representationLosses);
    }

    private double mean(MemorySegment losses) {
        double sum = 0;
        for (int r = 0; r < batch; r++) {
            sum += losses.getAtIndex(FLOAT, r);
        }
        return sum / batch;
    }

    /** {@return the norm of each gradient of the last run and its product with cos 0, cos 1, cos 2, ...} */
    Map<String, double[]> gradientSummaries() {
        Map<String, double[]> all = new LinkedHashMap<>();
        gradients.forEach((name, segment) -> {
            double squares = 0;
            double product = 0;
            for (long i = 0; i < segment.byteSize() / Float.BYTES; i++) {
                double g = segment.getAtIndex(FLOAT, i);
                squares += g * g;
                product += g * Math.cos((double) i);
            }
            all.put(name, new double[] {Math.sqrt(squares), product});
        });
        return all;
    }

    /** {@return float32 numbers that any implementation must read or write once: inputs, gradients and losses} */
    long compulsoryFloats() {
        long inputs =
                tokens() * hidden + 2L * batch * hidden + 4L * batch * latent + (long) (classes + latent) * hidden;
        return inputs + 2L * batch * hidden + 4L * batch * latent + (long) (classes + latent) * hidden + 2L * batch;
    }

    /**
     * {@return float32 numbers this implementation reads and writes, counted call by call; what a call reads again while it works
     * on one row, or on one block of a product, is counted once}
     */
    long movedFloats() {
        long bd = (long) batch * hidden;
        long bz = (long) batch * latent;
        long dz = (long) hidden * latent;
        long fills = bd + 4 * bz;
        long classMeans = (long) classes * hidden + hidden;
        long headLoss = tokens() * hidden + bd + 2 * bd + bd + hidden + batch;
        long headGradient = bd + hidden + 3L * classes * hidden;
        long contexts = bd + dz + bz;
        long representation = 5 * bz + bz + 8 * bz + batch;
        long backward = (bz + dz + bd) + (bd + bz + dz);
        return fills + classMeans + headLoss + headGradient + contexts + representation + backward;
    }

    /** {@return bytes of memory besides inputs and gradients} */
    long extraBytes() {
        return Float.BYTES * ((long) batch * hidden + 2L * batch * latent + 2L * batch + 2L * hidden);
    }

    private long tokens() {
        return tokenStarts[batch];
    }

    @Override
    public void close() {
        workspace.close();
        file.close();
    }
}
