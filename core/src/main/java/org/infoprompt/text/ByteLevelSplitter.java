package org.infoprompt.text;

import static org.infoprompt.text.UnicodeTable.LETTER;
import static org.infoprompt.text.UnicodeTable.NUMBER;
import static org.infoprompt.text.UnicodeTable.SPACE;

/**
 * GPT-2's pre-tokenizer: the matches of {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+},
 * which cover every text. Bytes are not renamed to printable characters here: the model reads plain code points.
 *
 * @param addPrefixSpace whether a text that does not start with a space gets one
 * @param useRegex whether to split at all
 */
record ByteLevelSplitter(boolean addPrefixSpace, boolean useRegex) implements PreTokenizer {
    private static final int KINDS = LETTER | NUMBER | SPACE;

    @Override
    public PieceSink before(PieceSink next) {
        IntList prefixed = new IntList(64);
        return (text, start, end) -> {
            if (addPrefixSpace && text[start] != ' ') {
                int length = end - start + 1;
                prefixed.reserve(length);
                prefixed.values[0] = ' ';
                System.arraycopy(text, start, prefixed.values, 1, length - 1);
                split(prefixed.values, 0, length, next);
            } else {
                split(text, start, end, next);
            }
        };
    }

    @Override
    public String description() {
        return "ByteLevel(prefix=" + addPrefixSpace + ",regex=" + useRegex + ")";
    }

    private void split(int[] text, int start, int end, PieceSink next) {
        if (!useRegex) {
            next.piece(text, start, end);
            return;
        }
        int i = start;
        while (i < end) {
            int stop = matchEnd(text, i, end);
            next.piece(text, i, stop);
            i = stop;
        }
    }

    private static int matchEnd(int[] text, int i, int end) {
        int c = text[i];
        if (c == '\'') {
            int length = contraction(text, i + 1, end);
            if (length > 0) {
                return i + 1 + length;
            }
        }
        int first = c == ' ' && i + 1 < end ? i + 1 : i;
        int kind = UnicodeTable.properties(text[first]) & KINDS;
        if ((kind & SPACE) == 0) {
            return runEnd(text, first + 1, end, kind);
        }
        int stop = runEnd(text, i + 1, end, SPACE);
        // The look-ahead leaves the last space of a run to the word behind it.
        return stop < end && stop - i > 1 ? stop - 1 : stop;
    }

    private static int runEnd(int[] text, int from, int end, int kind) {
        int i = from;
        while (i < end && (UnicodeTable.properties(text[i]) & KINDS) == kind) {
            i++;
        }
        return i;
    }

    /** Returns the length of the English ending behind an apostrophe, 0 if there is none. */
    private static int contraction(int[] text, int i, int end) {
        if (i >= end) {
            return 0;
        }
        int c = text[i];
        if (c == 's' || c == 't' || c == 'm' || c == 'd') {
            return 1;
        }
        int second = i + 1 < end ? text[i + 1] : 0;
        return ((c == 'r' || c == 'v') && second == 'e') || (c == 'l' && second == 'l') ? 2 : 0;
    }
}
