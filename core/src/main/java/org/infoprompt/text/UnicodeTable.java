package org.infoprompt.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;

/**
 * Properties and mappings of all code points as Hugging Face {@code tokenizers} knows them, read once from
 * {@code unicode-tables.txt} (made by {@code make_unicode_tables.py}, which asked the library about every code point).
 */
final class UnicodeTable {
    static final int SPACE = 1;
    static final int BERT_REMOVED = 1 << 1;
    static final int BERT_BLANKED = 1 << 2;
    static final int BERT_CHINESE = 1 << 3;
    static final int BERT_ACCENT = 1 << 4;
    static final int MARK = 1 << 5;
    static final int PUNCTUATION = 1 << 6;
    static final int WORD = 1 << 7;
    static final int NUMERIC = 1 << 8;
    static final int LETTER = 1 << 9;
    static final int NUMBER = 1 << 10;
    static final int LOWERS = 1 << 11;
    static final int CANONICAL = 1 << 12;
    static final int COMPATIBLE = 1 << 13;
    static final int COMBINES = 1 << 14;
    static final int HANGUL = 1 << 15;

    private static final int BLOCK = 256;
    private static final UnicodeTable TABLE = read("unicode-tables.txt");

    private final char[][] blocks = new char[0x110000 / BLOCK][];
    // All other blocks are one block of zeros.
    private final BitSet ownBlocks = new BitSet();
    private final LongIntMap classes = new LongIntMap(1000);
    private final LongIntMap lower = new LongIntMap(1500);
    private final LongIntMap canonical = new LongIntMap(2100);
    private final LongIntMap compatible = new LongIntMap(3700);
    private final LongIntMap composed = new LongIntMap(1000);
    // Each mapping is its length followed by its code points.
    private final IntList pool = new IntList(16_384);

    private UnicodeTable() {
        Arrays.fill(blocks, new char[BLOCK]);
    }

    /** Reads the table now, so that the first text need not wait for it. */
    static void load() {
        Objects.requireNonNull(TABLE);
    }

    /** Returns the property bits of a code point. */
    static int properties(int codePoint) {
        return TABLE.blocks[codePoint >>> 8][codePoint & 0xFF];
    }

    static boolean is(int codePoint, int property) {
        return (properties(codePoint) & property) != 0;
    }

    /** Returns the canonical combining class. */
    static int combiningClass(int codePoint) {
        return is(codePoint, COMBINES) ? TABLE.classes.get(codePoint) : 0;
    }

    /** Returns the lower case of a code point that has one, or {@link LongIntMap#ABSENT} if it is not a single code point. */
    static int lowerOf(int codePoint) {
        int at = TABLE.lower.get(codePoint);
        int[] pool = TABLE.pool.values;
        return pool[at] == 1 ? pool[at + 1] : LongIntMap.ABSENT;
    }

    /** Appends the lower case of one code point. */
    static void appendLower(int codePoint, IntList out) {
        append(codePoint, LOWERS, TABLE.lower, out);
    }

    /** Appends the full decomposition of one code point, not yet in canonical order. */
    static void appendDecomposed(int codePoint, boolean compatibility, IntList out) {
        int bits = properties(codePoint);
        if ((bits & HANGUL) != 0) {
            Hangul.decompose(codePoint, out);
        } else if (compatibility && (bits & COMPATIBLE) != 0) {
            append(codePoint, COMPATIBLE, TABLE.compatible, out);
        } else {
            append(codePoint, CANONICAL, TABLE.canonical, out);
        }
    }

    /** Returns the primary composite of two code points, or {@link LongIntMap#ABSENT}. */
    static int compose(int first, int second) {
        int syllable = Hangul.compose(first, second);
        return syllable != LongIntMap.ABSENT ? syllable : TABLE.composed.get(((long) first << 21) | second);
    }

    private static void append(int codePoint, int property, LongIntMap map, IntList out) {
        if (!is(codePoint, property)) {
            out.add(codePoint);
            return;
        }
        int at = map.get(codePoint);
        int[] pool = TABLE.pool.values;
        for (int i = 1; i <= pool[at]; i++) {
            out.add(pool[at + i]);
        }
    }

    private static UnicodeTable read(String resource) {
        try (InputStream in = UnicodeTable.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("resource " + resource + " is missing from the library's jar");
            }
            UnicodeTable table = new UnicodeTable();
            table.parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
            table.mark(Hangul.FIRST, Hangul.LAST, HANGUL);
            return table;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void parse(String text) {
        String section = "";
        int at = 0;
        int n = text.length();
        while (at < n) {
            char c = text.charAt(at);
            int end = at;
            if (c == '#' || c == '@') {
                end = text.indexOf('\n', at);
                section = c == '@' ? text.substring(at + 1, end) : section;
            } else {
                while (text.charAt(end) > ' ') {
                    end++;
                }
                if (end > at) {
                    item(section, text, at, end);
                }
            }
            at = end + 1;
        }
    }

    private void item(String section, String text, int start, int end) {
        int equals = indexOf(text, '=', start, end);
        int dash = indexOf(text, '-', start, equals);
        int first = hex(text, start, dash);
        int last = dash < equals ? hex(text, dash + 1, equals) : first;
        switch (section) {
            case "white-space" -> mark(first, last, SPACE);
            case "bert-removed" -> mark(first, last, BERT_REMOVED);
            case "bert-blanked" -> mark(first, last, BERT_BLANKED);
            case "bert-chinese" -> mark(first, last, BERT_CHINESE);
            case "bert-accent" -> mark(first, last, BERT_ACCENT);
            case "combining-mark" -> mark(first, last, MARK);
            case "punctuation" -> mark(first, last, PUNCTUATION);
            case "word" -> mark(first, last, WORD);
            case "numeric" -> mark(first, last, NUMERIC);
            case "letter" -> mark(first, last, LETTER);
            case "number" -> mark(first, last, NUMBER);
            case "ccc" -> {
                mark(first, last, COMBINES);
                int combiningClass = Integer.parseInt(text, equals + 1, end, 10);
                for (int c = first; c <= last; c++) {
                    classes.put(c, combiningClass);
                }
            }
            case "lowercase" -> map(first, text, equals + 1, end, lower, LOWERS);
            case "canonical" -> map(first, text, equals + 1, end, canonical, CANONICAL);
            case "compatible" -> map(first, text, equals + 1, end, compatible, COMPATIBLE);
            case "composed" -> {
                int comma = indexOf(text, ',', equals, end);
                long pair = ((long) hex(text, equals + 1, comma) << 21) | hex(text, comma + 1, end);
                composed.put(pair, first);
            }
            default -> throw new IllegalStateException("unknown section " + section + " in the Unicode table");
        }
    }

    private void mark(int first, int last, int property) {
        for (int c = first; c <= last; c++) {
            if (!ownBlocks.get(c >>> 8)) {
                ownBlocks.set(c >>> 8);
                blocks[c >>> 8] = new char[BLOCK];
            }
            blocks[c >>> 8][c & 0xFF] |= (char) property;
        }
    }

    private void map(int codePoint, String text, int start, int end, LongIntMap map, int property) {
        mark(codePoint, codePoint, property);
        int at = pool.length;
        map.put(codePoint, at);
        pool.add(0);
        int from = start;
        while (from < end) {
            int comma = indexOf(text, ',', from, end);
            pool.add(hex(text, from, comma));
            pool.values[at]++;
            from = comma + 1;
        }
    }

    private static int hex(String text, int start, int end) {
        return Integer.parseInt(text, start, end, 16);
    }

    private static int indexOf(String text, char c, int start, int end) {
        int at = text.indexOf(c, start, end);
        return at < 0 ? end : at;
    }
}
