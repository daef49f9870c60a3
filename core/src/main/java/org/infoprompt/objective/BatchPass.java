package org.infoprompt.objective;

import static org.infoprompt.objective.Modules.need;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.TokenRows;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * The part of a training step that spans the batch: shared means before the rows, sums of losses and parameter gradients after
 * them, in one fixed order whatever the blocks were.
 */
public final class BatchPass implements AutoCloseable {
    private final ParameterLayout layout;
    private final ObjectiveConfig config;
    private final ParameterSet parameters;
    private final Kernels kernels;
    private final Workspace workspace;
    private final RowBuffers buffers;
    private final Modules values;
    private final Modules gradients;
    private final MemorySegment classMean;
    private final MemorySegment dClassMean;
    private final MemorySegment taskMeanPrompt;
    private final PromptStrategy strategy;
    private final StrategyMemory memory;
    private final TokenRows tokens = new TokenRows();

    /**
     * Allocates the buffers of a batch.
     *
     * @param layout what is trained
     * @param parameters the trained tensors
     * @param words [V, D] frozen word embeddings
     * @param kernels kernels of the thread that calls {@link #begin} and {@link #finish}
     * @param maxBatch the most examples of a batch
     */
    public BatchPass(
            ParameterLayout layout, ParameterSet parameters, MemorySegment words, Kernels kernels, int maxBatch) {
        this(layout, parameters, words, kernels, maxBatch, maxBatch);
    }

    /**
     * Allocates the buffers of a batch whose examples may have several read states.
     *
     * @param layout what is trained
     * @param parameters the trained tensors
     * @param words [V, D] frozen word embeddings
     * @param kernels kernels of the thread that calls {@link #begin} and {@link #finish}
     * @param maxBatch the most examples of a batch
     * @param maxReads the most read states of a batch
     */
    public BatchPass(
            ParameterLayout layout,
            ParameterSet parameters,
            MemorySegment words,
            Kernels kernels,
            int maxBatch,
            int maxReads) {
        this.layout = layout;
        this.config = layout.objective();
        this.parameters = parameters;
        this.kernels = kernels;
        DType type = parameters.dtype();
        int d = layout.hiddenSize();
        workspace = Workspace.ofBytes(bytes(layout, parameters, words, kernels, maxBatch, maxReads));
        buffers = new RowBuffers(layout, type, workspace, maxBatch, maxReads, true);
        memory = new StrategyMemory(layout, parameters, kernels, words, buffers, workspace, tokens, true, 0, null);
        strategy = layout.prompt().open(memory);
        classMean = workspace.allocate(type, d);
        dClassMean = workspace.allocate(type, d);
        taskMeanPrompt = workspace.allocate(type, d);
        values = Modules.values(parameters);
        gradients = Modules.gradients(parameters);
    }

    /**
     * {@return how many bytes of buffers a batch needs}
     *
     * @param layout what is trained
     * @param parameters the trained tensors
     * @param words [V, D] frozen word embeddings
     * @param kernels any kernels of the backend
     * @param maxBatch the most examples of a batch
     * @param maxReads the most read states of a batch
     */
    public static long bytes(
            ParameterLayout layout,
            ParameterSet parameters,
            MemorySegment words,
            Kernels kernels,
            int maxBatch,
            int maxReads) {
        DType type = parameters.dtype();
        try (Workspace measuring = Workspace.measuring()) {
            RowBuffers none = new RowBuffers(layout, type, measuring, maxBatch, maxReads, true);
            layout.prompt()
                    .open(new StrategyMemory(
                            layout, parameters, kernels, words, none, measuring, new TokenRows(), true, 0, null));
            for (int i = 0; i < 3; i++) {
                measuring.allocate(type, layout.hiddenSize());
            }
            return measuring.usedBytes();
        }
    }

    /** {@return the word ids of the batch's plain inputs, to be filled in batch order; only some prompt methods read them} */
    public TokenRows tokens() {
        return tokens;
    }

    StrategyMemory memory() {
        return memory;
    }

    MemorySegment classMean() {
        return classMean;
    }

    MemorySegment taskMeanPrompt() {
        return taskMeanPrompt;
    }

    /** Computes the prompts that all rows share; call before scores, {@link #begin} does it for steps. */
    public void prepare() {
        strategy.prepare();
    }

    /** Prepares what all rows share; call before the rows of a step. */
    public void begin() {
        prepare();
        RowKernels rows = kernels.rows();
        int d = layout.hiddenSize();
        rows.groupMean(1, layout.numClasses(), d, values.headWeight, classMean);
        if (config.usesInformation() && !layout.isInstance()) {
            rows.groupMean(1, layout.numVectors(), d, need(strategy.prompts(0)), taskMeanPrompt);
        }
    }

    /**
     * Takes over a finished block. Blocks may come from several threads as long as their rows differ.
     *
     * @param block the worker's rows
     * @param m how many
     * @param atRow their place in the batch
     */
    public void collect(RowPass block, int m, int atRow) {
        collect(block, m, atRow, m, atRow);
    }

    /**
     * Takes over a finished block whose examples may have several read states.
     *
     * @param block the worker's rows
     * @param m how many examples
     * @param atRow their place in the batch
     * @param reads how many read states
     * @param atRead their place in the batch
     */
    public void collect(RowPass block, int m, int atRow, int reads, int atRead) {
        block.buffers().collectInto(buffers, block.kernels().rows(), m, atRow, reads, atRead);
    }

    /**
     * Sums the losses and overwrites all parameter gradients; call after all blocks.
     *
     * @param b batch size B
     * @param labels classes in batch order
     * @param weight w, the common factor of the information losses
     * @return the loss terms
     */
    public LossReport finish(int b, int[] labels, double weight) {
        finish(b, b);
        return report(b, labels, weight);
    }

    /**
     * Overwrites all parameter gradients; call after all blocks.
     *
     * @param examples how many examples the batch has
     * @param b how many read states they have, B of the classifier; the same where an example has one
     */
    public void finish(int examples, int b) {
        MatmulKernels mm = kernels.matmul();
        int d = layout.hiddenSize();
        int c = layout.numClasses();
        int z = layout.latentSize();
        RowBuffers s = buffers;
        Modules g = gradients;
        double keepHead = 0;
        if (config.classification().usesBottleneck()) {
            mm.gemm(true, false, c, d, b, 1, s.dLogits, s.decoded, 0, g.headWeight);
            keepHead = 1;
        }
        if (config.classification().usesDirect()) {
            mm.gemm(true, false, c, d, b, 1, s.dLogits, s.state, keepHead, g.headWeight);
            biasGradient(b, c, s.dLogits, 0, g.headBias);
        }
        if (config.usesHead()) {
            kernels.rows().columnSums(b, d, 1.0 / c, s.dClassMean, 0, dClassMean);
            kernels.rows().addBias(c, d, dClassMean, g.headWeight);
        }
        if (config.usesDecoder()) {
            decoderGradient(mm, b, d, z);
        }
        if (config.usesBottleneck()) {
            bottleneckGradient(b, d, z, s.dMuPrompted, s.dMu, need(g.meanWeight), g.meanBias);
            bottleneckGradient(b, d, z, s.dLogStdPrompted, s.dLogStd, need(g.logStdWeight), g.logStdBias);
        }
        if (config.usesRepresentation()) {
            mm.gemm(true, false, d, d, b, 1, s.dProjected, s.meanPrompts, 0, need(g.projectionWeight));
            biasGradient(b, d, s.dProjected, 0, g.projectionBias);
        }
        strategy.gradients(examples);
    }

    private void decoderGradient(MatmulKernels mm, int b, int d, int z) {
        RowBuffers s = buffers;
        MemorySegment weight = need(gradients.decoderWeight);
        double keep = 0;
        if (config.classification().usesBottleneck()) {
            mm.gemm(true, false, d, z, b, 1, s.dDecoded, s.z, 0, weight);
            biasGradient(b, d, s.dDecoded, 0, gradients.decoderBias);
            keep = 1;
        } else {
            // The bias shifts all scores of a row alike, so the representation loss gives it no gradient.
            kernels.rows().fill(d, 0, need(gradients.decoderBias));
        }
        if (config.usesRepresentation()) {
            mm.gemm(true, false, d, z, b, 1 / Math.sqrt(d), s.projected, s.dContext, keep, weight);
        }
    }

    private void bottleneckGradient(
            int b,
            int d,
            int z,
            MemorySegment dPrompted,
            MemorySegment dPlain,
            MemorySegment weight,
            @Nullable MemorySegment bias) {
        kernels.matmul().gemm(true, false, z, d, b, 1, dPrompted, buffers.state, 0, weight);
        biasGradient(b, z, dPrompted, 0, bias);
        if (config.usesPlainState()) {
            kernels.matmul().gemm(true, false, z, d, b, 1, dPlain, buffers.plainState, 1, weight);
            biasGradient(b, z, dPlain, 1, bias);
        }
    }

    private void biasGradient(int b, int width, MemorySegment rows, double keep, @Nullable MemorySegment bias) {
        kernels.rows().columnSums(b, width, 1, rows, keep, need(bias));
    }

    /**
     * Sums the losses; waits for the kernels.
     *
     * @param b how many read states the batch has
     * @param labels classes in batch order, one a read state
     * @param weight w, the common factor of the information losses
     * @return the loss terms
     */
    public LossReport report(int b, int[] labels, double weight) {
        // All copies are asked for before the one wait.
        MemorySegment crossEntropies = view(buffers.crossEntropy, b);
        MemorySegment heads = config.usesHead() ? view(buffers.headLoss, b) : null;
        MemorySegment representations = config.usesRepresentation() ? view(buffers.representationLoss, b) : null;
        MemorySegment kls = config.klWeight() > 0 ? view(buffers.klLoss, b) : null;
        MemorySegment logits = view(buffers.logits, (long) b * layout.numClasses());
        kernels.await();
        double ce = mean(b, crossEntropies);
        double head = heads == null ? 0 : mean(b, heads);
        double representation = representations == null ? 0 : mean(b, representations);
        double kl = kls == null ? 0 : mean(b, kls);
        double total = ce + weight * (config.gamma() * head + config.beta() * representation + config.klWeight() * kl);
        int correct = layout.isRegression() ? LossReport.NO_CLASSES : 0;
        int c = layout.numClasses();
        for (int i = 0; i < b && !layout.isRegression(); i++) {
            int best = 0;
            for (int k = 1; k < c; k++) {
                if (parameters.element(logits, (long) i * c + k) > parameters.element(logits, (long) i * c + best)) {
                    best = k;
                }
            }
            if (best == labels[i]) {
                correct++;
            }
        }
        return new LossReport(ce, head, representation, kl, total, correct, b);
    }

    private MemorySegment view(MemorySegment result, long n) {
        return kernels.view(result.asSlice(0, n * parameters.dtype().bytes()));
    }

    private double mean(int b, MemorySegment losses) {
        double sum = 0;
        for (int i = 0; i < b; i++) {
            sum += parameters.element(losses, i);
        }
        return sum / b;
    }

    /** Frees the buffers; idempotent. */
    @Override
    public void close() {
        workspace.close();
    }
}
