package org.infoprompt.prompt.tuning;

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
import org.infoprompt.prompt.TableStrategy;
import org.infoprompt.tensor.Shape;

/**
 * One table of prompt vectors for the task, prepended to the input embeddings.
 *
 * @param slots N
 * @param start how the table starts
 * @param text the words of {@link Start#TEXT}
 * @param place where the slots stand
 * @param reading what the class head reads
 */
public record PromptTuningConfig(int slots, Start start, String text, SlotLayout.Where place, Reading reading)
        implements PromptConfig {
    static final String PROMPTS = "prompt.embeddings";

    /** Checks that the parts go together. */
    public PromptTuningConfig {
        if (slots < 1 || slots > SlotLayout.MAX) {
            throw new IllegalArgumentException("slots " + slots + " must be in [1, " + SlotLayout.MAX + "]");
        }
        if (start == Start.TEXT && text.isBlank()) {
            throw new IllegalArgumentException("init text needs the option text");
        }
        if (place == SlotLayout.Where.NOWHERE) {
            throw new IllegalArgumentException("place nowhere leaves no prompts");
        }
        if (place == SlotLayout.Where.AROUND_MASK && reading != Reading.MASK) {
            throw new IllegalArgumentException("place around-mask needs read mask");
        }
    }

    @Override
    public String method() {
        return PromptTuningMethod.ID;
    }

    @Override
    public SequencedMap<String, String> options() {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        options.put("slots", Integer.toString(slots));
        options.put("init", start.name().toLowerCase(Locale.ROOT));
        options.put("text", text);
        options.put("place", place.name().toLowerCase(Locale.ROOT).replace('_', '-'));
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
        return shapes;
    }

    @Override
    public void initialize(PromptStart to) {
        switch (start) {
            case VOCABULARY -> to.randomWords(PROMPTS);
            case TEXT -> {
                int[] ids = to.tokenize(text);
                if (ids.length == 0) {
                    throw new IllegalArgumentException("text '" + text + "' has no words to start from");
                }
                to.words(PROMPTS, ids);
            }
            case LABELS -> to.means(PROMPTS, to.labelWords());
            case UNIFORM -> to.uniform(PROMPTS, .5);
            case NORMAL -> to.normal(PROMPTS, 1);
        }
    }

    @Override
    public PromptStrategy open(StrategyContext context) {
        return new TableStrategy(context, PROMPTS);
    }

    @Override
    public String describe() {
        return slots + " slots " + place.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ", reads " + reading.id();
    }
}
