package org.infoprompt.text;

import java.util.Arrays;
import java.util.List;

/**
 * Where a model wants its special tokens.
 *
 * @param single what is made of one text
 * @param pair what is made of two texts
 */
record Template(List<Part> single, List<Part> pair) {
    /** A special token, or the first or second text. */
    record Part(Kind kind, int id, int typeId) {}

    /** What a part stands for. */
    enum Kind {
        SPECIAL,
        FIRST,
        SECOND
    }

    /** No special tokens: texts one after the other. */
    static final Template PLAIN = new Template(
            List.of(new Part(Kind.FIRST, -1, 0)), List.of(new Part(Kind.FIRST, -1, 0), new Part(Kind.SECOND, -1, 1)));

    /** {@code [CLS] a [SEP]} and {@code [CLS] a [SEP] b [SEP]}. */
    static Template bert(int cls, int sep) {
        return new Template(
                List.of(special(cls, 0), new Part(Kind.FIRST, -1, 0), special(sep, 0)),
                List.of(
                        special(cls, 0),
                        new Part(Kind.FIRST, -1, 0),
                        special(sep, 0),
                        new Part(Kind.SECOND, -1, 1),
                        special(sep, 1)));
    }

    /** {@code <s> a </s>} and {@code <s> a </s></s> b </s>}, all of type 0. */
    static Template roberta(int cls, int sep) {
        return new Template(
                List.of(special(cls, 0), new Part(Kind.FIRST, -1, 0), special(sep, 0)),
                List.of(
                        special(cls, 0),
                        new Part(Kind.FIRST, -1, 0),
                        special(sep, 0),
                        special(sep, 0),
                        new Part(Kind.SECOND, -1, 0),
                        special(sep, 0)));
    }

    static Part special(int id, int typeId) {
        return new Part(Kind.SPECIAL, id, typeId);
    }

    /** Returns the id in front of the single text, -1 if there is none. */
    int cls() {
        return single.getFirst().kind() == Kind.SPECIAL ? single.getFirst().id() : -1;
    }

    /** Returns the id behind the single text, -1 if there is none. */
    int sep() {
        return single.getLast().kind() == Kind.SPECIAL ? single.getLast().id() : -1;
    }

    boolean hasDoubleSeparator() {
        int between = 0;
        boolean inside = false;
        for (Part part : pair) {
            inside = part.kind() == Kind.FIRST || (inside && part.kind() == Kind.SPECIAL);
            between += inside && part.kind() == Kind.SPECIAL ? 1 : 0;
            if (part.kind() == Kind.SECOND) {
                break;
            }
        }
        return between == 2;
    }

    /** Refuses a length that has no room for the special tokens. */
    void check(boolean ofPair, int maxLength) {
        room(ofPair ? pair : single, maxLength);
    }

    /** Joins one text's ids, cut to fit. */
    Encoding encode(int[] first, int maxLength) {
        int room = room(single, maxLength);
        return fill(single, first, Math.min(first.length, room), first, 0);
    }

    /** Joins the ids of two texts, both cut to fit, the longer one first. */
    Encoding encode(int[] first, int[] second, int maxLength) {
        int room = room(pair, maxLength);
        int shorter = Math.min(first.length, second.length);
        int longer = Math.max(first.length, second.length);
        if (shorter + (long) longer > room) {
            longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
            if (shorter + (long) longer > room) {
                shorter = room / 2;
                longer = shorter + room % 2;
            }
        }
        boolean swapped = first.length > second.length;
        return fill(pair, first, swapped ? longer : shorter, second, swapped ? shorter : longer);
    }

    private static int room(List<Part> parts, int maxLength) {
        int specials = 0;
        for (Part part : parts) {
            specials += part.kind() == Kind.SPECIAL ? 1 : 0;
        }
        if (maxLength < specials) {
            throw new IllegalArgumentException(
                    "maxLength " + maxLength + " must be at least " + specials + ", the number of special tokens");
        }
        return maxLength - specials;
    }

    private static Encoding fill(List<Part> parts, int[] first, int firstLength, int[] second, int secondLength) {
        int total = 0;
        for (Part part : parts) {
            total += length(part, firstLength, secondLength);
        }
        int[] ids = new int[total];
        int[] typeIds = new int[total];
        int at = 0;
        for (Part part : parts) {
            int n = length(part, firstLength, secondLength);
            switch (part.kind()) {
                case SPECIAL -> ids[at] = part.id();
                case FIRST -> System.arraycopy(first, 0, ids, at, n);
                case SECOND -> System.arraycopy(second, 0, ids, at, n);
            }
            Arrays.fill(typeIds, at, at + n, part.typeId());
            at += n;
        }
        return new Encoding(ids, typeIds);
    }

    private static int length(Part part, int firstLength, int secondLength) {
        return switch (part.kind()) {
            case SPECIAL -> 1;
            case FIRST -> firstLength;
            case SECOND -> secondLength;
        };
    }
}
