package org.infoprompt.text;

import java.util.List;

/** Finds added tokens in a text: the leftmost, of these the longest, then on behind its end. */
final class AddedTokenFinder {
    /** Takes what was found, in order. */
    interface Handler {
        /** Takes a non-empty part of the text without added tokens. */
        void text(int start, int end);

        /** Takes an added token. */
        void token(int id);
    }

    private final TokenTrie trie;
    private final AddedToken[] tokens;

    private AddedTokenFinder(TokenTrie trie, AddedToken[] tokens) {
        this.trie = trie;
        this.tokens = tokens;
    }

    /**
     * Creates a finder; of two tokens with one pattern the first is found.
     *
     * @param patterns what to look for, none empty; a pattern for each token
     */
    static AddedTokenFinder of(List<AddedToken> tokens, List<IntList> patterns) {
        TokenTrie trie = new TokenTrie(16 * tokens.size());
        for (int i = tokens.size() - 1; i >= 0; i--) {
            trie.put(patterns.get(i), i);
        }
        return new AddedTokenFinder(trie, tokens.toArray(AddedToken[]::new));
    }

    void find(IntList text, Handler handler) {
        int[] values = text.values;
        int n = text.length;
        int done = 0;
        int at = 0;
        while (tokens.length > 0 && at < n) {
            int node = trie.child(TokenTrie.ROOT, values[at]);
            if (node == TokenTrie.NONE) {
                at++;
                continue;
            }
            int found = TokenTrie.NONE;
            int stop = at + 1;
            for (int i = at + 1; node != TokenTrie.NONE; i++) {
                if (trie.number(node) != TokenTrie.NONE) {
                    found = trie.number(node);
                    stop = i;
                }
                node = i < n ? trie.child(node, values[i]) : TokenTrie.NONE;
            }
            int start = at;
            at = stop;
            if (found == TokenTrie.NONE || (tokens[found].singleWord() && !isSingleWord(values, start, stop, n))) {
                continue;
            }
            AddedToken token = tokens[found];
            while (token.lstrip() && start > done && UnicodeTable.is(values[start - 1], UnicodeTable.SPACE)) {
                start--;
            }
            while (token.rstrip() && stop < n && UnicodeTable.is(values[stop], UnicodeTable.SPACE)) {
                stop++;
            }
            if (done < start) {
                handler.text(done, start);
            }
            handler.token(token.id());
            done = stop;
        }
        if (done < n) {
            handler.text(done, n);
        }
    }

    private static boolean isSingleWord(int[] text, int start, int stop, int n) {
        return (start == 0 || !UnicodeTable.is(text[start - 1], UnicodeTable.WORD))
                && (stop == n || !UnicodeTable.is(text[stop], UnicodeTable.WORD));
    }
}
