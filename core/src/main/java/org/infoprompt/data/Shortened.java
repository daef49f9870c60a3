package org.infoprompt.data;

/** Text from a file, cut to fit into a one-line message. */
final class Shortened {
    private static final int MAX_CHARS = 40;

    private Shortened() {}

    static String of(String text) {
        return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "...";
    }
}
