package org.infoprompt.text;

import java.util.List;

/** The small normalizers: case, accents, edges, and several in a row. */
final class Filters {
    private Filters() {}

    /** Lowers each code point by itself, so a final sigma becomes a plain one, as in the library. */
    record Lowercase() implements Normalizer {
        @Override
        public IntList normalize(IntList text, IntList spare) {
            return lower(text, spare);
        }

        @Override
        public String description() {
            return "Lowercase";
        }
    }

    /** Removes combining marks of every kind; composed letters keep theirs unless NFD or NFKD ran before. */
    record StripAccents() implements Normalizer {
        @Override
        public IntList normalize(IntList text, IntList spare) {
            remove(text, UnicodeTable.MARK);
            return text;
        }

        @Override
        public String description() {
            return "StripAccents";
        }
    }

    /** Removes white space at the ends. */
    record Strip(boolean left, boolean right) implements Normalizer {
        @Override
        public IntList normalize(IntList text, IntList spare) {
            int start = 0;
            int end = text.length;
            while (left && start < end && UnicodeTable.is(text.values[start], UnicodeTable.SPACE)) {
                start++;
            }
            while (right && end > start && UnicodeTable.is(text.values[end - 1], UnicodeTable.SPACE)) {
                end--;
            }
            text.copyFrom(text.values, start, end);
            return text;
        }

        @Override
        public String description() {
            return "Strip(left=" + left + ",right=" + right + ")";
        }
    }

    /** Applies normalizers one after the other; with none it changes nothing. */
    record Chain(List<Normalizer> steps) implements Normalizer {
        @Override
        public IntList normalize(IntList text, IntList spare) {
            IntList result = text;
            IntList other = spare;
            for (int i = 0; i < steps.size(); i++) {
                IntList next = steps.get(i).normalize(result, other);
                if (next == other) {
                    other = result;
                    result = next;
                }
            }
            return result;
        }

        @Override
        public String description() {
            return String.join("+", steps.stream().map(Normalizer::description).toList());
        }
    }

    /** Removes the code points that have a property, in place. */
    static void remove(IntList text, int property) {
        int[] values = text.values;
        int length = 0;
        for (int i = 0; i < text.length; i++) {
            if (!UnicodeTable.is(values[i], property)) {
                values[length++] = values[i];
            }
        }
        text.length = length;
    }

    /** Lowers the case, in place unless a code point becomes several; then into {@code spare}. */
    static IntList lower(IntList text, IntList spare) {
        int[] values = text.values;
        for (int i = 0; i < text.length; i++) {
            if (!UnicodeTable.is(values[i], UnicodeTable.LOWERS)) {
                continue;
            }
            int mapped = UnicodeTable.lowerOf(values[i]);
            if (mapped == LongIntMap.ABSENT) {
                return lowerLonger(text, i, spare);
            }
            values[i] = mapped;
        }
        return text;
    }

    private static IntList lowerLonger(IntList text, int from, IntList out) {
        out.copyFrom(text.values, 0, from);
        for (int i = from; i < text.length; i++) {
            UnicodeTable.appendLower(text.values[i], out);
        }
        return out;
    }
}
