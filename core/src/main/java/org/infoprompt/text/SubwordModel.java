package org.infoprompt.text;

import java.util.List;

/** A vocabulary and the rule that spells a word with it. Immutable. */
interface SubwordModel {
    /** Returns a sink that appends the ids of each word, for one thread. */
    PieceSink into(IntList ids);

    /** Returns the tokens by id, an empty string at a gap. */
    List<String> tokens();

    /** Returns the id of a token, {@link TokenTrie#NONE} if absent. */
    int id(String token);

    /** Returns the lines that, beside the tokens, determine the model; part of a tokenizer's identity. */
    List<String> description();
}
