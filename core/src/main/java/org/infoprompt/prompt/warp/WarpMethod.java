package org.infoprompt.prompt.warp;

import java.util.List;
import org.infoprompt.prompt.MethodDefaults;
import org.infoprompt.prompt.MethodOption;
import org.infoprompt.prompt.MethodOptions;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethod;
import org.infoprompt.prompt.SlotLayout;

/** WARP, Word-level Adversarial ReProgramming (Hambardzumyan, Khachatrian and May 2021, arXiv 2101.00121). */
public final class WarpMethod implements PromptMethod {
    /** Its id. */
    public static final String ID = "warp";

    /** Creates the method. */
    public WarpMethod() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "slots around a mask, read through the masked-LM head's transform; the class head starts from label words"
                + " (Hambardzumyan et al. 2021)";
    }

    @Override
    public List<MethodOption> options() {
        return List.of(
                new MethodOption("length", "20", "slots of all four groups; 0 trains the class head alone"),
                new MethodOption(
                        "start",
                        "mask",
                        "mask or pad (that token's embedding), vocabulary (random words), normal, or text"),
                new MethodOption("text", "", "with start text: words whose embeddings the slots start as, in turn"));
    }

    /** The paper's learning rate, schedule and clipping; no weight decay. */
    @Override
    public MethodDefaults defaults() {
        return new MethodDefaults(30, 8, 1e-3, 0, .06, 1, false);
    }

    @Override
    public PromptConfig configure(MethodOptions options) {
        return new WarpConfig(
                options.integer("length", 0, SlotLayout.MAX),
                options.constant("start", WarpStart.class),
                options.text("text"));
    }
}
