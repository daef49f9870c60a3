package org.infoprompt.text;

import java.util.ArrayList;
import java.util.List;

/** Collects the merges of a byte pair encoding, in the order of their ranks. */
final class Merges {
    private final Vocabulary vocabulary;
    private final List<String> lines = new ArrayList<>();
    private final LongIntMap ranks = new LongIntMap(1024);
    private final IntList merged = new IntList(1024);

    Merges(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Adds {@code left right}; returns what is wrong with it, empty if nothing. */
    String add(String line) {
        int space = line.indexOf(' ');
        if (space <= 0 || space == line.length() - 1 || line.indexOf(' ', space + 1) >= 0) {
            return "'" + line + "' is not two tokens with a space between them";
        }
        return add(line.substring(0, space), line.substring(space + 1));
    }

    String add(String left, String right) {
        int leftId = vocabulary.id(left);
        int rightId = vocabulary.id(right);
        int joined = vocabulary.id(left + right);
        if (leftId == TokenTrie.NONE || rightId == TokenTrie.NONE || joined == TokenTrie.NONE) {
            String missing = leftId == TokenTrie.NONE ? left : rightId == TokenTrie.NONE ? right : left + right;
            return "merge of '" + left + "' and '" + right + "': '" + missing + "' is not in the vocabulary";
        }
        ranks.put(BytePair.pair(leftId, rightId), merged.length);
        merged.add(joined);
        lines.add(left + " " + right);
        return "";
    }

    SubwordModel model(int unknown, boolean fuseUnknown, boolean ignoreMerges) {
        return new BytePair(vocabulary, lines, ranks, merged.toArray(), unknown, fuseUnknown, ignoreMerges);
    }
}
