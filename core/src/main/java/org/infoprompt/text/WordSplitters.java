package org.infoprompt.text;

import static org.infoprompt.text.UnicodeTable.NUMERIC;
import static org.infoprompt.text.UnicodeTable.PUNCTUATION;
import static org.infoprompt.text.UnicodeTable.SPACE;
import static org.infoprompt.text.UnicodeTable.WORD;

import java.util.List;

/** The pre-tokenizers that cut by a property of each code point. */
final class WordSplitters {
    private static final int NOTHING = 0;

    private WordSplitters() {}

    /**
     * Drops code points with a property of {@code removed}, makes each with one of {@code isolated} a piece of its own, and
     * passes the runs between them on.
     */
    record Cut(String description, int removed, int isolated) implements PreTokenizer {
        @Override
        public PieceSink before(PieceSink next) {
            return (text, start, end) -> {
                int from = start;
                for (int i = start; i < end; i++) {
                    int bits = UnicodeTable.properties(text[i]);
                    if ((bits & (removed | isolated)) == 0) {
                        continue;
                    }
                    if (i > from) {
                        next.piece(text, from, i);
                    }
                    if ((bits & removed) == 0) {
                        next.piece(text, i, i + 1);
                    }
                    from = i + 1;
                }
                if (end > from) {
                    next.piece(text, from, end);
                }
            };
        }
    }

    /** Drops {@code removed} and cuts wherever {@code property} begins or ends. */
    record Runs(String description, int removed, int property) implements PreTokenizer {
        @Override
        public PieceSink before(PieceSink next) {
            return (text, start, end) -> {
                int i = start;
                while (i < end) {
                    int bits = UnicodeTable.properties(text[i]);
                    int from = i++;
                    if ((bits & removed) != 0) {
                        continue;
                    }
                    boolean inside = (bits & property) != 0;
                    while (i < end && continues(text[i], inside)) {
                        i++;
                    }
                    next.piece(text, from, i);
                }
            };
        }

        private boolean continues(int codePoint, boolean inside) {
            int bits = UnicodeTable.properties(codePoint);
            return (bits & removed) == 0 && ((bits & property) != 0) == inside;
        }
    }

    /** Applies pre-tokenizers one after the other; with none a text is one piece. */
    record Chain(List<PreTokenizer> steps) implements PreTokenizer {
        @Override
        public PieceSink before(PieceSink next) {
            PieceSink sink = next;
            for (PreTokenizer step : steps.reversed()) {
                sink = step.before(sink);
            }
            return sink;
        }

        @Override
        public String description() {
            return String.join(
                    "+", steps.stream().map(PreTokenizer::description).toList());
        }
    }

    /** White space separates, each punctuation character is a word. */
    static PreTokenizer bert() {
        return new Cut("Bert", SPACE, PUNCTUATION);
    }

    /** White space separates. */
    static PreTokenizer whitespaceSplit() {
        return new Cut("WhitespaceSplit", SPACE, NOTHING);
    }

    /** Each punctuation character is a word. */
    static PreTokenizer punctuation() {
        return new Cut("Punctuation", NOTHING, PUNCTUATION);
    }

    /** Matches of {@code \w+|[^\w\s]+}. */
    static PreTokenizer whitespace() {
        return new Runs("Whitespace", SPACE, WORD);
    }

    /** Numbers are words: each digit, or each run of digits. */
    static PreTokenizer digits(boolean individual) {
        return individual ? new Cut("Digits(individual)", NOTHING, NUMERIC) : new Runs("Digits", NOTHING, NUMERIC);
    }
}
