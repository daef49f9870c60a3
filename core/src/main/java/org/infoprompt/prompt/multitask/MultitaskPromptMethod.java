package org.infoprompt.prompt.multitask;

import java.util.List;
import org.infoprompt.prompt.MethodDefaults;
import org.infoprompt.prompt.MethodOption;
import org.infoprompt.prompt.MethodOptions;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethod;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;

/** The target side of Multitask Prompt Tuning (Wang et al. 2023, arXiv 2303.02861). */
public final class MultitaskPromptMethod implements PromptMethod {
    /** Its id. */
    public static final String ID = "multitask-prompt-tuning";

    /** Creates the method. */
    public MultitaskPromptMethod() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "a table of slots times a low-rank matrix of the task (Wang et al. 2023)";
    }

    @Override
    public List<MethodOption> options() {
        return List.of(
                new MethodOption("slots", "20", "number of slots"),
                new MethodOption("ranks", "1", "rank of the task's matrix"),
                new MethodOption("place", "before-cls", "before-cls or after-cls"),
                new MethodOption("read", "cls", "what the head reads: cls, first (row), mask or mean"));
    }

    @Override
    public MethodDefaults defaults() {
        return MethodDefaults.of(1e-2);
    }

    @Override
    public PromptConfig configure(MethodOptions options) {
        return new MultitaskPromptConfig(
                options.integer("slots", 1, SlotLayout.MAX),
                options.integer("ranks", 1, 64),
                options.constant("place", SlotLayout.Where.class),
                options.constant("read", Reading.class));
    }
}
