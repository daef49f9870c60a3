package org.infoprompt.text;

/** Rewrites a text before it is split into words. Immutable. */
interface Normalizer {
    /**
     * Returns the normalized text; may reuse the argument's storage.
     *
     * @param text code points, owned by the callee from here on
     */
    IntList normalize(IntList text);

    /** Returns a line that is equal for equal behaviour; part of a tokenizer's identity. */
    String description();
}
