package org.infoprompt.text;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/** Tokens by id and ids by token. */
final class Vocabulary {
    private final List<String> tokens;
    private final TokenTrie trie;

    private Vocabulary(List<String> tokens, TokenTrie trie) {
        this.tokens = tokens;
        this.trie = trie;
    }

    /** Collects entries; the caller has seen to it that ids are small enough for a list. */
    static final class Builder {
        private final List<String> tokens = new ArrayList<>();
        private final TokenTrie trie;
        private final BitSet taken = new BitSet();

        Builder(int expected) {
            trie = new TokenTrie(3 * expected);
        }

        /** Adds an entry; returns what is wrong with it, empty if nothing. */
        String add(String token, int id) {
            while (tokens.size() <= id) {
                tokens.add("");
            }
            if (taken.get(id)) {
                return "id " + id + " has two tokens, '" + tokens.get(id) + "' and '" + token + "'";
            }
            int before = trie.put(IntList.codePoints(token), id);
            if (before != TokenTrie.NONE) {
                return "token '" + token + "' has two ids, " + before + " and " + id;
            }
            tokens.set(id, token);
            taken.set(id);
            return "";
        }

        int size() {
            return taken.cardinality();
        }

        Vocabulary build() {
            return new Vocabulary(Collections.unmodifiableList(tokens), trie);
        }
    }

    List<String> tokens() {
        return tokens;
    }

    TokenTrie trie() {
        return trie;
    }

    int id(String token) {
        int node = trie.walk(IntList.codePoints(token));
        return node == TokenTrie.NONE ? TokenTrie.NONE : trie.number(node);
    }
}
