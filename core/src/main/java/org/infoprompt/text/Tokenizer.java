package org.infoprompt.text;

import org.jspecify.annotations.Nullable;

/** Turns text into token ids. Implementations are immutable and may be shared by threads. */
public interface Tokenizer {
    /**
     * Returns the ids of a text without the special tokens of the template, uncut and unpadded. Special tokens written in
     * the text, such as {@code [MASK]}, become their own id.
     *
     * @param text any text, also empty; lone surrogates are read as U+FFFD
     * @return the ids, possibly none
     */
    int[] tokenize(String text);

    /**
     * Returns a tokenizer for one thread that keeps its buffers: no call allocates once they are as large as its texts need.
     *
     * @return a scanner of its own
     */
    TokenScanner newScanner();

    /**
     * Returns the number of rows that an embedding table needs.
     *
     * @return the highest id + 1
     */
    int vocabularySize();

    /**
     * Returns a vocabulary entry.
     *
     * @param id in [0, {@link #vocabularySize()})
     * @return its token, or an empty string where the vocabulary has a gap
     * @throws IllegalArgumentException if the id is outside of the vocabulary
     */
    String token(int id);

    /**
     * Returns the id of a vocabulary entry.
     *
     * @param token exactly as in the vocabulary, such as {@code ##ing} or {@code Ġthe}
     * @return its id, -1 if absent
     */
    int id(String token);

    /**
     * Returns the ids with a role of their own.
     *
     * @return ids, -1 where the vocabulary has none
     */
    SpecialTokens specialTokens();

    /**
     * Encodes one or two texts with the model's template, {@code [CLS] a [SEP] b [SEP]} or
     * {@code <s> a </s></s> b </s>}, unpadded. What is too long is cut at its end, the longer text first, until both have
     * half of the room.
     *
     * @param text the first text
     * @param pair the second text, or null for one text
     * @param maxLength the most ids to return, at least the number of the template's own tokens
     * @return ids and type ids
     * @throws IllegalArgumentException if the template alone is longer than {@code maxLength}
     */
    Encoding encode(String text, @Nullable String pair, int maxLength);

    /**
     * Returns an identity: equal vocabularies, merges, added tokens and text preparation have equal values, from whatever
     * kind of file they were read.
     *
     * @return SHA-256, 64 hexadecimal digits
     */
    String sha256();
}
