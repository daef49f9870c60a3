package org.infoprompt.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.infoprompt.checkpoint.Checkpoint;
import org.infoprompt.checkpoint.CheckpointException;
import org.infoprompt.checkpoint.CheckpointInfo;
import org.infoprompt.checkpoint.ResumePoint;
import org.infoprompt.data.Dataset;
import org.infoprompt.data.Example;
import org.infoprompt.io.InputException;
import org.infoprompt.metric.ConfusionMatrix;
import org.infoprompt.objective.ParameterInitializer;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.Reading;
import org.infoprompt.text.SpecialTokens;
import org.infoprompt.train.EngineSizes;
import org.infoprompt.train.EpochReport;
import org.infoprompt.train.Evaluator;
import org.infoprompt.train.PlainStates;
import org.infoprompt.train.PreparedExamples;
import org.infoprompt.train.PromptEngine;
import org.infoprompt.train.TargetScale;
import org.infoprompt.train.Trainer;
import org.infoprompt.train.TrainingListener;
import org.infoprompt.train.TrainingState;
import org.jspecify.annotations.Nullable;

/**
 * Trained prompts with their class head over a shared backbone. Immutable after training; sessions of any number of threads may
 * read it. Closed by its owner, after its sessions and before the backbone.
 *
 * <pre>{@code
 * try (LoadedBackbone backbone = LoadedBackbone.open("minilm");
 *         PromptModel model = PromptModel.train(backbone, dataset, Recipe.infoPrompt());
 *         PromptSession session = model.openSession()) {
 *     model.save(Path.of("my-model"));
 *     System.out.println(session.predict("a large cat with black stripes").label());
 * }
 * }</pre>
 */
public final class PromptModel implements TextClassifier {
    private final LoadedBackbone backbone;
    private final CheckpointInfo info;
    private final ParameterSet parameters;
    private final List<EpochReport> history;

    private PromptModel(
            LoadedBackbone backbone, CheckpointInfo info, ParameterSet parameters, List<EpochReport> history) {
        this.backbone = backbone;
        this.info = info;
        this.parameters = parameters;
        this.history = List.copyOf(history);
    }

    /**
     * Trains on all processors, silently, without files.
     *
     * @param backbone opened for training
     * @param dataset what to learn
     * @param recipe how
     * @return the model with the best dev score
     * @throws IOException if the texts do not fit the backbone
     */
    public static PromptModel train(LoadedBackbone backbone, Dataset dataset, Recipe recipe) throws IOException {
        return train(backbone, dataset, recipe, TrainOptions.defaults());
    }

    /**
     * Trains.
     *
     * @param backbone opened for training
     * @param dataset what to learn
     * @param recipe how
     * @param options threads, listener, label words, and the folder that keeps the run's state
     * @return the model with the best dev score
     * @throws IOException if the texts do not fit the backbone, or the run's state cannot be written or taken up
     */
    public static PromptModel train(LoadedBackbone backbone, Dataset dataset, Recipe recipe, TrainOptions options)
            throws IOException {
        if (dataset.train().isEmpty()) {
            throw new InputException(dataset.name(), "", "has no training examples", "check the data");
        }
        CheckpointInfo info = info(backbone, dataset, recipe);
        ParameterLayout layout = layout(info);
        PromptPlacement placement = placement(backbone, info);
        TrainingListener listener = options.listener();
        PreparedExamples train = new PreparedExamples(dataset.train(), backbone.tokenizer(), placement);
        PreparedExamples dev = new PreparedExamples(dataset.dev(), backbone.tokenizer(), placement);
        TargetScale scale = dataset.isRegression() ? TargetScale.of(dataset.train()) : TargetScale.NONE;
        train.scaleTargets(scale);
        int longest = Math.max(train.maxLength(), dev.maxLength());
        int batch = Math.min(recipe.training().batchSize(), train.size());
        EngineSizes sizes = EngineSizes.of(backbone.weights().backend(), options.numThreads(), batch, longest, true);
        ParameterSet parameters = new ParameterSet(backbone.weights().backend().dtype(), layout.shapes());
        try (PromptEngine engine = new PromptEngine(backbone.weights(), layout, parameters, sizes)) {
            new ParameterInitializer(
                            backbone.weights().words(),
                            parameters.dtype(),
                            layout.hiddenSize(),
                            recipe.training().seed(),
                            backbone.tokenizer()::tokenize,
                            layout.prompt().readsMaskedLmFeature() ? backbone.maskedLmHead() : null)
                    .initialize(
                            layout,
                            parameters,
                            labelWords(backbone, options.labelWords(dataset.name(), dataset.labels())));
            try (TrainingState state = new TrainingState(parameters)) {
                Path folder = options.folder();
                if (folder != null && options.resume() && ResumePoint.exists(folder)) {
                    ResumePoint.load(folder, info, state, parameters);
                }
                boolean plain = PromptEngine.needsPlainStates(layout);
                try (PlainStates trainPlain =
                                plain ? plainStates(backbone, engine, train, "plain pass", listener) : null;
                        PlainStates devPlain = PromptEngine.scoresReadPlainStates(layout)
                                ? plainStates(backbone, engine, dev, "plain pass, dev", listener)
                                : null) {
                    new Trainer(engine, parameters, recipe.objective(), recipe.training(), listener)
                            .train(
                                    train,
                                    trainPlain,
                                    dev,
                                    devPlain,
                                    dataset.metric(),
                                    dataset.labels(),
                                    state,
                                    saved -> saveState(folder, info, saved, parameters));
                }
                if (dataset.isRegression()) {
                    scale.putBack(parameters);
                }
                CheckpointInfo done = info.at(state.bestEpoch(), state.bestScore());
                return new PromptModel(backbone, done, parameters, state.history());
            }
        } catch (IOException | RuntimeException e) {
            parameters.close();
            throw e;
        }
    }

    private static void saveState(
            @Nullable Path folder, CheckpointInfo info, TrainingState state, ParameterSet parameters)
            throws IOException {
        if (folder != null) {
            ResumePoint.save(folder, info, state, parameters);
        }
    }

    private static PlainStates plainStates(
            LoadedBackbone backbone,
            PromptEngine engine,
            PreparedExamples data,
            String phase,
            TrainingListener listener) {
        listener.onPhase(phase, data.size());
        return engine.plainStates(data, backbone.plainStates(), serialized(listener::onProgress));
    }

    private static CheckpointInfo info(LoadedBackbone backbone, Dataset dataset, Recipe recipe) {
        int maxLength = Math.min(recipe.maxLength(), backbone.config().maxPositions());
        return new CheckpointInfo(
                recipe.name(),
                dataset.name(),
                dataset.metric(),
                dataset.labels(),
                dataset.isPair(),
                backbone.reference(),
                backbone.identity(),
                backbone.sha256(),
                backbone.tokenizer().sha256(),
                BackboneShape.of(backbone.config()),
                recipe.prompt(),
                recipe.objective(),
                recipe.training(),
                backbone.weights().backend().name(),
                backbone.weights().backend().precision().text(),
                maxLength,
                0,
                Double.NaN,
                dataset.sha256());
    }

    private static PromptPlacement placement(LoadedBackbone backbone, CheckpointInfo info) throws InputException {
        return placement(backbone, info.prompt(), info.maxLength());
    }

    private static ParameterLayout layout(CheckpointInfo info) throws InputException {
        try {
            return info.layout();
        } catch (IllegalArgumentException e) {
            throw new InputException(info.recipeName(), "", String.valueOf(e.getMessage()), "change the recipe", e);
        }
    }

    static PromptPlacement placement(LoadedBackbone backbone, PromptConfig prompt, int maxLength)
            throws InputException {
        if (prompt.readsMaskedLmFeature() && !backbone.hasMaskedLmHead()) {
            throw new InputException(
                    backbone.identity(),
                    "",
                    "has no masked-LM head, which method " + prompt.method() + " reads",
                    "use a backbone that was published with one, such as bert-base");
        }
        SpecialTokens tokens = backbone.tokenizer().specialTokens();
        boolean mask = prompt.reading() == Reading.MASK;
        if ((mask && tokens.mask() < 0) || tokens.cls() < 0 || tokens.sep() < 0) {
            throw new InputException(
                    backbone.identity(),
                    "",
                    "its vocabulary lacks a [CLS], [SEP] or [MASK] token",
                    "use another backbone");
        }
        try {
            return new PromptPlacement(tokens, prompt.layout(), prompt.reading(), maxLength);
        } catch (IllegalArgumentException e) {
            throw new InputException("--max-length", "", String.valueOf(e.getMessage()), "", e);
        }
    }

    private static List<int[]> labelWords(LoadedBackbone backbone, List<String> words) {
        List<int[]> ids = new ArrayList<>();
        for (String word : words) {
            ids.add(backbone.tokenizer().tokenize(" " + word));
        }
        return ids;
    }

    /**
     * Loads a checkpoint over an open backbone.
     *
     * @param folder holds the checkpoint
     * @param backbone the one it was trained on
     * @return the model
     * @throws IOException if the checkpoint is missing or damaged, or the backbone is another one
     */
    public static PromptModel load(Path folder, LoadedBackbone backbone) throws IOException {
        CheckpointInfo info = Checkpoint.info(folder);
        String file = folder.resolve(Checkpoint.FILE).toString();
        if (!info.backboneSha256().equals(backbone.sha256())) {
            throw new CheckpointException(
                    file,
                    "",
                    "was trained on " + info.backboneIdentity() + " (sha256 "
                            + info.backboneSha256().substring(0, 12) + "), not on " + backbone.identity() + " ("
                            + backbone.sha256().substring(0, 12) + ")",
                    "open it with --model " + info.backbone());
        }
        if (!info.tokenizerSha256().equals(backbone.tokenizer().sha256())) {
            throw new CheckpointException(
                    file,
                    "",
                    "was trained with another vocabulary than " + backbone.identity() + " has",
                    "restore the tokenizer");
        }
        ParameterSet parameters =
                Checkpoint.parameters(folder, backbone.weights().backend().dtype());
        return new PromptModel(backbone, info, parameters, List.of());
    }

    /**
     * Saves the model, replacing what the folder held in one step.
     *
     * @param folder made if missing
     * @throws IOException if it cannot be written; it then holds what it held
     */
    public void save(Path folder) throws IOException {
        Checkpoint.save(folder, info, parameters);
    }

    @Override
    public List<String> labels() {
        return info.labels();
    }

    @Override
    public Inputs inputs() {
        return Inputs.of(info.pair());
    }

    /**
     * Opens a session for one thread.
     *
     * @return the session, to be closed by the caller
     * @throws IllegalStateException if the model tags words; use {@link #tag}
     */
    @Override
    public PromptSession openSession() {
        return openSession(1);
    }

    /**
     * Opens a session for one caller at a time that has each text computed by several threads, for the least time a text rather
     * than the most texts a second. Answers are the same, bit for bit.
     *
     * @param numThreads how many compute a text, the caller included; fewer where the backend or the length of texts does not
     *     allow as many, and one where the method changes what layers do, as LoRA and IA3
     * @return the session, to be closed by the caller
     * @throws IllegalStateException if the model tags words; use {@link #tag}
     * @throws IllegalArgumentException if there is no thread
     */
    public PromptSession openSession(int numThreads) {
        if (numThreads < 1) {
            throw new IllegalArgumentException("numThreads " + numThreads + " must be at least 1");
        }
        if (info.layout().readsWords()) {
            throw new IllegalStateException("the model tags words; sessions classify texts");
        }
        try {
            int threads = Math.min(numThreads, backbone.weights().backend().maxWorkers());
            return new PromptSession(backbone, info, parameters, placement(backbone, info), threads);
        } catch (IOException e) {
            throw new IllegalStateException("placement and head were valid when the model was made", e);
        }
    }

    @Override
    public ConfusionMatrix evaluate(List<Example> examples, int numThreads, IntConsumer progress) {
        if (examples.isEmpty()) {
            return new ConfusionMatrix(info.labels());
        }
        PreparedExamples data = prepare(examples);
        boolean kept = backbone.plainStates() != null && PromptEngine.scoresReadPlainStates(info.layout());
        try (PromptEngine engine = engine(data, numThreads);
                PlainStates plain = kept ? engine.plainStates(data, backbone.plainStates(), done -> {}) : null) {
            return Evaluator.evaluate(engine, data, plain, info.labels(), parameters.dtype(), serialized(progress));
        }
    }

    /**
     * Tags the words of many sentences, on all processors asked for. Only models of tagged words can.
     *
     * @param sentences words between single spaces; tags and labels are not read
     * @param numThreads workers
     * @param progress told how many sentences are done, one call at a time
     * @return one tag a word, in the order of the sentences; words beyond the model's length are outside of all spans
     * @throws IllegalStateException if the model classifies texts
     */
    public List<List<String>> tag(List<Example> sentences, int numThreads, IntConsumer progress) {
        if (!info.layout().readsWords()) {
            throw new IllegalStateException("the model classifies texts, it tags no words");
        }
        List<List<String>> tags = new ArrayList<>();
        if (sentences.isEmpty()) {
            return tags;
        }
        PreparedExamples data = prepare(sentences);
        try (PromptEngine engine = engine(data, numThreads)) {
            double[][] scores = Evaluator.scores(
                    engine, data, null, info.labels().size(), parameters.dtype(), serialized(progress));
            for (int i = 0; i < sentences.size(); i++) {
                int numWords = sentences.get(i).text().split(" ", -1).length;
                tags.add(Evaluator.tags(data, i, scores, info.labels(), numWords));
            }
        }
        return tags;
    }

    private PreparedExamples prepare(List<Example> examples) {
        try {
            return new PreparedExamples(examples, backbone.tokenizer(), placement(backbone, info));
        } catch (InputException e) {
            throw new IllegalStateException("the placement was valid when the model was made", e);
        }
    }

    private PromptEngine engine(PreparedExamples data, int numThreads) {
        EngineSizes sizes = EngineSizes.of(backbone.weights().backend(), numThreads, 1, data.maxLength(), false);
        return new PromptEngine(backbone.weights(), info.layout(), parameters, sizes);
    }

    /** Blocks are finished by any worker; whoever is told hears them one at a time. */
    private static IntConsumer serialized(IntConsumer progress) {
        Object lock = new Object();
        return done -> {
            synchronized (lock) {
                progress.accept(done);
            }
        };
    }

    @Override
    public List<Prediction> predict(List<Example> examples, int numThreads, IntConsumer progress) {
        if (info.layout().readsWords()) {
            throw new IllegalStateException("the model tags words, it classifies no texts");
        }
        List<Prediction> predictions = new ArrayList<>();
        if (examples.isEmpty()) {
            return predictions;
        }
        PreparedExamples data = prepare(examples);
        try (PromptEngine engine = engine(data, numThreads)) {
            double[][] scores = Evaluator.scores(
                    engine, data, null, info.labels().size(), parameters.dtype(), serialized(progress));
            for (double[] row : scores) {
                predictions.add(Softmax.prediction(row, info.labels()));
            }
        }
        return predictions;
    }

    /** {@return the backbone it stands on, open as long as the model is used} */
    public LoadedBackbone backbone() {
        return backbone;
    }

    /** {@return what the model is and how it was trained} */
    public CheckpointInfo info() {
        return info;
    }

    /** {@return where words, special tokens and prompt slots of its inputs stand} */
    public PromptPlacement placement() {
        try {
            return placement(backbone, info);
        } catch (InputException e) {
            throw new IllegalStateException("the placement was valid when the model was made", e);
        }
    }

    /** {@return how many numbers were trained} */
    public long numParameters() {
        return parameters.numElements();
    }

    /** {@return the trained tensors} */
    public ParameterSet parameters() {
        return parameters;
    }

    /** {@return the epochs of the training run; empty for a loaded model} */
    public List<EpochReport> history() {
        return history;
    }

    /** Frees the parameters; idempotent. */
    @Override
    public void close() {
        parameters.close();
    }
}
