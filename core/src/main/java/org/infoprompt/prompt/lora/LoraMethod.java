package org.infoprompt.prompt.lora;

import java.util.EnumSet;
import java.util.List;
import org.infoprompt.prompt.AdaptedLinear;
import org.infoprompt.prompt.MethodDefaults;
import org.infoprompt.prompt.MethodOption;
import org.infoprompt.prompt.MethodOptions;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethod;
import org.infoprompt.prompt.Reading;

/** LoRA (Hu et al. 2022, arXiv 2106.09685), with the defaults of Hugging Face PEFT: rank 8, alpha 8, query and value. */
public final class LoraMethod implements PromptMethod {
    /** Its id. */
    public static final String ID = "lora";

    /** Creates the method. */
    public LoraMethod() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "no prompts, low-rank changes of linear layers (Hu et al. 2022)";
    }

    @Override
    public List<MethodOption> options() {
        return List.of(
                new MethodOption("rank", "8", "r, rank of each change"),
                new MethodOption("alpha", "8", "changes are scaled by alpha/r"),
                new MethodOption(
                        "targets",
                        "query+value",
                        "changed layers: query, key, value, attention.output.dense, intermediate.dense, output.dense"),
                new MethodOption("read", "cls", "what the head reads: cls, mask or mean"));
    }

    @Override
    public MethodDefaults defaults() {
        return MethodDefaults.of(2e-3);
    }

    @Override
    public PromptConfig configure(MethodOptions options) {
        return new LoraConfig(
                options.integer("rank", 1, 1024),
                options.number("alpha", 1e-6, 1e6),
                AdaptedLinear.parse(options.text("targets"), EnumSet.allOf(AdaptedLinear.class)),
                options.constant("read", Reading.class));
    }
}
