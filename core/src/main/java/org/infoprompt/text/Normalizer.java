package org.infoprompt.text;

/** Rewrites a text before it is split into words. Immutable. */
interface Normalizer {
    /**
     * Returns the normalized text, which is one of the two arguments; what the other one holds afterwards is undefined. Allocates
     * only where a list has to grow.
     *
     * @param text code points, owned by the callee from here on
     * @param spare room for another text, whatever it holds
     */
    IntList normalize(IntList text, IntList spare);

    /** Returns the normalized text with room of its own; the argument may be changed. */
    default IntList normalize(IntList text) {
        return normalize(text, new IntList(text.length + 16));
    }

    /** Returns a line that is equal for equal behaviour; part of a tokenizer's identity. */
    String description();
}
