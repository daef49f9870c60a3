package org.infoprompt.prompt.infoprompt;

import java.util.List;
import org.infoprompt.prompt.MethodDefaults;
import org.infoprompt.prompt.MethodOption;
import org.infoprompt.prompt.MethodOptions;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethod;

/** InfoPrompt (Wu et al. 2023, arXiv 2306.04933), with prompts for the task or generated for each instance. */
public final class InfoPromptMethod implements PromptMethod {
    /** Its id. */
    public static final String ID = "infoprompt";

    /** Creates the method. */
    public InfoPromptMethod() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "four groups of slots around the text, for the task or generated for each text, with information losses"
                + " (Wu et al. 2023)";
    }

    @Override
    public List<MethodOption> options() {
        return List.of(
                new MethodOption(
                        "kind", "task", "task (one prompt for the task) or instance (generated for each text)"),
                new MethodOption("slots", "1", "slots in each of the four groups"),
                new MethodOption("generator-size", "32", "hidden width of the generator"),
                new MethodOption(
                        "read",
                        "mean",
                        "what is classified: mask, feature (the mask behind the masked-LM head's transform), cls or"
                                + " mean (of all words)"));
    }

    @Override
    public MethodDefaults defaults() {
        return new MethodDefaults(12, 8, 5e-3, .01, .06, 1, true);
    }

    @Override
    public PromptConfig configure(MethodOptions options) {
        return new InfoPromptConfig(
                options.constant("kind", PromptKind.class),
                options.integer("slots", 1, 128),
                options.integer("generator-size", 1, 4096),
                options.constant("read", Representation.class));
    }
}
