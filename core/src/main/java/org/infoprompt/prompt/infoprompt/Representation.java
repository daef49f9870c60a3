package org.infoprompt.prompt.infoprompt;

import java.util.Locale;
import org.infoprompt.prompt.Reading;

/** What InfoPrompt takes for the representation Z. Wu et al. 2023 classify the mask's last state. */
public enum Representation {
    /** The mask's last hidden state, as published. */
    MASK(Reading.MASK),
    /** The mask's state behind the masked-LM head's dense layer, activation and LayerNorm, as WARP reads it. */
    FEATURE(Reading.MASK),
    /** The last hidden state of [CLS]; there is no mask. */
    CLS(Reading.CLS),
    /** The mean of the last hidden states of all words; there is no mask. */
    MEAN(Reading.MEAN);

    private final Reading reading;

    Representation(Reading reading) {
        this.reading = reading;
    }

    /** {@return which row the class head reads} */
    Reading reading() {
        return reading;
    }

    /** {@return the name used in files and options} */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
