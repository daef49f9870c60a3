package org.infoprompt.prompt.multitask;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptStart;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;
import org.infoprompt.prompt.StrategyContext;
import org.infoprompt.tensor.Shape;

/**
 * A prompt table times, element by element, a matrix of low rank: P ∘ (U·V) with P [N, D], U [N, r], V [r, D]. Training on one task
 * learns all three, as target adaptation does in the paper; N·D + r·(N + D) numbers. Parameters are named as in Hugging Face PEFT.
 *
 * <p>The table starts with embeddings of random words and U·V with ones everywhere: the first column of U and the first row of V
 * are ones, further columns are N(0, 0.02²) and further rows zero. PEFT draws both factors from N(0, 0.02²), which makes a prompt
 * of almost zero.
 *
 * @param slots N
 * @param ranks r
 * @param place where the slots stand
 * @param reading what the class head reads
 */
public record MultitaskPromptConfig(int slots, int ranks, SlotLayout.Where place, Reading reading)
        implements PromptConfig {
    /** The shared table [N, D]. */
    public static final String PROMPTS = "prompt_encoder.embedding.weight";
    /** U [N, r]. */
    public static final String COLUMNS = "prompt_encoder.prefix_task_cols";
    /** V [r, D]. */
    public static final String ROWS = "prompt_encoder.prefix_task_rows";

    private static final double DEVIATION = .02;

    /** Checks that the parts go together. */
    public MultitaskPromptConfig {
        if (slots < 1 || slots > SlotLayout.MAX) {
            throw new IllegalArgumentException("slots " + slots + " must be in [1, " + SlotLayout.MAX + "]");
        }
        if (ranks < 1 || ranks > 64) {
            throw new IllegalArgumentException("ranks " + ranks + " must be in [1, 64]");
        }
        if (place != SlotLayout.Where.BEFORE_CLS && place != SlotLayout.Where.AFTER_CLS) {
            throw new IllegalArgumentException("place " + id(place) + " must be before-cls or after-cls");
        }
    }

    private static String id(SlotLayout.Where place) {
        return place.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String method() {
        return MultitaskPromptMethod.ID;
    }

    @Override
    public SequencedMap<String, String> options() {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        options.put("slots", Integer.toString(slots));
        options.put("ranks", Integer.toString(ranks));
        options.put("place", id(place));
        options.put("read", reading.id());
        return options;
    }

    @Override
    public SlotLayout layout() {
        return new SlotLayout(place, slots, 0);
    }

    @Override
    public SequencedMap<String, Shape> shapes(BackboneShape backbone) {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put(PROMPTS, Shape.of(slots, backbone.hiddenSize()));
        shapes.put(COLUMNS, Shape.of(slots, ranks));
        shapes.put(ROWS, Shape.of(ranks, backbone.hiddenSize()));
        return shapes;
    }

    @Override
    public void initialize(PromptStart start) {
        start.randomWords(PROMPTS);
        start.normal(COLUMNS, DEVIATION);
        for (int i = 0; i < slots; i++) {
            start.set(COLUMNS, (long) i * ranks, 1);
        }
        for (int j = 0; j < start.backbone().hiddenSize(); j++) {
            start.set(ROWS, j, 1);
        }
    }

    @Override
    public PromptStrategy open(StrategyContext context) {
        return new MultitaskPrompts(context, this);
    }

    @Override
    public String describe() {
        return slots + " slots times a matrix of rank " + ranks + ", reads " + reading.id();
    }
}
