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

    /** Tells whether the bottleneck's sample is scored. */
    public boolean usesBottleneck() {
        return this != DIRECT;
    }

    /** Tells whether the mask state is scored. */
    public boolean usesDirect() {
        return this != BOTTLENECK;
    }

    /** Returns the name used in files and options. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
