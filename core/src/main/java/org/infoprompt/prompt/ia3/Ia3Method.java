package org.infoprompt.prompt.ia3;

import java.util.List;
import org.infoprompt.prompt.AdaptedLinear;
import org.infoprompt.prompt.MethodDefaults;
import org.infoprompt.prompt.MethodOption;
import org.infoprompt.prompt.MethodOptions;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethod;
import org.infoprompt.prompt.Reading;

/**
 * (IA)³ (Liu et al. 2022, arXiv 2205.05638) where Hugging Face PEFT puts it in BERT: what comes out of key and value, and what goes
 * into every {@code output.dense}, the attention's as well as the feed-forward's.
 */
public final class Ia3Method implements PromptMethod {
    /** Its id. */
    public static final String ID = "ia3";

    /** Creates the method. */
    public Ia3Method() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "no prompts, factors of keys, values and inner states (Liu et al. 2022)";
    }

    @Override
    public List<MethodOption> options() {
        return List.of(
                new MethodOption(
                        "targets",
                        "key+value+attention.output.dense+output.dense",
                        "scaled layers: outputs of key and value, inputs of attention.output.dense and output.dense"),
                new MethodOption("read", "cls", "what the head reads: cls, mask or mean"));
    }

    @Override
    public MethodDefaults defaults() {
        return MethodDefaults.of(1e-2);
    }

    @Override
    public PromptConfig configure(MethodOptions options) {
        return new Ia3Config(
                AdaptedLinear.parse(options.text("targets"), Ia3Config.ALLOWED),
                options.constant("read", Reading.class));
    }
}
