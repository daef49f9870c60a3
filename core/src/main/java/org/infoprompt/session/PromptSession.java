package org.infoprompt.session;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.infoprompt.checkpoint.CheckpointInfo;
import org.infoprompt.model.MaskedLmHead;
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
public final class PromptSession implements ClassifierSession {
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

    PromptSession(LoadedBackbone backbone, CheckpointInfo info, ParameterSet parameters, PromptPlacement placement)
            throws IOException {
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
        MaskedLmHead head = layout.prompt().readsMaskedLmFeature() ? backbone.maskedLmHead() : null;
        reader = new StateReader(encoder, kernels, parameters.dtype(), layout.hiddenSize(), mean, 1, head, false);
        pass = new RowPass(layout, parameters, null, backbone.weights().words(), kernels, 1, 1, maxLength);
        pass.prepare();
        workspace = Workspace.ofBytes(
                (long) layout.hiddenSize() * parameters.dtype().bytes() + 64);
        plainRead = workspace.allocate(parameters.dtype(), layout.hiddenSize());
    }

    @Override
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

    @Override
    public List<String> labels() {
        return info.labels();
    }

    @Override
    public TextClassifier.Inputs inputs() {
        return TextClassifier.Inputs.of(info.pair());
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
