package org.infoprompt.session;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.infoprompt.checkpoint.CheckpointInfo;
import org.infoprompt.model.EncoderTeam;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.model.MaskedLmHead;
import org.infoprompt.model.PackedRows;
import org.infoprompt.model.RowDraft;
import org.infoprompt.model.StateReader;
import org.infoprompt.model.TransformerEncoder;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.objective.RowPass;
import org.infoprompt.ops.Kernels;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.ScannedText;
import org.infoprompt.tensor.Workspace;

/**
 * The buffers through which some texts go at once: their rows, the plain pass where the method needs it, the prompted pass, the
 * scores. All memory is allocated here.
 */
final class SessionBlock implements AutoCloseable {
    private final ParameterLayout layout;
    private final ParameterSet parameters;
    private final PromptPlacement placement;
    private final PromptPlacement plainPlacement;
    private final TransformerEncoder encoder;
    private final PackedRows plainRows;
    private final PackedRows rows;
    private final RowDraft draft = new RowDraft();
    private final RowPass pass;
    private final Workspace workspace;
    private final StateReader reader;
    private final MemorySegment plainRead;
    private final boolean readsPlain;
    private final int maxTexts;
    /** Prompt vectors of each text, 0 where all share theirs; kept, because configurations make their layouts anew. */
    private final int vectorsOfEach;

    private int size;

    /**
     * Allocates.
     *
     * @param maxRows the most rows of the texts together
     * @param maxTexts the most texts
     */
    SessionBlock(
            LoadedBackbone backbone,
            CheckpointInfo info,
            ParameterSet parameters,
            PromptPlacement placement,
            int maxRows,
            int maxTexts)
            throws IOException {
        this.layout = info.layout();
        this.parameters = parameters;
        this.placement = placement;
        this.maxTexts = maxTexts;
        vectorsOfEach = layout.isInstance() ? layout.numVectors() : 0;
        plainPlacement = placement.plain();
        readsPlain = layout.prompt().readsSentence() || layout.prompt().readsTokens();
        Kernels kernels = backbone.weights().backend().newKernels();
        int offset = backbone.config().positionOffset();
        int prefixRows = Math.multiplyExact(maxTexts, layout.prompt().layout().numPrefixes());
        encoder = new TransformerEncoder(
                backbone.weights(),
                kernels,
                maxRows,
                prefixRows,
                false,
                backbone.weights().activationType(layout.prompt().changesLinearLayers()));
        rows = new PackedRows(maxRows, maxTexts, offset);
        boolean sentence = layout.prompt().readsSentence();
        plainRows = new PackedRows(sentence ? maxRows : 0, sentence ? maxTexts : 0, offset);
        boolean mean = layout.prompt().reading() == Reading.MEAN;
        MaskedLmHead head = layout.prompt().readsMaskedLmFeature() ? backbone.maskedLmHead() : null;
        reader =
                new StateReader(encoder, kernels, parameters.dtype(), layout.hiddenSize(), mean, maxTexts, head, false);
        pass = new RowPass(layout, parameters, null, backbone.weights().words(), kernels, maxTexts, maxTexts, maxRows);
        pass.prepare();
        long n = sentence ? (long) maxTexts * layout.hiddenSize() : 0;
        workspace = Workspace.ofBytes(n * parameters.dtype().bytes() + 64);
        plainRead = workspace.allocate(parameters.dtype(), n);
    }

    /** Returns whether threads can share a text's rows: not where the method itself works on each layer's rows. */
    boolean canBeShared() {
        LayerInserts inserts = pass.inserts();
        return inserts == null || inserts.isPrefixTable() || readsPlain;
    }

    /** Lets several threads compute blocks of one text. */
    void workWith(EncoderTeam team) {
        encoder.workWith(team);
    }

    /** Removes all texts. */
    void clear() {
        size = 0;
        rows.clear();
        plainRows.clear();
        pass.tokens().clear();
    }

    /** Returns how many texts there are. */
    int size() {
        return size;
    }

    /** Returns whether one more text fits, however long it is. */
    boolean fits() {
        return size < maxTexts && rows.fits(placement.maxLength());
    }

    void add(ScannedText text) {
        if (readsPlain) {
            text.place(plainPlacement, draft);
            pass.tokens().add(draft.source());
            if (layout.prompt().readsSentence()) {
                plainRows.addPlain(draft);
            }
        }
        text.place(placement, draft);
        rows.add(draft, size * vectorsOfEach);
        size++;
    }

    /** Computes the state that the class head reads, of every text. */
    void encode() {
        if (layout.prompt().readsSentence()) {
            reader.plain(plainRows, pass.clsStates(), plainRead);
        }
        MemorySegment prompts = pass.prompts(size);
        reader.forward(rows, prompts, pass.inserts(), pass.promptedStates(), false);
    }

    /** Scores the states of the last {@link #encode}. */
    void score() {
        pass.score(size);
    }

    /**
     * Repeats, for the text of the last {@link #encode}, what a call does once and each encoder layer does many times, until the
     * just-in-time compiler has seen it as often: before that, calls into native code allocate.
     */
    void repeatParts(int times, long endNanos) {
        for (int i = 0; i < times && System.nanoTime() < endNanos; i++) {
            pass.prompts(size);
            pass.score(size);
        }
    }

    /** Returns a text's score of a class. */
    double logit(int text, int k) {
        return parameters.get(pass.logits(), (long) text * layout.numClasses() + k);
    }

    /** Returns an element of a text's state. */
    double state(int text, int j) {
        return parameters.get(pass.promptedStates(), (long) text * layout.hiddenSize() + j);
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
