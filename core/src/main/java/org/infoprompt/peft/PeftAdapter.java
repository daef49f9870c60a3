package org.infoprompt.peft;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import org.infoprompt.data.Example;
import org.infoprompt.model.RowTemplate;
import org.infoprompt.ops.WorkerPool;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.Prediction;
import org.infoprompt.session.TextClassifier;
import org.infoprompt.text.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * A sequence classifier that Hugging Face PEFT trained, over an open backbone. Computes what PEFT computes: virtual tokens stand
 * before [CLS] at positions 0 to N-1 with token type 0 and pass through the embedding's LayerNorm, prefixes are keys and values
 * of every layer, LoRA and IA3 are folded into the weights; the class head reads the sequence's first row.
 *
 * <pre>{@code
 * try (LoadedBackbone backbone = LoadedBackbone.open("models/bert-base-uncased");
 *         PeftAdapter adapter = PeftAdapter.load(Path.of("adapters/cola"), backbone);
 *         PeftSession session = adapter.openSession()) {
 *     System.out.println(session.predict("They drank the pub dry.").label());
 * }
 * }</pre>
 */
public final class PeftAdapter implements TextClassifier {
    /** As for training blocks: enough rows for full register tiles, few enough for the second-level cache. */
    private static final int BLOCK_ROWS = 384;

    private static final System.Logger LOGGER = System.getLogger(PeftAdapter.class.getName());

    private final LoadedBackbone backbone;
    private final AdaptedEncoder model;
    private final List<String> labels;

    private PeftAdapter(LoadedBackbone backbone, AdaptedEncoder model, List<String> labels) {
        this.backbone = backbone;
        this.model = model;
        this.labels = labels;
    }

    /**
     * Finds the base model that an adapter names.
     *
     * @param folder holds {@code adapter_config.json}
     * @return a folder, as named, beside the adapter or in it; or the id of a known backbone
     * @throws IOException if the configuration cannot be read, or its base model is neither
     */
    public static String baseModel(Path folder) throws IOException {
        return BaseModel.find(AdapterConfig.read(folder), folder);
    }

    /**
     * Loads an adapter; tensors that no part of the model needs are named in one warning.
     *
     * @param folder holds {@code adapter_config.json} and {@code adapter_model.safetensors}
     * @param backbone the base model it was trained on
     * @return the classifier
     * @throws IOException if a file is missing or damaged, the adapter is of a kind or task that cannot be read, or it belongs to
     *     another backbone; in one line with the remedy
     */
    public static PeftAdapter load(Path folder, LoadedBackbone backbone) throws IOException {
        return load(folder, backbone, PeftOptions.defaults());
    }

    /**
     * Loads an adapter.
     *
     * @param folder holds {@code adapter_config.json} and {@code adapter_model.safetensors}
     * @param backbone the base model it was trained on
     * @param options task, class names
     * @return the classifier
     * @throws IOException if a file is missing or damaged, the adapter is of a kind or task that cannot be read, or it belongs to
     *     another backbone; in one line with the remedy
     */
    public static PeftAdapter load(Path folder, LoadedBackbone backbone, PeftOptions options) throws IOException {
        AdapterConfig config = AdapterConfig.read(folder);
        config.type();
        BaseModel.check(config, backbone.files(), backbone.reference(), options.anyBase());
        List<String> warnings = new ArrayList<>();
        AdaptedEncoder model =
                AdaptedEncoder.load(folder, backbone.files(), backbone.weights(), options.task(), warnings);
        boolean done = false;
        try {
            List<String> labels = labels(config, backbone, model.head().numClasses(), options.labels());
            warnings.forEach(line -> LOGGER.log(System.Logger.Level.WARNING, line));
            done = true;
            return new PeftAdapter(backbone, model, labels);
        } finally {
            if (!done) {
                model.close();
            }
        }
    }

    private static List<String> labels(
            AdapterConfig config, LoadedBackbone backbone, int numClasses, @Nullable List<String> given)
            throws IOException {
        if (given == null) {
            return Labels.find(config, backbone.files().tokenizerFolder(), numClasses);
        }
        if (given.size() != numClasses) {
            throw new PeftException(
                    config.name(),
                    "",
                    "is of a classifier of " + numClasses + " classes, " + given.size() + " labels were given",
                    "give as many labels, in class order");
        }
        return given;
    }

    /** {@return what kind of adapter it is} */
    public PeftType type() {
        return model.type();
    }

    /** {@return N, how many virtual tokens or prefixes stand before the text; 0 for LoRA and IA3} */
    public int numVirtualTokens() {
        return model.numVirtualTokens();
    }

    /** {@return what a server runs in one pass with other prompts, valid until the adapter is closed} */
    public AdapterParts parts() {
        return new AdapterParts(model);
    }

    @Override
    public List<String> labels() {
        return labels;
    }

    @Override
    public Inputs inputs() {
        return Inputs.ANY;
    }

    @Override
    public PeftSession openSession() {
        return new PeftSession(backbone.tokenizer(), model, labels);
    }

    @Override
    public List<Prediction> predict(List<Example> examples, int numThreads, IntConsumer progress) {
        List<Prediction> predictions = new ArrayList<>();
        for (double[] row : logits(examples, numThreads, progress)) {
            predictions.add(Prediction.ofLogits(row, labels));
        }
        return predictions;
    }

    /**
     * Computes class scores before softmax of many examples.
     *
     * @param examples the examples; labels are not read
     * @param numThreads workers
     * @param progress told how many examples are done, one call at a time
     * @return [n][C], in the order of the examples
     */
    public double[][] logits(List<Example> examples, int numThreads, IntConsumer progress) {
        List<RowTemplate> templates = new ArrayList<>();
        for (Example example : examples) {
            Encoding text = backbone.tokenizer().encode(example.text(), example.pair(), model.maxTextLength());
            templates.add(AdaptedPass.template(model, text));
        }
        return logits(model, templates, numThreads, progress);
    }

    static double[][] logits(AdaptedEncoder model, List<RowTemplate> templates, int numThreads, IntConsumer progress) {
        double[][] logits = new double[templates.size()][model.head().numClasses()];
        int longest = templates.stream().mapToInt(RowTemplate::length).max().orElse(1);
        int blockRows = Math.max(longest, BLOCK_ROWS);
        List<List<Integer>> blocks = blocks(templates, blockRows);
        int mostTexts = blocks.stream().mapToInt(List::size).max().orElse(1);
        List<AdaptedPass> passes = new ArrayList<>();
        Object lock = new Object();
        int numWorkers = Math.max(
                1, Math.min(Math.min(numThreads, model.weights().backend().maxWorkers()), blocks.size()));
        try (WorkerPool pool = new WorkerPool(numWorkers)) {
            for (int i = 0; i < numWorkers; i++) {
                passes.add(new AdaptedPass(model, blockRows, mostTexts));
            }
            pool.run(blocks.size(), (worker, index) -> {
                List<Integer> block = blocks.get(index);
                AdaptedPass pass = passes.get(worker);
                pass.clear();
                block.forEach(i -> pass.add(templates.get(i)));
                pass.run();
                for (int i = 0; i < block.size(); i++) {
                    double[] row = logits[block.get(i)];
                    for (int k = 0; k < row.length; k++) {
                        row[k] = pass.logit(i, k);
                    }
                }
                synchronized (lock) {
                    progress.accept(block.size());
                }
            });
        } finally {
            passes.forEach(AdaptedPass::close);
        }
        return logits;
    }

    /** Texts of similar length together, each block as full as it can be. */
    private static List<List<Integer>> blocks(List<RowTemplate> templates, int blockRows) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < templates.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingInt(i -> templates.get(i).length()));
        List<List<Integer>> blocks = new ArrayList<>();
        int rows = blockRows;
        for (int i : order) {
            int length = templates.get(i).length();
            if (rows + length > blockRows) {
                blocks.add(new ArrayList<>());
                rows = 0;
            }
            blocks.getLast().add(i);
            rows += length;
        }
        return blocks;
    }

    /** Frees what belongs to the adapter alone; idempotent. */
    @Override
    public void close() {
        model.close();
    }
}
