package org.infoprompt.prompt.prefix;

import java.util.List;
import org.infoprompt.prompt.MethodDefaults;
import org.infoprompt.prompt.MethodOption;
import org.infoprompt.prompt.MethodOptions;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethod;

/** P-Tuning v2 (Liu et al. 2022, arXiv 2110.07602): prefixes of every layer, trained as they are. */
public final class PTuningV2Method implements PromptMethod {
    /** Its id. */
    public static final String ID = "p-tuning-v2";

    /** Creates the method. */
    public PTuningV2Method() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "keys and values before every layer's own, trained as they are (Liu et al. 2022)";
    }

    @Override
    public List<MethodOption> options() {
        return PrefixOptions.list("8", "false", "1.0");
    }

    @Override
    public MethodDefaults defaults() {
        return MethodDefaults.of(5e-3);
    }

    @Override
    public PromptConfig configure(MethodOptions options) {
        return PrefixOptions.config(ID, options);
    }
}
