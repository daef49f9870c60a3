package org.infoprompt.text;

/** Hangul syllables are composed and decomposed by arithmetic (The Unicode Standard, section 3.12). */
final class Hangul {
    static final int FIRST = 0xAC00;
    private static final int LEADS = 19;
    private static final int VOWELS = 21;
    private static final int TRAILS = 28;
    static final int LAST = FIRST + LEADS * VOWELS * TRAILS - 1;
    private static final int LEAD = 0x1100;
    private static final int VOWEL = 0x1161;
    private static final int TRAIL = 0x11A7;

    private Hangul() {}

    static void decompose(int syllable, IntList out) {
        int index = syllable - FIRST;
        out.add(LEAD + index / (VOWELS * TRAILS));
        out.add(VOWEL + index % (VOWELS * TRAILS) / TRAILS);
        if (index % TRAILS != 0) {
            out.add(TRAIL + index % TRAILS);
        }
    }

    /** Returns the syllable of two letters or of a syllable and a letter, or {@link LongIntMap#ABSENT}. */
    static int compose(int first, int second) {
        if (first >= LEAD && first < LEAD + LEADS && second >= VOWEL && second < VOWEL + VOWELS) {
            return FIRST + ((first - LEAD) * VOWELS + second - VOWEL) * TRAILS;
        }
        if (first >= FIRST
                && first <= LAST
                && (first - FIRST) % TRAILS == 0
                && second > TRAIL
                && second < TRAIL + TRAILS) {
            return first + second - TRAIL;
        }
        return LongIntMap.ABSENT;
    }
}
