package org.infoprompt.outside;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/** A method as a user would add it: one class, listed in META-INF/services. One trained vector fills all slots. */
public final class RepeatedVectorMethod implements PromptMethod {
    @Override
    public String id() {
        return "repeated-vector";
    }

    @Override
    public String description() {
        return "one vector in all slots";
    }

    @Override
    public List<MethodOption> options() {
        return List.of(new MethodOption("slots", "3", "slots after [CLS]"));
    }

    @Override
    public MethodDefaults defaults() {
        return MethodDefaults.of(1e-2);
    }

    @Override
    public PromptConfig configure(MethodOptions options) {
        return new Config(options.integer("slots", 1, 64));
    }

    private record Config(int slots) implements PromptConfig {
        @Override
        public String method() {
            return "repeated-vector";
        }

        @Override
        public SequencedMap<String, String> options() {
            return new LinkedHashMap<>(Map.of("slots", Integer.toString(slots)));
        }

        @Override
        public SlotLayout layout() {
            return new SlotLayout(SlotLayout.Where.AFTER_CLS, slots, 0);
        }

        @Override
        public Reading reading() {
            return Reading.MEAN;
        }

        @Override
        public SequencedMap<String, Shape> shapes(BackboneShape backbone) {
            return new LinkedHashMap<>(Map.of("vector", Shape.of(backbone.hiddenSize())));
        }

        @Override
        public void initialize(PromptStart start) {
            start.randomWords("vector");
        }

        @Override
        public PromptStrategy open(StrategyContext context) {
            return new Strategy(context, slots);
        }

        @Override
        public String describe() {
            return slots + " equal slots";
        }
    }

    private static final class Strategy implements PromptStrategy {
        private final StrategyContext context;
        private final int slots;
        private final int width;
        private final MemorySegment table;
        private final MemorySegment sum;

        Strategy(StrategyContext context, int slots) {
            this.context = context;
            this.slots = slots;
            width = context.backbone().hiddenSize();
            table = context.shared((long) slots * width);
            sum = context.scratch((long) slots * width);
        }

        @Override
        public void prepare() {
            for (int i = 0; i < slots; i++) {
                context.kernels().rows().copy(1, width, context.value("vector"), 0, table, i);
            }
        }

        @Override
        public MemorySegment prompts(int m) {
            return table;
        }

        @Override
        public void gradients(int b) {
            context.kernels().rows().columnSums(b, slots * width, 1, context.dPrompts(), 0, sum);
            context.kernels().rows().columnSums(slots, width, 1, sum, 0, context.gradient("vector"));
        }
    }
}
