package org.infoprompt.objective;

import static org.infoprompt.objective.Modules.need;

import java.lang.foreign.MemorySegment;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.ops.InformationKernels;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.Noise;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.prompt.Elements;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.TokenRows;
import org.infoprompt.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * Prompts, head and losses for a block of examples, forward and backward, for one thread. Every quantity belongs to one example,
 * so that a block of any size gives the same numbers; sums over the batch are left to {@link BatchPass}.
 *
 * <p>Order of a training block: fill {@link #tokens()}, {@link #clsStates()} and {@link #plainStates()}, {@link #prompts}, encoder
 * forward with {@link #inserts()} into {@link
 * #promptedStates()}, {@link #losses}, encoder backward from {@link #dPromptedStates()} into {@link #dPrompts()}, {@link
 * #promptsBackward}, {@link BatchPass#collect}.
 */
public final class RowPass implements AutoCloseable {
    private final ParameterLayout layout;
    private final ObjectiveConfig config;
    private final Kernels kernels;
    private final Workspace workspace;
    private final RowBuffers buffers;
    private final Modules modules;
    private final PromptStrategy strategy;
    private final StrategyMemory memory;
    private final TokenRows tokens = new TokenRows();
    private @Nullable MemorySegment prompts;
    private final @Nullable BatchPass batch;
    private final int[] sharedMean;
    private final double[] targets;
    private final Elements elements;

    /**
     * Allocates the buffers of one worker.
     *
     * @param layout what is trained
     * @param parameters the trained tensors
     * @param batch the step this worker contributes to; null for inference only
     * @param words [V, D] frozen word embeddings
     * @param kernels this thread's kernels
     * @param maxRows the most examples of a block
     */
    public RowPass(
            ParameterLayout layout,
            ParameterSet parameters,
            @Nullable BatchPass batch,
            MemorySegment words,
            Kernels kernels,
            int maxRows) {
        this(layout, parameters, batch, words, kernels, maxRows, maxRows, 0);
    }

    /**
     * Allocates the buffers of one worker whose examples may have several read states.
     *
     * @param layout what is trained
     * @param parameters the trained tensors
     * @param batch the step this worker contributes to; null for inference only
     * @param words [V, D] frozen word embeddings
     * @param kernels this thread's kernels
     * @param maxRows the most examples of a block
     * @param maxReads the most read states of a block; {@link #score} and {@link #losses} then take their number for m
     * @param maxEncoderRows the most encoder rows of a block; only methods that change linear layers need them
     */
    public RowPass(
            ParameterLayout layout,
            ParameterSet parameters,
            @Nullable BatchPass batch,
            MemorySegment words,
            Kernels kernels,
            int maxRows,
            int maxReads,
            int maxEncoderRows) {
        this.layout = layout;
        this.config = layout.objective();
        this.kernels = kernels;
        this.batch = batch;
        boolean training = batch != null;
        StrategyMemory owner = batch == null ? null : batch.memory();
        long bytes = bytes(layout, parameters, training, words, kernels, maxRows, maxReads, maxEncoderRows);
        workspace = Workspace.ofBytes(bytes);
        buffers = new RowBuffers(layout, parameters.dtype(), workspace, maxRows, maxReads, training);
        memory = new StrategyMemory(
                layout, parameters, kernels, words, buffers, workspace, tokens, training, maxEncoderRows, owner);
        strategy = layout.prompt().open(memory);
        modules = Modules.values(parameters);
        sharedMean = new int[maxRows];
        elements = new Elements(parameters.dtype(), kernels);
        targets = new double[layout.isRegression() ? maxReads : 0];
    }

    /**
     * {@return how many bytes of buffers one worker needs}
     *
     * @param layout what is trained
     * @param parameters the trained tensors
     * @param training whether steps are run, where a {@link BatchPass} keeps what workers share
     * @param words [V, D] frozen word embeddings
     * @param kernels any kernels of the backend
     * @param maxRows the most examples of a block
     * @param maxReads the most read states of a block
     * @param maxEncoderRows the most encoder rows of a block
     */
    public static long bytes(
            ParameterLayout layout,
            ParameterSet parameters,
            boolean training,
            MemorySegment words,
            Kernels kernels,
            int maxRows,
            int maxReads,
            int maxEncoderRows) {
        try (Workspace measuring = Workspace.measuring()) {
            RowBuffers none = new RowBuffers(layout, parameters.dtype(), measuring, maxRows, maxReads, training);
            TokenRows tokens = new TokenRows();
            StrategyMemory owner = training
                    ? new StrategyMemory(
                            layout, parameters, kernels, words, none, measuring, tokens, true, maxEncoderRows, null)
                    : null;
            layout.prompt()
                    .open(new StrategyMemory(
                            layout,
                            parameters,
                            kernels,
                            words,
                            none,
                            measuring,
                            tokens,
                            training,
                            maxEncoderRows,
                            owner));
            return measuring.usedBytes();
        }
    }

    /** {@return the word ids of the block's plain inputs, to be filled; only some prompt methods read them} */
    public TokenRows tokens() {
        return tokens;
    }

    /** {@return the numbers to learn, to be filled before {@link #losses}; empty where classes are learnt} */
    public double[] targets() {
        return targets;
    }

    /** {@return [m, D], to be filled with the plain pass's first hidden state; only where the prompt method reads it} */
    public MemorySegment clsStates() {
        return buffers.cls;
    }

    /** {@return [m, D], to be filled with the plain pass's read state; only information losses read it} */
    public MemorySegment plainStates() {
        return buffers.plainState;
    }

    /** {@return [m, D], to be filled with the prompted pass's read state} */
    public MemorySegment promptedStates() {
        return buffers.state;
    }

    /** {@return [m, D], the gradient to {@link #promptedStates()} after {@link #losses}} */
    public MemorySegment dPromptedStates() {
        return buffers.dState;
    }

    /** {@return [m·N, D], to be filled with the encoder's gradient to the prompt slots} */
    public MemorySegment dPrompts() {
        return buffers.dPrompts;
    }

    /** {@return [m, C], the class scores} */
    public MemorySegment logits() {
        return buffers.logits;
    }

    RowBuffers buffers() {
        return buffers;
    }

    Kernels kernels() {
        return kernels;
    }

    /** Computes what all examples share, if this pass was made for inference; otherwise {@link BatchPass#prepare} does. */
    public void prepare() {
        if (batch == null) {
            strategy.prepare();
        }
    }

    /** {@return what goes into the encoder's layers besides the prompts, or null} */
    public @Nullable LayerInserts inserts() {
        return strategy.inserts();
    }

    /**
     * Makes the prompts of the block.
     *
     * @param m number of examples
     * @return the prompt table: [N, D] for shared prompts, [m·N, D] for instance-wise ones, null where there are none
     */
    public @Nullable MemorySegment prompts(int m) {
        prompts = strategy.prompts(m);
        return prompts;
    }

    /**
     * Scores the classes without noise, as at inference: the bottleneck gives its mean.
     *
     * @param m number of examples
     */
    public void score(int m) {
        if (config.classification().usesBottleneck()) {
            bottleneckMean(m, buffers.state, buffers.muPrompted);
            classify(m, buffers.muPrompted);
        } else {
            classify(m, buffers.z);
        }
    }

    /**
     * Computes every row's losses and the gradients to the prompted states and to the mean prompts.
     *
     * @param m number of examples
     * @param labels their classes
     * @param noise seed, step and batch rows
     * @param explicitNoise [m, 2+K, Z] classified, positive and negative samples to use instead, or null
     * @param words [V, D] frozen word embeddings
     * @param tokenIds word ids of the plain inputs, one after the other
     * @param tokenStarts m+1 starts into them
     * @param scales the step's factors
     */
    public void losses(
            int m,
            int[] labels,
            Noise noise,
            @Nullable ExplicitNoise explicitNoise,
            MemorySegment words,
            int[] tokenIds,
            int[] tokenStarts,
            StepScales scales) {
        MatmulKernels mm = kernels.matmul();
        RowKernels rows = kernels.rows();
        InformationKernels information = kernels.information();
        RowBuffers b = buffers;
        int d = layout.hiddenSize();
        int z = layout.latentSize();
        int c = layout.numClasses();
        clear(m, z);
        if (config.usesBottleneck()) {
            bottleneckMean(m, b.state, b.muPrompted);
            bottleneckLogStd(m, b.state, b.logStdPrompted);
        }
        if (config.usesPlainState()) {
            bottleneckMean(m, b.plainState, b.mu);
            bottleneckLogStd(m, b.plainState, b.logStd);
        }
        if (config.classification().usesBottleneck()) {
            if (explicitNoise == null) {
                information.gaussian(noise, Noise.CLASSIFIED, m, 1, z, b.eps);
            } else {
                rows.copy(m, z, explicitNoise.classified(), 0, b.eps, 0);
            }
            information.sampleForward(m, z, b.muPrompted, b.logStdPrompted, b.eps, b.z);
        }
        classify(m, b.z);
        if (layout.isRegression()) {
            squaredError(m, scales.crossEntropy());
        } else {
            kernels.loss().crossEntropy(m, c, b.logits, labels, scales.crossEntropy(), b.crossEntropy, b.dLogits);
        }
        mm.gemm(false, false, m, d, c, 1, b.dLogits, modules.headWeight, 0, b.dDecoded);
        if (config.classification().usesDirect()) {
            rows.copy(m, d, b.dDecoded, 0, b.dState, 0);
        }
        if (config.classification().usesBottleneck()) {
            mm.gemm(false, false, m, z, d, 1, b.dDecoded, need(modules.decoderWeight), 0, b.dZ);
            information.sampleBackward(m, z, b.logStdPrompted, b.eps, b.dZ, b.dMuPrompted, b.dLogStdPrompted);
        }
        if (config.usesHead() || config.usesRepresentation()) {
            meanPrompts(m);
        }
        if (config.usesHead()) {
            information.headInformation(
                    m,
                    d,
                    b.meanPrompts,
                    words,
                    tokenIds,
                    tokenStarts,
                    batch().classMean(),
                    config.logProbFloor(),
                    scales.head(),
                    b.headLoss,
                    b.dMeanPrompts,
                    b.dClassMean);
        }
        if (config.usesRepresentation()) {
            representation(m, noise, explicitNoise, scales);
        }
        if (config.klWeight() > 0) {
            information.kl(m, z, b.mu, b.logStd, scales.kl(), b.klLoss, b.dMu, b.dLogStd);
            information.kl(
                    m, z, b.muPrompted, b.logStdPrompted, scales.kl(), b.klLoss, b.dMuPrompted, b.dLogStdPrompted);
        }
        if (config.usesBottleneck()) {
            mm.gemm(false, false, m, d, z, 1, b.dMuPrompted, need(modules.meanWeight), 1, b.dState);
            mm.gemm(false, false, m, d, z, 1, b.dLogStdPrompted, need(modules.logStdWeight), 1, b.dState);
        }
    }

    /** One number an example; takes the cross-entropy's place. */
    private void squaredError(int m, double scale) {
        for (int i = 0; i < m; i++) {
            double difference = elements.get(buffers.logits, i) - targets[i];
            elements.set(buffers.crossEntropy, i, difference * difference);
            elements.set(buffers.dLogits, i, 2 * scale * difference);
        }
    }

    private BatchPass batch() {
        if (batch == null) {
            throw new IllegalStateException("this pass was made for inference");
        }
        return batch;
    }

    private void clear(int m, int z) {
        RowKernels rows = kernels.rows();
        RowBuffers b = buffers;
        rows.fill((long) m * layout.hiddenSize(), 0, b.dState);
        if (layout.readsWords()) {
            // Neither prompts' means nor the bottleneck have a part in token labelling.
            return;
        }
        rows.fill((long) m * layout.hiddenSize(), 0, b.dMeanPrompts);
        rows.fill((long) m * z, 0, b.dMu);
        rows.fill((long) m * z, 0, b.dLogStd);
        rows.fill((long) m * z, 0, b.dMuPrompted);
        rows.fill((long) m * z, 0, b.dLogStdPrompted);
        rows.fill(m, 0, b.klLoss);
    }

    private void meanPrompts(int m) {
        if (layout.isInstance()) {
            kernels.rows().groupMean(m, layout.numVectors(), layout.hiddenSize(), need(prompts), buffers.meanPrompts);
        } else {
            kernels.rows().gather(m, layout.hiddenSize(), batch().taskMeanPrompt(), sharedMean, buffers.meanPrompts);
        }
    }

    private void representation(int m, Noise noise, @Nullable ExplicitNoise explicitNoise, StepScales scales) {
        MatmulKernels mm = kernels.matmul();
        RowBuffers b = buffers;
        int d = layout.hiddenSize();
        int z = layout.latentSize();
        double root = 1 / Math.sqrt(d);
        MemorySegment decoder = need(modules.decoderWeight);
        linear(
                mm,
                kernels.rows(),
                m,
                d,
                d,
                b.meanPrompts,
                modules.projectionWeight,
                modules.projectionBias,
                b.projected);
        mm.gemm(false, false, m, z, d, root, b.projected, decoder, 0, b.context);
        kernels.information()
                .representationInformation(
                        m,
                        z,
                        scales.numNegatives(),
                        b.context,
                        b.mu,
                        b.logStd,
                        b.muPrompted,
                        b.logStdPrompted,
                        noise,
                        explicitNoise == null ? null : explicitNoise.contrastive(),
                        config.logProbFloor(),
                        scales.representation(),
                        b.representationLoss,
                        b.dContext,
                        b.dMu,
                        b.dLogStd,
                        b.dMuPrompted,
                        b.dLogStdPrompted);
        mm.gemm(false, true, m, d, z, root, b.dContext, decoder, 0, b.dProjected);
    }

    /**
     * Joins the gradient of the prompt slots with that of the mean prompts and hands both on to the prompt method.
     *
     * @param m number of examples
     */
    public void promptsBackward(int m) {
        RowBuffers b = buffers;
        int d = layout.hiddenSize();
        int n = layout.numVectors();
        if (n > 0 && layout.prompt().layout().numSlots() == 0) {
            // The encoder sees no rows of theirs and gave no gradient.
            kernels.rows().fill((long) m * n * d, 0, b.dPrompts);
        }
        if (config.usesHead()) {
            kernels.rows().groupSpread(m, n, d, 1.0 / n, b.dMeanPrompts, b.dPrompts);
        }
        strategy.backward(m);
    }

    private void bottleneckMean(int m, MemorySegment state, MemorySegment mu) {
        linear(
                kernels.matmul(),
                kernels.rows(),
                m,
                layout.latentSize(),
                layout.hiddenSize(),
                state,
                modules.meanWeight,
                modules.meanBias,
                mu);
    }

    private void bottleneckLogStd(int m, MemorySegment state, MemorySegment logStd) {
        linear(
                kernels.matmul(),
                kernels.rows(),
                m,
                layout.latentSize(),
                layout.hiddenSize(),
                state,
                modules.logStdWeight,
                modules.logStdBias,
                logStd);
    }

    private void classify(int m, MemorySegment z) {
        MatmulKernels mm = kernels.matmul();
        RowKernels rows = kernels.rows();
        int d = layout.hiddenSize();
        int c = layout.numClasses();
        if (config.classification().usesBottleneck()) {
            linear(mm, rows, m, d, layout.latentSize(), z, modules.decoderWeight, modules.decoderBias, buffers.decoded);
            mm.gemm(false, true, m, c, d, 1, buffers.decoded, modules.headWeight, 0, buffers.logits);
        }
        if (config.classification().usesDirect()) {
            double keep = config.classification().usesBottleneck() ? 1 : 0;
            mm.gemm(false, true, m, c, d, 1, buffers.state, modules.headWeight, keep, buffers.logits);
            rows.addBias(m, c, need(modules.headBias), buffers.logits);
        }
    }

    private static void linear(
            MatmulKernels mm,
            RowKernels rows,
            int m,
            int out,
            int in,
            MemorySegment x,
            @Nullable MemorySegment weight,
            @Nullable MemorySegment bias,
            MemorySegment y) {
        mm.gemm(false, true, m, out, in, 1, x, need(weight), 0, y);
        rows.addBias(m, out, need(bias), y);
    }

    /** {@return how many bytes its buffers take} */
    public long bytes() {
        return workspace.usedBytes();
    }

    /** Frees the buffers; idempotent. */
    @Override
    public void close() {
        workspace.close();
    }
}
