package org.infoprompt.prompt.warp;

import java.util.Locale;

/** What prompt vectors start as. */
public enum WarpStart {
    /** All as the embedding of the mask token; the paper's choice for GLUE. */
    MASK,
    /** All as the embedding of the padding token; the paper's choice for few-shot SuperGLUE. */
    PAD,
    /** Embeddings of random words. */
    VOCABULARY,
    /** N(0, s²), s the spread of the word embeddings. */
    NORMAL,
    /** Embeddings of the words of a text, in turn. */
    TEXT;

    /** {@return the name used in files and options} */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
