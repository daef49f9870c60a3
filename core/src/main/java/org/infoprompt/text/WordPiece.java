package org.infoprompt.text;

import java.util.List;

/** BERT's model: the longest token from the left, again and again; a word that cannot be spelled so is unknown. */
final class WordPiece implements SubwordModel {
    private final Vocabulary vocabulary;
    private final TokenTrie trie;
    private final int unknown;
    private final String prefix;
    private final int continuing;
    private final int maxInputCharsPerWord;

    WordPiece(Vocabulary vocabulary, int unknown, String prefix, int maxInputCharsPerWord) {
        this.vocabulary = vocabulary;
        this.trie = vocabulary.trie();
        this.unknown = unknown;
        this.prefix = prefix;
        this.continuing = trie.walk(IntList.codePoints(prefix));
        this.maxInputCharsPerWord = maxInputCharsPerWord;
    }

    @Override
    public PieceSink into(IntList ids) {
        return (text, start, end) -> {
            int mark = ids.length;
            if (end - start > maxInputCharsPerWord || !spell(text, start, end, ids)) {
                ids.length = mark;
                ids.add(unknown);
            }
        };
    }

    private boolean spell(int[] text, int start, int end, IntList ids) {
        int at = start;
        int node = TokenTrie.ROOT;
        while (at < end) {
            int best = TokenTrie.NONE;
            int bestEnd = at;
            for (int i = at; i < end && node != TokenTrie.NONE; i++) {
                node = trie.child(node, text[i]);
                if (node != TokenTrie.NONE && trie.number(node) != TokenTrie.NONE) {
                    best = trie.number(node);
                    bestEnd = i + 1;
                }
            }
            if (best == TokenTrie.NONE) {
                return false;
            }
            ids.add(best);
            at = bestEnd;
            node = continuing;
        }
        return true;
    }

    @Override
    public List<String> tokens() {
        return vocabulary.tokens();
    }

    @Override
    public int id(String token) {
        return vocabulary.id(token);
    }

    @Override
    public List<String> description() {
        return List.of("WordPiece unk=" + unknown + " prefix=" + prefix + " max=" + maxInputCharsPerWord);
    }
}
