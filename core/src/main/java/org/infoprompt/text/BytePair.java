package org.infoprompt.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Byte-level byte pair encoding (RoBERTa, GPT-2): a word's UTF-8 bytes, joined pair by pair, the pair of lowest rank
 * first and the leftmost of equal ones. Source: Sennrich, Haddow and Birch 2016, arXiv 1508.07909; bytes as in GPT-2.
 */
final class BytePair implements SubwordModel {
    private final Vocabulary vocabulary;
    private final List<String> merges;
    private final LongIntMap ranks;
    private final int[] merged;
    private final int[] byteIds;
    private final int unknown;
    private final boolean fuseUnknown;
    private final boolean ignoreMerges;

    /**
     * Creates the model.
     *
     * @param merges a left and a right token for each rank, as written
     * @param ranks rank by pair of ids, see {@link #pair}
     * @param merged id of the joined token by rank
     * @param unknown id for a byte without a token, {@link TokenTrie#NONE} to leave it out
     * @param fuseUnknown whether neighbouring unknown bytes are one token
     * @param ignoreMerges whether a word that is a token itself is not built by merges
     */
    BytePair(
            Vocabulary vocabulary,
            List<String> merges,
            LongIntMap ranks,
            int[] merged,
            int unknown,
            boolean fuseUnknown,
            boolean ignoreMerges) {
        this.vocabulary = vocabulary;
        this.merges = merges;
        this.ranks = ranks;
        this.merged = merged;
        this.unknown = unknown;
        this.fuseUnknown = fuseUnknown;
        this.ignoreMerges = ignoreMerges;
        byteIds = new int[256];
        for (int b = 0; b < 256; b++) {
            byteIds[b] = vocabulary.id(Character.toString(ByteAlphabet.codePoint(b)));
        }
    }

    static long pair(int left, int right) {
        return ((long) left << 31) | right;
    }

    @Override
    public PieceSink into(IntList ids) {
        IntList word = new IntList(64);
        BytePairMerger merger = new BytePairMerger(ranks, merged);
        byte[] bytes = new byte[4];
        return (text, start, end) -> {
            if (ignoreMerges) {
                int whole = wholeWord(text, start, end, bytes);
                if (whole != TokenTrie.NONE) {
                    ids.add(whole);
                    return;
                }
            }
            word.length = 0;
            symbols(text, start, end, bytes, word);
            merger.merge(word, ids);
        };
    }

    private int wholeWord(int[] text, int start, int end, byte[] bytes) {
        TokenTrie trie = vocabulary.trie();
        int node = TokenTrie.ROOT;
        for (int i = start; i < end && node != TokenTrie.NONE; i++) {
            int n = utf8(text[i], bytes);
            for (int b = 0; b < n && node != TokenTrie.NONE; b++) {
                node = trie.child(node, ByteAlphabet.codePoint(bytes[b] & 0xFF));
            }
        }
        return node == TokenTrie.NONE ? TokenTrie.NONE : trie.number(node);
    }

    private void symbols(int[] text, int start, int end, byte[] bytes, IntList word) {
        boolean afterUnknown = false;
        for (int i = start; i < end; i++) {
            int n = 1;
            if (text[i] >= 128) {
                n = utf8(text[i], bytes);
            }
            for (int b = 0; b < n; b++) {
                int id = byteIds[n == 1 ? text[i] : bytes[b] & 0xFF];
                if (id != TokenTrie.NONE) {
                    word.add(id);
                    afterUnknown = false;
                } else if (unknown != TokenTrie.NONE && !(afterUnknown && fuseUnknown)) {
                    word.add(unknown);
                    afterUnknown = true;
                }
            }
        }
    }

    private static int utf8(int codePoint, byte[] out) {
        if (codePoint < 0x80) {
            out[0] = (byte) codePoint;
            return 1;
        }
        int length = codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
        int rest = codePoint;
        for (int i = length - 1; i > 0; i--) {
            out[i] = (byte) (0x80 | (rest & 0x3F));
            rest >>>= 6;
        }
        out[0] = (byte) ((0xF00 >>> length) | rest);
        return length;
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
        List<String> lines = new ArrayList<>(merges.size() + 1);
        lines.add("BPE unk=" + unknown + " fuse=" + fuseUnknown + " ignoreMerges=" + ignoreMerges);
        lines.addAll(merges);
        return lines;
    }
}
