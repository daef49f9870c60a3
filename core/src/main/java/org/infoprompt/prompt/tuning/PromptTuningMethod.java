package org.infoprompt.prompt.tuning;

import java.util.List;
import org.infoprompt.prompt.MethodDefaults;
import org.infoprompt.prompt.MethodOption;
import org.infoprompt.prompt.MethodOptions;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethod;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;

/** Prompt Tuning (Lester et al. 2021, arXiv 2104.08691). */
public final class PromptTuningMethod implements PromptMethod {
    /** Its id. */
    public static final String ID = "prompt-tuning";

    /** Creates the method. */
    public PromptTuningMethod() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "one table of slots before the text (Lester et al. 2021)";
    }

    @Override
    public List<MethodOption> options() {
        return List.of(
                new MethodOption("slots", "20", "number of slots"),
                new MethodOption(
                        "init",
                        "vocabulary",
                        "vocabulary (random words), text, labels (label words), uniform or normal"),
                new MethodOption("text", "", "words for init=text"),
                new MethodOption("place", "before-cls", "before-cls, after-cls or around-mask"),
                new MethodOption("read", "cls", "what the head reads: cls, first (row), mask or mean"));
    }

    @Override
    public MethodDefaults defaults() {
        return MethodDefaults.of(1e-2);
    }

    @Override
    public PromptConfig configure(MethodOptions options) {
        return new PromptTuningConfig(
                options.integer("slots", 1, SlotLayout.MAX),
                options.constant("init", Start.class),
                options.text("text"),
                options.constant("place", SlotLayout.Where.class),
                options.constant("read", Reading.class));
    }
}
