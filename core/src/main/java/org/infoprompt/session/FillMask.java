package org.infoprompt.session;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.infoprompt.io.InputException;
import org.infoprompt.model.IntSlice;
import org.infoprompt.model.MaskedLmHead;
import org.infoprompt.model.MaskedLmPass;
import org.infoprompt.model.PackedRows;
import org.infoprompt.model.RowTemplate;
import org.infoprompt.model.TopWords;
import org.infoprompt.model.TransformerEncoder;
import org.infoprompt.ops.Kernels;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.infoprompt.text.Encoding;
import org.infoprompt.text.Tokenizer;

/**
 * Guesses masked words with a backbone's masked-language-model head: only the rows of the mask tokens are read from the encoder
 * and scored. For one thread; closed by its owner before the backbone.
 */
public final class FillMask implements AutoCloseable {
    /**
     * A guess.
     *
     * @param id token id
     * @param token the vocabulary entry; byte-level tokenizers' mark of a word's start (Ġ) is left off
     * @param probability among all words of the vocabulary
     */
    public record Guess(int id, String token, double probability) {}

    private final LoadedBackbone backbone;
    private final int maskId;
    private final MaskedLmHead head;
    private final Kernels kernels;
    private final TransformerEncoder encoder;
    private final PackedRows packed;
    private final Workspace workspace;
    private final MemorySegment states;

    /**
     * Prepares buffers for texts of any length that the model takes.
     *
     * @param backbone the model
     * @throws IOException if it has no masked-language-model head, or its vocabulary no mask token
     */
    public FillMask(LoadedBackbone backbone) throws IOException {
        this.backbone = backbone;
        head = backbone.maskedLmHead();
        maskId = backbone.tokenizer().specialTokens().mask();
        if (maskId < 0) {
            throw new InputException(
                    backbone.identity(), "", "its vocabulary has no mask token", "use a masked language model");
        }
        int rows = backbone.config().maxPositions();
        kernels = backbone.weights().backend().newKernels();
        encoder = new TransformerEncoder(backbone.weights(), kernels, rows, false);
        packed = new PackedRows(rows, 1, backbone.config().positionOffset());
        DType type = backbone.weights().backend().dtype();
        long n = (long) rows * backbone.config().hiddenSize();
        workspace = Workspace.ofBytes(n * type.bytes() + 64);
        states = workspace.allocate(type, n);
    }

    /** {@return how the mask is written in a text, such as {@code [MASK]}} */
    public String maskToken() {
        return backbone.tokenizer().token(maskId);
    }

    /**
     * Guesses the words at the masks of a text.
     *
     * @param text holds at least one mask token; what is longer than the model allows is cut at its end
     * @param k how many guesses a mask gets
     * @param source what to call the text in errors
     * @return per mask, in the text's order, the guesses, the most probable first
     * @throws InputException if the text has no mask token, or none within the model's length
     */
    public List<List<Guess>> fill(String text, int k, String source) throws InputException {
        Tokenizer tokenizer = backbone.tokenizer();
        Encoding encoding = tokenizer.encode(text, null, backbone.config().maxPositions());
        List<Integer> masks = new ArrayList<>();
        for (int i = 0; i < encoding.length(); i++) {
            if (encoding.ids()[i] == maskId) {
                masks.add(i);
            }
        }
        if (masks.isEmpty()) {
            throw new InputException(
                    source, "", "has no " + maskToken(), "write " + maskToken() + " where a word is to be guessed");
        }
        IntSlice read = IntSlice.of(masks.stream().mapToInt(Integer::intValue).toArray());
        RowTemplate template = new RowTemplate(
                IntSlice.of(encoding.ids()), IntSlice.of(encoding.typeIds()), masks.getFirst(), IntSlice.of());
        packed.clear();
        packed.addReading(template, 0, read, false);
        encoder.forward(packed, null, states, false);
        TopWords top = new TopWords(masks.size(), k);
        try (MaskedLmPass pass = new MaskedLmPass(head, kernels, masks.size(), false)) {
            pass.transform(masks.size(), states, states, false);
            pass.topWords(masks.size(), states, top);
        }
        List<List<Guess>> guesses = new ArrayList<>();
        for (int r = 0; r < masks.size(); r++) {
            List<Guess> row = new ArrayList<>();
            for (int i = 0; i < top.count(r); i++) {
                row.add(new Guess(top.id(r, i), readable(tokenizer, top.id(r, i)), top.probability(r, i)));
            }
            guesses.add(List.copyOf(row));
        }
        return List.copyOf(guesses);
    }

    /** The model may score more words than its vocabulary file names. */
    private static String readable(Tokenizer tokenizer, int id) {
        String token = id < tokenizer.vocabularySize() ? tokenizer.token(id) : "";
        return token.startsWith("\u0120") ? token.substring(1) : token;
    }

    /** Frees the buffers; idempotent. */
    @Override
    public void close() {
        encoder.close();
        workspace.close();
    }
}
