package org.infoprompt.prompt.headonly;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.MethodDefaults;
import org.infoprompt.prompt.MethodOption;
import org.infoprompt.prompt.MethodOptions;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethod;
import org.infoprompt.prompt.PromptStart;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;
import org.infoprompt.prompt.StrategyContext;
import org.infoprompt.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** No prompts: a class head on the frozen encoder. Every text is encoded once for all epochs. */
public final class HeadOnlyMethod implements PromptMethod {
    /** Its id. */
    public static final String ID = "head-only";

    /** Creates the method. */
    public HeadOnlyMethod() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "no prompts, a class head on the frozen encoder";
    }

    @Override
    public List<MethodOption> options() {
        return List.of(new MethodOption("read", "mask", "what the head reads: mask, cls or mean"));
    }

    @Override
    public MethodDefaults defaults() {
        return new MethodDefaults(60, 8, 5e-3, .01, .06, 1, false);
    }

    @Override
    public PromptConfig configure(MethodOptions options) {
        return new Config(options.constant("read", Reading.class));
    }

    /**
     * A head on the frozen encoder.
     *
     * @param reading what it reads
     */
    public record Config(Reading reading) implements PromptConfig {
        @Override
        public String method() {
            return ID;
        }

        @Override
        public SequencedMap<String, String> options() {
            SequencedMap<String, String> options = new LinkedHashMap<>();
            options.put("read", reading.id());
            return options;
        }

        @Override
        public SlotLayout layout() {
            return SlotLayout.none();
        }

        @Override
        public SequencedMap<String, Shape> shapes(BackboneShape backbone) {
            return new LinkedHashMap<>();
        }

        @Override
        public void initialize(PromptStart start) {}

        @Override
        public PromptStrategy open(StrategyContext context) {
            return NoPrompts.INSTANCE;
        }

        @Override
        public String describe() {
            return "no prompts, reads " + reading.id();
        }
    }

    private enum NoPrompts implements PromptStrategy {
        INSTANCE;

        @Override
        public @Nullable MemorySegment prompts(int m) {
            return null;
        }

        @Override
        public void gradients(int b) {}
    }
}
