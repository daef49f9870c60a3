package org.infoprompt.prompt.tuning;

/** How a table of prompt vectors starts. */
public enum Start {
    /** Embeddings of random words. */
    VOCABULARY,
    /** Embeddings of a text's words, in turn. */
    TEXT,
    /** Mean embeddings of each class's label words, in turn. */
    LABELS,
    /** U(-0.5, 0.5), the published code's default. */
    UNIFORM,
    /** N(0, 1), Hugging Face PEFT's RANDOM. */
    NORMAL
}
