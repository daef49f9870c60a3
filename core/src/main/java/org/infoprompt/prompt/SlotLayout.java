package org.infoprompt.prompt;

/**
 * Where the rows and prefixes of a prompt method stand.
 *
 * @param where where prompt slots stand among the words
 * @param numSlots N, slots of a sequence; around the mask a multiple of four, for {@link Where#NOWHERE} 0
 * @param numPrefixes P, key and value rows that every layer's attention sees before the sequence's own; the sequence's positions
 *     then start at P, as in Hugging Face
 */
public record SlotLayout(Where where, int numSlots, int numPrefixes) {
    /** The most slots or prefixes of a sequence. */
    public static final int MAX = 512;

    /** Places of prompt slots. */
    public enum Where {
        /** Four groups: before the text, between text and mask, after the mask, and at the end. */
        AROUND_MASK,
        /** The same four groups, but two texts follow each other as one: no separator between them, one token type. */
        AROUND_MASK_ONE_SEGMENT,
        /** Right after [CLS]. */
        AFTER_CLS,
        /** Before [CLS]. */
        BEFORE_CLS,
        /** There are none. */
        NOWHERE;

        /** {@return whether there are four groups around a mask} */
        public boolean isAroundMask() {
            return this == AROUND_MASK || this == AROUND_MASK_ONE_SEGMENT;
        }
    }

    /** Checks the ranges. */
    public SlotLayout {
        if (numSlots < 0 || numSlots > MAX) {
            throw new IllegalArgumentException("numSlots " + numSlots + " must be in [0, " + MAX + "]");
        }
        if (numPrefixes < 0 || numPrefixes > MAX) {
            throw new IllegalArgumentException("numPrefixes " + numPrefixes + " must be in [0, " + MAX + "]");
        }
        if (where.isAroundMask() && numSlots % PromptPlacement.GROUPS != 0) {
            throw new IllegalArgumentException(
                    "numSlots " + numSlots + " must be a multiple of " + PromptPlacement.GROUPS + " around the mask");
        }
        if (where == Where.NOWHERE && numSlots != 0) {
            throw new IllegalArgumentException("numSlots " + numSlots + " must be 0 where slots stand nowhere");
        }
    }

    /** {@return neither slots nor prefixes: a head on the frozen encoder} */
    public static SlotLayout none() {
        return new SlotLayout(Where.NOWHERE, 0, 0);
    }

    /**
     * {@return four groups of slots around the mask}
     *
     * @param slotsPerGroup slots of each
     */
    public static SlotLayout aroundMask(int slotsPerGroup) {
        return new SlotLayout(Where.AROUND_MASK, PromptPlacement.GROUPS * slotsPerGroup, 0);
    }

    /**
     * {@return key and value prefixes in every layer, no slots}
     *
     * @param numPrefixes P
     */
    public static SlotLayout prefixes(int numPrefixes) {
        return new SlotLayout(Where.NOWHERE, 0, numPrefixes);
    }

    /** {@return the layout of the plain pass: no slots, two texts joined in the same way} */
    public SlotLayout plain() {
        return where == Where.AROUND_MASK_ONE_SEGMENT ? new SlotLayout(where, 0, 0) : none();
    }
}
