package org.infoprompt.text;

import static org.infoprompt.text.UnicodeTable.CANONICAL;
import static org.infoprompt.text.UnicodeTable.COMBINES;
import static org.infoprompt.text.UnicodeTable.COMPATIBLE;
import static org.infoprompt.text.UnicodeTable.HANGUL;

import java.util.Arrays;

/** The four normalization forms of Unicode Standard Annex 15, in time linear in the text. */
enum UnicodeForm implements Normalizer {
    NFD(false, false),
    NFKD(true, false),
    NFC(false, true),
    NFKC(true, true);

    /** Below this code point nothing decomposes or combines. */
    private static final int FIRST_TOUCHED = 0xA0;
    /** Up to this many marks in a row an insertion sort is faster than counting classes. */
    private static final int SHORT_RUN = 24;

    private final boolean compatibility;
    private final boolean composes;
    private final int touched;

    UnicodeForm(boolean compatibility, boolean composes) {
        this.compatibility = compatibility;
        this.composes = composes;
        this.touched = HANGUL | CANONICAL | COMBINES | (compatibility ? COMPATIBLE : 0);
    }

    @Override
    public IntList normalize(IntList text, IntList spare) {
        int first = 0;
        while (first < text.length && text.values[first] < FIRST_TOUCHED) {
            first++;
        }
        if (first == text.length) {
            return text;
        }
        decompose(text, first, spare);
        if (composes) {
            compose(spare);
        }
        return spare;
    }

    @Override
    public String description() {
        return name();
    }

    private void decompose(IntList text, int unchanged, IntList out) {
        out.copyFrom(text.values, 0, unchanged);
        boolean combining = false;
        for (int i = unchanged; i < text.length; i++) {
            int codePoint = text.values[i];
            int bits = codePoint < FIRST_TOUCHED ? 0 : UnicodeTable.properties(codePoint) & touched;
            if (bits == 0) {
                out.add(codePoint);
            } else {
                combining = true;
                UnicodeTable.appendDecomposed(codePoint, compatibility, out);
            }
        }
        if (combining) {
            order(out, unchanged);
        }
    }

    /** Sorts each run of combining characters by class, stably. */
    private static void order(IntList text, int from) {
        int i = from;
        while (i < text.length) {
            if (UnicodeTable.combiningClass(text.values[i]) == 0) {
                i++;
                continue;
            }
            int start = i;
            while (i < text.length && UnicodeTable.combiningClass(text.values[i]) != 0) {
                i++;
            }
            if (i - start <= SHORT_RUN) {
                insertionSort(text.values, start, i);
            } else {
                countingSort(text.values, start, i);
            }
        }
    }

    private static void insertionSort(int[] text, int start, int end) {
        for (int i = start + 1; i < end; i++) {
            int codePoint = text[i];
            int combiningClass = UnicodeTable.combiningClass(codePoint);
            int at = i;
            while (at > start && UnicodeTable.combiningClass(text[at - 1]) > combiningClass) {
                text[at] = text[at - 1];
                at--;
            }
            text[at] = codePoint;
        }
    }

    private static void countingSort(int[] text, int start, int end) {
        int[] starts = new int[257];
        for (int i = start; i < end; i++) {
            starts[UnicodeTable.combiningClass(text[i]) + 1]++;
        }
        for (int c = 0; c < 256; c++) {
            starts[c + 1] += starts[c];
        }
        int[] run = Arrays.copyOfRange(text, start, end);
        for (int codePoint : run) {
            text[start + starts[UnicodeTable.combiningClass(codePoint)]++] = codePoint;
        }
    }

    /** Composes in place: UAX 15, "a character is blocked by one of its class or of class 0 between it and its starter". */
    private static void compose(IntList text) {
        int[] values = text.values;
        int starter = -1;
        int lastClass = 0;
        int out = 0;
        for (int i = 0; i < text.length; i++) {
            int codePoint = values[i];
            int combiningClass = UnicodeTable.combiningClass(codePoint);
            boolean adjacent = out == starter + 1;
            if (starter >= 0 && (adjacent || (lastClass < combiningClass && lastClass != 0))) {
                int composite = UnicodeTable.compose(values[starter], codePoint);
                if (composite != LongIntMap.ABSENT) {
                    values[starter] = composite;
                    continue;
                }
            }
            if (combiningClass == 0) {
                starter = out;
            }
            lastClass = combiningClass;
            values[out++] = codePoint;
        }
        text.length = out;
    }
}
