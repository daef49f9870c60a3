package org.infoprompt.session;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import org.infoprompt.checkpoint.CheckpointInfo;
import org.infoprompt.model.PackedRows;
import org.infoprompt.model.RowTemplate;
import org.infoprompt.model.StateReader;
import org.infoprompt.model.TransformerEncoder;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.objective.RowPass;
import org.infoprompt.ops.Kernels;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.Reading;
import org.infoprompt.tensor.Workspace;
import org.infoprompt.text.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Classifies one text at a time with low latency. Belongs to one thread at a time and owns its buffers, which are allocated here
 * and never grow; closed by its owner. A call allocates only its token ids and its {@link Prediction}.
 */
public final class PromptSession implements AutoCloseable {
    private static final int WARM_UP_CALLS = 200;
    private static final Duration WARM_UP_LIMIT = Duration.ofSeconds(5);

    private final CheckpointInfo info;
    private final ParameterLayout layout;
    private final ParameterSet parameters;
    private final Tokenizer tokenizer;
    private final PromptPlacement placement;
    private final PromptPlacement plainPlacement;
    private final TransformerEncoder encoder;
    private final PackedRows rows;
    private final RowPass pass;
    private final Kernels kernels;
    private final Workspace workspace;
    private final StateReader reader;
    private final MemorySegment plainRead;

    PromptSession(LoadedBackbone backbone, CheckpointInfo info, ParameterSet parameters, PromptPlacement placement) {
        this.info = info;
        this.layout = info.layout();
        this.parameters = parameters;
        this.tokenizer = backbone.tokenizer();
        this.placement = placement;
        this.plainPlacement = placement.plain();
        int maxLength = info.maxLength();
        kernels = backbone.weights().backend().newKernels();
        encoder = new TransformerEncoder(
                backbone.weights(), kernels, maxLength, layout.prompt().layout().numPrefixes(), false);
        rows = new PackedRows(maxLength, 1, backbone.config().positionOffset());
        boolean mean = layout.prompt().reading() == Reading.MEAN;
        reader = new StateReader(encoder, kernels, parameters.dtype(), layout.hiddenSize(), mean, 1);
        pass = new RowPass(layout, parameters, null, backbone.weights().words(), kernels, 1);
        pass.prepare();
        workspace = Workspace.ofBytes(
                (long) layout.hiddenSize() * parameters.dtype().bytes() + 64);
        plainRead = workspace.allocate(parameters.dtype(), layout.hiddenSize());
    }

    /**
     * Classifies a text.
     *
     * @param text any text; what exceeds the model's length is cut off
     * @return the class and all probabilities
     */
    public Prediction predict(String text) {
        return predict(text, null);
    }

    /**
     * Classifies a text or a pair of texts.
     *
     * @param text the first text
     * @param pair the second, or null for models of single texts
     * @return the class and all probabilities
     */
    public Prediction predict(String text, @Nullable String pair) {
        double[] logits = new double[layout.numClasses()];
        logits(text, pair, logits);
        return Softmax.prediction(logits, info.labels());
    }

    /**
     * Writes the class scores before softmax.
     *
     * @param text the first text
     * @param pair the second, or null
     * @param logits receives one score a class
     */
    public void logits(String text, @Nullable String pair, double[] logits) {
        int[] first = tokenizer.tokenize(text);
        int[] second = pair == null ? null : tokenizer.tokenize(pair);
        if (layout.prompt().readsSentence() || layout.prompt().readsTokens()) {
            RowTemplate plain = plainPlacement.place(first, second);
            pass.tokens().clear();
            pass.tokens().add(plain.source());
            if (layout.prompt().readsSentence()) {
                rows.clear();
                rows.addPlain(plain);
                reader.plain(rows, pass.clsStates(), plainRead);
            }
        }
        RowTemplate template = placement.place(first, second);
        rows.clear();
        rows.add(template, 0);
        MemorySegment prompts = pass.prompts(1);
        reader.forward(rows, prompts, pass.inserts(), pass.promptedStates(), false);
        pass.score(1);
        for (int k = 0; k < logits.length; k++) {
            logits[k] = parameters.get(pass.logits(), k);
        }
    }

    /**
     * Runs calls of many lengths until the just-in-time compiler has seen all of them, so that the first real call is as fast as
     * later ones.
     *
     * @return how long it took
     */
    public Duration warmUp() {
        long start = System.nanoTime();
        double[] logits = new double[layout.numClasses()];
        StringBuilder text = new StringBuilder();
        for (int call = 0; call < WARM_UP_CALLS; call++) {
            text.setLength(0);
            for (int word = 0; word < 2 + call * 7 % 48; word++) {
                text.append(word % 3 == 0 ? "a " : "number ");
            }
            logits(text.toString(), info.pair() ? "a second text" : null, logits);
            if (System.nanoTime() - start > WARM_UP_LIMIT.toNanos()) {
                break;
            }
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** {@return the class names, in class order} */
    public List<String> labels() {
        return info.labels();
    }

    /** Frees the buffers; idempotent. */
    @Override
    public void close() {
        reader.close();
        encoder.close();
        pass.close();
        workspace.close();
    }
}
