package org.infoprompt.text;

/** Splits a text into the words that the model tokenizes one by one. Immutable. */
interface PreTokenizer {
    /** Returns a sink that splits what it gets and passes the parts on, for one thread. */
    PieceSink before(PieceSink next);

    /** Returns a line that is equal for equal behaviour; part of a tokenizer's identity. */
    String description();
}
