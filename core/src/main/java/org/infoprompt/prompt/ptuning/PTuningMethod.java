package org.infoprompt.prompt.ptuning;

import java.util.List;
import org.infoprompt.prompt.MethodDefaults;
import org.infoprompt.prompt.MethodOption;
import org.infoprompt.prompt.MethodOptions;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethod;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;

/** P-Tuning v1 (Liu et al. 2021, arXiv 2103.10385), with the encoders of Hugging Face PEFT. */
public final class PTuningMethod implements PromptMethod {
    /** Its id. */
    public static final String ID = "p-tuning";

    /** Creates the method. */
    public PTuningMethod() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "slots before the text from a trained MLP or LSTM (Liu et al. 2021)";
    }

    @Override
    public List<MethodOption> options() {
        return List.of(
                new MethodOption("slots", "20", "number of slots"),
                new MethodOption("encoder", "mlp", "mlp or lstm"),
                new MethodOption("hidden-size", "0", "width of the encoder; 0 for the backbone's"),
                new MethodOption("place", "before-cls", "before-cls, after-cls or around-mask"),
                new MethodOption("read", "cls", "what the head reads: cls, first (row), mask or mean"));
    }

    @Override
    public MethodDefaults defaults() {
        return MethodDefaults.of(1e-3);
    }

    @Override
    public PromptConfig configure(MethodOptions options) {
        return new PTuningConfig(
                options.integer("slots", 1, SlotLayout.MAX),
                options.constant("encoder", PTuningConfig.Encoder.class),
                options.integer("hidden-size", 0, 8192),
                options.constant("place", SlotLayout.Where.class),
                options.constant("read", Reading.class));
    }
}
