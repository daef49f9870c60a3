package org.infoprompt.prompt.warp;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.PromptStart;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;
import org.infoprompt.prompt.StrategyContext;
import org.infoprompt.prompt.TableStrategy;
import org.infoprompt.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * WARP's prompts: K slots in four groups, {@code [CLS] P a P [MASK] P b P [SEP]} in one segment; the class head reads the mask
 * state behind the masked-LM head's dense layer, activation and LayerNorm. K·D numbers, and C·(D+1) of the class head.
 *
 * @param promptLength K, a multiple of four; 0 is WARP_0, the mask alone
 * @param start what the vectors start as
 * @param text the words of {@link WarpStart#TEXT}, else empty
 */
public record WarpConfig(int promptLength, WarpStart start, String text) implements PromptConfig {
    static final String PROMPTS = "prompt.embeddings";

    /** Checks the ranges. */
    public WarpConfig {
        if (promptLength < 0 || promptLength > SlotLayout.MAX || promptLength % PromptPlacement.GROUPS != 0) {
            throw new IllegalArgumentException("length " + promptLength + " must be a multiple of "
                    + PromptPlacement.GROUPS + " in [0, " + SlotLayout.MAX + "]");
        }
        if ((start == WarpStart.TEXT) == text.isBlank()) {
            throw new IllegalArgumentException(
                    text.isBlank()
                            ? "start text needs words in the option text"
                            : "text is given, but start is not text");
        }
    }

    @Override
    public String method() {
        return WarpMethod.ID;
    }

    @Override
    public SequencedMap<String, String> options() {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        options.put("length", Integer.toString(promptLength));
        options.put("start", start.id());
        options.put("text", text);
        return options;
    }

    @Override
    public SlotLayout layout() {
        return new SlotLayout(SlotLayout.Where.AROUND_MASK_ONE_SEGMENT, promptLength, 0);
    }

    @Override
    public Reading reading() {
        return Reading.MASK;
    }

    @Override
    public boolean readsMaskedLmFeature() {
        return true;
    }

    @Override
    public SequencedMap<String, Shape> shapes(BackboneShape backbone) {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        if (promptLength > 0) {
            shapes.put(PROMPTS, Shape.of(promptLength, backbone.hiddenSize()));
        }
        return shapes;
    }

    @Override
    public void initialize(PromptStart start) {
        if (promptLength == 0) {
            return;
        }
        switch (this.start) {
            case MASK -> start.words(PROMPTS, special(start, "[MASK]", "<mask>"));
            case PAD -> start.words(PROMPTS, special(start, "[PAD]", "<pad>"));
            case VOCABULARY -> start.randomWords(PROMPTS);
            case NORMAL -> start.normal(PROMPTS, start.wordSpread());
            case TEXT -> {
                int[] ids = start.tokenize(text);
                if (ids.length == 0) {
                    throw new IllegalArgumentException("text '" + text + "' has no word of the vocabulary");
                }
                start.words(PROMPTS, ids);
            }
        }
    }

    /** A special token has one id in the family that spells it so, and several word pieces in the other one. */
    private static int[] special(PromptStart start, String bert, String roberta) {
        int[] ids = start.tokenize(bert);
        return ids.length == 1 ? ids : start.tokenize(roberta);
    }

    @Override
    public PromptStrategy open(StrategyContext context) {
        return promptLength > 0 ? new TableStrategy(context, PROMPTS) : new NoPrompts();
    }

    @Override
    public String describe() {
        return "WARP, " + promptLength + " slots, mask feature of the masked-LM head";
    }

    /** WARP_0: only the class head is trained. */
    private static final class NoPrompts implements PromptStrategy {
        @Override
        public @Nullable MemorySegment prompts(int m) {
            return null;
        }

        @Override
        public void gradients(int b) {
            // There are no parameters.
        }
    }
}
