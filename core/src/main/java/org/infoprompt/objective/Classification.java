package org.infoprompt.objective;

import java.util.Locale;

/** What the class head scores. */
public enum Classification {
    /** The bottleneck's sample, decoded: (Wo z + bo)·Hᵀ, the released code's form. */
    BOTTLENECK,
    /** The prompted mask state itself: hp·Hᵀ + b. */
    DIRECT,
    /** The sum of both logits. */
    BOTH;

    /** {@return whether the bottleneck's sample is scored} */
    public boolean usesBottleneck() {
        return this != DIRECT;
    }

    /** {@return whether the mask state is scored} */
    public boolean usesDirect() {
        return this != BOTTLENECK;
    }

    /** {@return the name used in files and options} */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
