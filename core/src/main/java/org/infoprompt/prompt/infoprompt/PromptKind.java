package org.infoprompt.prompt.infoprompt;

import java.util.Locale;

/** Where prompt vectors come from. */
public enum PromptKind {
    /** One table [N, D] for the task; inference takes one pass. */
    TASK,
    /** A generator turns each text's plain [CLS] state into its own prompts; inference takes two passes. */
    INSTANCE;

    /** {@return the name used in files and options} */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
