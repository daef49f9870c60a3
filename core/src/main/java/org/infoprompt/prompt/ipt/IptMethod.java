package org.infoprompt.prompt.ipt;

import java.util.List;
import org.infoprompt.prompt.MethodDefaults;
import org.infoprompt.prompt.MethodOption;
import org.infoprompt.prompt.MethodOptions;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethod;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;

/** Instance-wise Prompt Tuning (Jiang et al. 2022, arXiv 2206.01958). */
public final class IptMethod implements PromptMethod {
    /** Its id. */
    public static final String ID = "ipt";

    /** Creates the method. */
    public IptMethod() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "slots or prefixes looked up by, or encoded from, the text's own tokens (Jiang et al. 2022)";
    }

    @Override
    public List<MethodOption> options() {
        return List.of(
                new MethodOption("carrier", "prompt", "prompt (slots) or prefix (added to the first layer's prefixes)"),
                new MethodOption("encoder", "mlp", "none (look up), mlp, cnn or lstm"),
                new MethodOption(
                        "table",
                        "words",
                        "words (frozen word embeddings), pretrained (the same, trained) or random (trained)"),
                new MethodOption("slots", "20", "number of slots or prefixes"),
                new MethodOption("tokens", "32", "tokens an encoder reads"),
                new MethodOption("lstm-size", "64", "hidden width of encoder=lstm"),
                new MethodOption("instance-scale", "0.05", "factor of what is added to prefixes"),
                new MethodOption("read", "cls", "what the head reads: cls, first (row), mask or mean"));
    }

    @Override
    public MethodDefaults defaults() {
        return MethodDefaults.of(1e-3);
    }

    @Override
    public PromptConfig configure(MethodOptions options) {
        return new IptConfig(
                options.constant("carrier", IptConfig.Carrier.class),
                options.constant("encoder", IptConfig.Encoder.class),
                options.constant("table", IptConfig.Table.class),
                options.integer("slots", 1, SlotLayout.MAX),
                options.integer("tokens", 1, SlotLayout.MAX),
                options.integer("lstm-size", 1, 4096),
                options.number("instance-scale", 0, 1e3),
                options.constant("read", Reading.class));
    }
}
