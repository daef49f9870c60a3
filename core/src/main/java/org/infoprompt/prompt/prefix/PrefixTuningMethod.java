package org.infoprompt.prompt.prefix;

import java.util.List;
import org.infoprompt.prompt.MethodDefaults;
import org.infoprompt.prompt.MethodOption;
import org.infoprompt.prompt.MethodOptions;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethod;

/** Prefix-Tuning (Li and Liang 2021, arXiv 2101.00190). */
public final class PrefixTuningMethod implements PromptMethod {
    /** Its id. */
    public static final String ID = "prefix-tuning";

    /** Creates the method. */
    public PrefixTuningMethod() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "keys and values before every layer's own, made by an MLP while training (Li and Liang 2021)";
    }

    @Override
    public List<MethodOption> options() {
        return PrefixOptions.list("10", "true", "1.0");
    }

    @Override
    public MethodDefaults defaults() {
        return MethodDefaults.of(1e-3);
    }

    @Override
    public PromptConfig configure(MethodOptions options) {
        return PrefixOptions.config(ID, options);
    }
}
