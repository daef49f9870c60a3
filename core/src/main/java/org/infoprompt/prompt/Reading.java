package org.infoprompt.prompt;

import java.util.Locale;

/** Which of a sequence's last hidden states the class head reads. */
public enum Reading {
    /** The state of the mask slot, which the layout then contains. */
    MASK,
    /** The state of the [CLS] token, wherever prompt slots have moved it. */
    CLS,
    /** The state of the first row, a prompt slot if slots stand before [CLS]: what a pooler reads in Hugging Face PEFT. */
    FIRST,
    /** The mean of the states of all rows that are no prompt slots. */
    MEAN,
    /** The states of every word's first token, each for itself: token labelling. */
    WORDS;

    /** {@return the name used in files and options} */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
