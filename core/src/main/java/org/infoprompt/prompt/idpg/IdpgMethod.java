package org.infoprompt.prompt.idpg;

import java.util.List;
import org.infoprompt.prompt.MethodDefaults;
import org.infoprompt.prompt.MethodOption;
import org.infoprompt.prompt.MethodOptions;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethod;
import org.infoprompt.prompt.SlotLayout;

/** IDPG (Wu et al. 2022, arXiv 2204.04497). */
public final class IdpgMethod implements PromptMethod {
    /** Its id. */
    public static final String ID = "idpg";

    private static final int SINGLE_BOTTLENECK = 256;
    private static final int MULTI_BOTTLENECK = 16;

    /** Creates the method. */
    public IdpgMethod() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "slots generated from each text's [CLS] state, at the input or in every layer (Wu et al. 2022)";
    }

    @Override
    public List<MethodOption> options() {
        return List.of(
                new MethodOption("slots", "5", "number of slots"),
                new MethodOption("layers", "multi", "single (at the input) or multi (after every layer too)"),
                new MethodOption("generator", "phm", "phm (sums of Kronecker products) or dnn (full matrices)"),
                new MethodOption("bottleneck", "0", "hidden width; 0 for 256 with layers=single, 16 with multi"),
                new MethodOption("order", "16", "terms of the Kronecker sums; divides bottleneck and hidden size"),
                new MethodOption(
                        "shared-factors",
                        "auto",
                        "whether both Kronecker sums share their small factors; auto for layers=single only"),
                new MethodOption("source", "current", "what is read between layers: current or sentence"));
    }

    @Override
    public MethodDefaults defaults() {
        return MethodDefaults.of(5e-3);
    }

    @Override
    public PromptConfig configure(MethodOptions options) {
        IdpgConfig.Layers layers = options.constant("layers", IdpgConfig.Layers.class);
        boolean single = layers == IdpgConfig.Layers.SINGLE;
        int bottleneck = options.integer("bottleneck", 0, 8192);
        return new IdpgConfig(
                options.integer("slots", 1, SlotLayout.MAX),
                layers,
                options.constant("generator", IdpgConfig.Kind.class),
                bottleneck != 0 ? bottleneck : single ? SINGLE_BOTTLENECK : MULTI_BOTTLENECK,
                options.integer("order", 1, 512),
                options.text("shared-factors").equals("auto") ? single : options.bool("shared-factors"),
                options.constant("source", IdpgConfig.Source.class));
    }
}
