package org.infoprompt.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.model.MaskedLmHead;
import org.infoprompt.model.PackedRows;
import org.infoprompt.model.StateReader;
import org.infoprompt.model.TransformerEncoder;
import org.infoprompt.objective.BatchPass;
import org.infoprompt.objective.LossReport;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.objective.RowPass;
import org.infoprompt.objective.StepScales;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.Noise;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.ops.WorkerPool;
import org.infoprompt.prompt.Reading;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * Runs plain passes, training steps and class scores over a pool of workers. Each worker takes blocks of examples through the
 * whole walk (encoder forward, losses, encoder backward) with buffers of its own, so memory grows with the block and not with the
 * batch. Results are the same for any number of workers. A step allocates nothing but its small report.
 *
 * <p>Not thread-safe: one caller at a time.
 */
public final class PromptEngine implements AutoCloseable {
    private final EncoderWeights weights;
    private final ParameterLayout layout;
    private final ParameterSet parameters;
    private final int hiddenSize;
    private final int maxBlockRows;
    private final int maxBlockExamples;
    private final boolean training;
    private final WorkerPool pool;
    private final Kernels batchKernels;
    private final @Nullable BatchPass batchPass;
    private final List<Worker> workers = new ArrayList<>();
    private final Blocks stepBlocks;
    private final int[] stepLabels;
    private final int[] stepReadStarts;
    private final int maxBlockReads;
    private final WorkerPool.Job stepJob = this::stepBlock;
    private final Blocks.Length stepLength = this::promptedLength;

    private @Nullable PreparedExamples stepExamples;
    private @Nullable PlainStates stepPlain;
    private int[] stepBatch = new int[0];
    private @Nullable StepScales stepScales;
    private long stepSeed;
    private int stepNumber;
    private double stepNorm;

    /**
     * Allocates workers and buffers.
     *
     * @param weights the frozen encoder
     * @param layout what is trained
     * @param parameters the trained tensors
     * @param sizes threads, batch and block sizes
     * @throws UncheckedIOException if the layout reads features of a masked-LM head and the model has none
     */
    public PromptEngine(EncoderWeights weights, ParameterLayout layout, ParameterSet parameters, EngineSizes sizes) {
        this.weights = weights;
        this.layout = layout;
        this.parameters = parameters;
        this.training = sizes.training();
        hiddenSize = layout.hiddenSize();
        maxBlockRows = sizes.maxBlockRows();
        maxBlockExamples = sizes.maxBlockExamples();
        pool = new WorkerPool(sizes.numThreads());
        batchKernels = weights.backend().newKernels();
        batchPass = training
                ? new BatchPass(
                        layout, parameters, weights.words(), batchKernels, sizes.maxBatch(), maxBatchReads(sizes))
                : null;
        stepBlocks = new Blocks(sizes.maxBatch());
        stepLabels = new int[training ? maxBatchReads(sizes) : 0];
        stepReadStarts = new int[sizes.maxBatch()];
        maxBlockReads = layout.readsWords() ? maxBlockRows : maxBlockExamples;
        for (int i = 0; i < sizes.numThreads(); i++) {
            workers.add(new Worker(parameters));
        }
    }

    private static @Nullable MaskedLmHead maskedLmHead(EncoderWeights weights, ParameterLayout layout) {
        if (!layout.prompt().readsMaskedLmFeature()) {
            return null;
        }
        try {
            return weights.maskedLmHead();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int maxBatchReads(EngineSizes sizes) {
        return layout.readsWords() ? Math.multiplyExact(sizes.maxBatch(), maxBlockRows) : sizes.maxBatch();
    }

    /**
     * {@return how many bytes of buffers an engine of these sizes allocates}
     *
     * @param weights the frozen encoder
     * @param layout what is trained
     * @param sizes threads, batch and block sizes
     * @throws UncheckedIOException if the layout reads features of a masked-LM head and the model has none
     */
    public static long bytes(EncoderWeights weights, ParameterLayout layout, EngineSizes sizes) {
        Kernels kernels = weights.backend().newKernels();
        DType type = weights.backend().dtype();
        boolean words = layout.readsWords();
        int rows = sizes.maxBlockRows();
        int examples = sizes.maxBlockExamples();
        int prefixes = layout.prompt().layout().numPrefixes();
        try (ParameterSet parameters = ParameterSet.forInference(type, layout.shapes())) {
            long worker = TransformerEncoder.bytes(
                            weights,
                            rows,
                            Math.multiplyExact(examples, prefixes),
                            sizes.training(),
                            weights.activationType(layout.prompt().changesLinearLayers()))
                    + RowPass.bytes(
                            layout,
                            parameters,
                            sizes.training(),
                            weights.words(),
                            kernels,
                            examples,
                            words ? rows : examples,
                            rows)
                    + StateReader.bytes(
                            type,
                            layout.hiddenSize(),
                            layout.prompt().reading() == Reading.MEAN,
                            examples,
                            rows,
                            maskedLmHead(weights, layout),
                            sizes.training())
                    + plainBytes(type, examples, layout.hiddenSize());
            long batch = sizes.training()
                    ? BatchPass.bytes(
                            layout,
                            parameters,
                            weights.words(),
                            kernels,
                            sizes.maxBatch(),
                            words ? Math.multiplyExact(sizes.maxBatch(), rows) : sizes.maxBatch())
                    : 0;
            return Math.addExact(batch, Math.multiplyExact(worker, sizes.numThreads()));
        }
    }

    private static long plainBytes(DType type, int examples, int hiddenSize) {
        return 2 * ((long) examples * hiddenSize * type.bytes() + 64);
    }

    /** One thread's kernels and buffers. */
    private final class Worker implements AutoCloseable {
        final Kernels kernels = weights.backend().newKernels();
        final TransformerEncoder encoder;
        final StateReader reader;
        final PackedRows rows =
                new PackedRows(maxBlockRows, maxBlockExamples, weights.config().positionOffset());
        final RowPass pass;
        final Noise noise = new Noise(maxBlockExamples);
        final int[] labels = new int[maxBlockReads];
        final int[] examples = new int[maxBlockExamples];
        final Workspace workspace;
        final MemorySegment plainFirst;
        final MemorySegment plainRead;

        Worker(ParameterSet parameters) {
            DType type = parameters.dtype();
            encoder = new TransformerEncoder(
                    weights,
                    kernels,
                    maxBlockRows,
                    Math.multiplyExact(
                            maxBlockExamples, layout.prompt().layout().numPrefixes()),
                    training,
                    weights.activationType(layout.prompt().changesLinearLayers()));
            boolean mean = layout.prompt().reading() == Reading.MEAN;
            reader = new StateReader(
                    encoder,
                    kernels,
                    type,
                    hiddenSize,
                    mean,
                    maxBlockExamples,
                    maskedLmHead(weights, layout),
                    training);
            pass = new RowPass(
                    layout,
                    parameters,
                    batchPass,
                    weights.words(),
                    kernels,
                    maxBlockExamples,
                    maxBlockReads,
                    maxBlockRows);
            long n = (long) maxBlockExamples * hiddenSize;
            workspace = Workspace.ofBytes(plainBytes(type, maxBlockExamples, hiddenSize));
            plainFirst = workspace.allocate(type, n);
            plainRead = workspace.allocate(type, n);
        }

        /** Runs the plain pass of the first m of {@link #examples}. */
        void plainPass(PreparedExamples data, int m, MemorySegment first, MemorySegment read) {
            rows.clear();
            for (int i = 0; i < m; i++) {
                rows.addPlain(data.plain(examples[i]));
            }
            reader.plain(rows, first, read);
        }

        /** Lays out the first m of {@link #examples} with their prompt slots. */
        void promptedRows(PreparedExamples data, int m) {
            rows.clear();
            for (int i = 0; i < m; i++) {
                rows.add(data.prompted(examples[i]), layout.isInstance() ? i * layout.numVectors() : 0);
            }
        }

        /** Takes the word ids of the first m of {@link #examples}. */
        void tokens(PreparedExamples data, int m) {
            pass.tokens().clear();
            for (int i = 0; i < m; i++) {
                pass.tokens().add(data.plainTokens(examples[i]));
            }
        }

        @Override
        public void close() {
            reader.close();
            encoder.close();
            pass.close();
            workspace.close();
        }
    }

    /** {@return how many workers share the work} */
    public int numThreads() {
        return pool.numWorkers();
    }

    /**
     * Runs the plain pass once for every example.
     *
     * @param data the examples
     * @param progress told how many examples are done after each block, from any worker
     * @return the states, to be closed by the caller
     */
    public PlainStates plainStates(PreparedExamples data, java.util.function.IntConsumer progress) {
        return plainStates(data, null, progress);
    }

    /**
     * Runs the plain pass once for every example that is new to a cache.
     *
     * @param data the examples
     * @param cache of this encoder; null for none
     * @param progress told how many examples are done, those of the cache first
     * @return the states, to be closed by the caller
     */
    public PlainStates plainStates(
            PreparedExamples data, @Nullable PlainStateCache cache, java.util.function.IntConsumer progress) {
        PlainStates states = new PlainStates(weights.backend().dtype(), data.size(), hiddenSize);
        boolean feature = layout.prompt().readsMaskedLmFeature();
        int[] wanted = cache == null ? IntStream.range(0, data.size()).toArray() : cache.fill(data, feature, states);
        progress.accept(data.size() - wanted.length);
        Blocks blocks = new Blocks(wanted.length);
        blocks.plan(
                wanted.length, i -> data.plain(wanted[i]).length(), maxBlockRows, maxBlockExamples, pool.numWorkers());
        pool.run(blocks.numBlocks(), (workerIndex, block) -> {
            Worker w = workers.get(workerIndex);
            int m = take(w, blocks, block);
            for (int i = 0; i < m; i++) {
                w.examples[i] = wanted[w.examples[i]];
            }
            w.plainPass(data, m, w.plainFirst, w.plainRead);
            RowKernels rows = w.kernels.rows();
            for (int i = 0; i < m; i++) {
                rows.copy(1, hiddenSize, w.plainFirst, i, states.cls(), w.examples[i]);
                rows.copy(1, hiddenSize, w.plainRead, i, states.read(), w.examples[i]);
            }
            progress.accept(m);
        });
        batchKernels.await();
        if (cache != null) {
            cache.keep(data, feature, states, wanted);
        }
        return states;
    }

    private static int take(Worker w, Blocks blocks, int block) {
        int m = blocks.end(block) - blocks.start(block);
        for (int i = 0; i < m; i++) {
            w.examples[i] = blocks.order(blocks.start(block) + i);
        }
        return m;
    }

    /**
     * Computes the losses of a batch and overwrites all parameter gradients.
     *
     * @param data the examples
     * @param plain their plain states, or null if the layout needs none
     * @param batch numbers of the batch's examples
     * @param weight w, the common factor of the information losses
     * @param seed the run's seed
     * @param step the step, from 0
     * @return the loss terms
     */
    public LossReport step(
            PreparedExamples data, @Nullable PlainStates plain, int[] batch, double weight, long seed, int step) {
        if (plain == null && needsPlainStates(layout)) {
            throw new IllegalArgumentException("this layout needs plain states");
        }
        stepExamples = data;
        stepPlain = plain;
        stepBatch = batch;
        stepSeed = seed;
        stepNumber = step;
        BatchPass batchPass = batchPass();
        batchPass.begin();
        stepBlocks.plan(batch.length, stepLength, maxBlockRows, maxBlockExamples, pool.numWorkers());
        int reads = 0;
        for (int i = 0; i < batch.length; i++) {
            int example = batch[stepBlocks.order(i)];
            stepReadStarts[i] = reads;
            for (int r = 0; r < data.numReads(example); r++) {
                stepLabels[reads++] = data.label(example, r);
            }
        }
        stepScales = StepScales.of(layout.objective(), weight, Math.max(1, reads));
        pool.run(stepBlocks.numBlocks(), stepJob);
        batchPass.tokens().clear();
        for (int i = 0; i < batch.length; i++) {
            int example = batch[stepBlocks.order(i)];
            if (layout.prompt().readsTokens()) {
                batchPass.tokens().add(data.plainTokens(example));
            }
        }
        batchPass.finish(batch.length, reads);
        // All that the host must know comes from one wait for a device, at the end.
        DoubleSupplier squares =
                batchKernels.rows().sumOfSquaresLater(parameters.numElements(), parameters.gradients());
        LossReport report = batchPass.report(reads, stepLabels, weight);
        stepNorm = Math.sqrt(squares.getAsDouble());
        return report;
    }

    /**
     * {@return whether training with a layout reads plain states}
     *
     * @param layout what is trained
     */
    public static boolean needsPlainStates(ParameterLayout layout) {
        return scoresReadPlainStates(layout) || layout.objective().usesPlainState();
    }

    /**
     * {@return whether scores of a layout's classes read plain states}
     *
     * @param layout what is trained
     */
    public static boolean scoresReadPlainStates(ParameterLayout layout) {
        return layout.prompt().readsSentence() || layout.prompt().leavesEncoderAlone();
    }

    private BatchPass batchPass() {
        if (batchPass == null) {
            throw new IllegalStateException("this engine was made for scores only");
        }
        return batchPass;
    }

    private int promptedLength(int place) {
        return Math.max(present(stepExamples).prompted(stepBatch[place]).length(), 1);
    }

    private void stepBlock(int workerIndex, int block) {
        Worker w = workers.get(workerIndex);
        PreparedExamples data = present(stepExamples);
        int from = stepBlocks.start(block);
        int m = stepBlocks.end(block) - from;
        w.noise.set(stepSeed, stepNumber);
        int reads = 0;
        for (int i = 0; i < m; i++) {
            int place = stepBlocks.order(from + i);
            int example = stepBatch[place];
            w.examples[i] = example;
            for (int r = 0; r < data.numReads(example); r++) {
                w.labels[reads++] = data.label(example, r);
            }
            if (layout.isRegression()) {
                w.pass.targets()[i] = data.target(example);
            }
            w.noise.setRow(i, place);
        }
        w.tokens(data, m);
        RowKernels rows = w.kernels.rows();
        PlainStates plain = stepPlain;
        if (plain != null) {
            if (layout.prompt().readsSentence()) {
                rows.gather(m, hiddenSize, plain.cls(), w.examples, w.pass.clsStates());
            }
            rows.gather(m, hiddenSize, plain.read(), w.examples, w.pass.plainStates());
        }
        MemorySegment prompts = w.pass.prompts(m);
        boolean alone = layout.prompt().leavesEncoderAlone();
        if (plain != null && alone) {
            rows.copy(m, hiddenSize, w.pass.plainStates(), 0, w.pass.promptedStates(), 0);
        } else {
            w.promptedRows(data, m);
            w.reader.forward(w.rows, prompts, w.pass.inserts(), w.pass.promptedStates(), true);
        }
        w.pass.losses(
                reads,
                w.labels,
                w.noise,
                null,
                weights.words(),
                w.pass.tokens().ids(),
                w.pass.tokens().starts(),
                present(stepScales));
        if (!alone) {
            w.reader.backward(w.rows, w.pass.dPromptedStates(), w.pass.dPrompts());
        }
        w.pass.promptsBackward(m);
        batchPass().collect(w.pass, m, from, reads, stepReadStarts[from]);
    }

    /**
     * Scores the classes of every example, without noise.
     *
     * @param data the examples
     * @param plain their plain states; null makes prompt methods that read them run the plain pass now
     * @param scores [n, C] in the backend's element type, receives the logits; [all read states, C] where words are read
     * @param progress told how many examples are done after each block, from any worker
     */
    public void scores(
            PreparedExamples data,
            @Nullable PlainStates plain,
            MemorySegment scores,
            java.util.function.IntConsumer progress) {
        Blocks blocks = new Blocks(data.size());
        blocks.plan(data.size(), i -> data.prompted(i).length(), maxBlockRows, maxBlockExamples, pool.numWorkers());
        int c = layout.numClasses();
        preparePrompts();
        pool.run(blocks.numBlocks(), (workerIndex, block) -> {
            Worker w = workers.get(workerIndex);
            int m = take(w, blocks, block);
            RowKernels rows = w.kernels.rows();
            if (layout.prompt().readsSentence()) {
                if (plain != null) {
                    rows.gather(m, hiddenSize, plain.cls(), w.examples, w.pass.clsStates());
                } else {
                    w.plainPass(data, m, w.pass.clsStates(), w.plainRead);
                }
            }
            if (layout.prompt().readsTokens()) {
                w.tokens(data, m);
            }
            MemorySegment prompts = w.pass.prompts(m);
            if (plain != null && layout.prompt().leavesEncoderAlone()) {
                rows.gather(m, hiddenSize, plain.read(), w.examples, w.pass.promptedStates());
            } else {
                w.promptedRows(data, m);
                w.reader.forward(w.rows, prompts, w.pass.inserts(), w.pass.promptedStates(), false);
            }
            int reads = 0;
            for (int i = 0; i < m; i++) {
                reads += data.numReads(w.examples[i]);
            }
            w.pass.score(reads);
            int at = 0;
            for (int i = 0; i < m; i++) {
                int count = data.numReads(w.examples[i]);
                rows.copy(count, c, w.pass.logits(), at, scores, data.readStart(w.examples[i]));
                at += count;
            }
            progress.accept(m);
        });
        batchKernels.await();
    }

    private void preparePrompts() {
        if (batchPass != null) {
            batchPass.prepare();
        } else {
            workers.forEach(w -> w.pass.prepare());
        }
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("no step is running");
        }
        return value;
    }

    /**
     * Takes one AdamW step with the gradients of the last {@link #step}.
     *
     * @param parameters the trained tensors
     * @param config decay and clipping
     * @param step from 0
     * @param learningRate of this step
     * @return the gradients' global norm before clipping
     */
    public double update(ParameterSet parameters, TrainingConfig config, int step, double learningRate) {
        Optimizer.update(parameters, batchKernels, config, step, learningRate, stepNorm);
        return stepNorm;
    }

    /** Stops the workers and frees all buffers; idempotent. */
    @Override
    public void close() {
        pool.close();
        for (Worker worker : workers) {
            worker.close();
        }
        if (batchPass != null) {
            batchPass.close();
        }
    }
}
