package org.infoprompt.cli;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * One line that is drawn over and over on a terminal; elsewhere a new line every few seconds. The caller asks {@link #due} before
 * it builds the text, so a step that is not drawn costs a look at the clock.
 */
final class StatusLine {
    private static final long LIVE_NANOS = 100_000_000L;
    private static final long LOG_NANOS = 5_000_000_000L;
    /** Return to the first column and let a long line be cut instead of wrapped, which could not be drawn over. */
    private static final String BEGIN = "\r\033[?7l";
    /** Erase what an older, longer line left, and wrap again. */
    private static final String END = "\033[K\033[?7h";

    private final PrintStream err;
    private final boolean live;
    private final boolean quiet;
    private final LongSupplier clock;
    private final StringBuilder text = new StringBuilder(256);
    private long last;
    private boolean drawn;

    StatusLine(Console console) {
        this(console.err(), console.terminal(), console.quiet(), System::nanoTime);
    }

    StatusLine(PrintStream err, boolean live, boolean quiet, LongSupplier clock) {
        this.err = err;
        this.live = live;
        this.quiet = quiet;
        this.clock = clock;
        restart();
    }

    /** Lets the time to the next line begin now; on a terminal the first line is due at once. */
    final void restart() {
        last = live ? clock.getAsLong() - LIVE_NANOS : clock.getAsLong();
    }

    /** Tells whether it is time to draw. */
    boolean due() {
        return !quiet && clock.getAsLong() - last >= (live ? LIVE_NANOS : LOG_NANOS);
    }

    /** Returns an empty buffer for the next text. */
    StringBuilder buffer() {
        text.setLength(0);
        return text;
    }

    /** Draws the buffer. */
    void draw() {
        if (quiet) {
            return;
        }
        last = clock.getAsLong();
        if (live) {
            text.insert(0, BEGIN).append(END);
            err.append(text);
            err.flush();
            drawn = true;
        } else {
            err.println(text);
        }
    }

    /** Removes what was drawn, so that an ordinary line can follow. */
    void clear() {
        if (drawn) {
            err.append("\r\033[K");
            err.flush();
            drawn = false;
        }
    }

    /** Appends a bar such as {@code [#####.....]}. */
    static void bar(StringBuilder text, double fraction, int width) {
        int full = (int) Math.round(Math.max(0, Math.min(1, fraction)) * width);
        text.append('[');
        text.repeat('#', full).repeat('.', width - full).append(']');
    }

    /** Appends a number with a fixed count of decimals, without making a string of it. */
    static void number(StringBuilder text, double value, int decimals) {
        if (!Double.isFinite(value)) {
            text.append(value);
            return;
        }
        if (value < 0) {
            text.append('-');
        }
        long power = 1;
        for (int i = 0; i < decimals; i++) {
            power *= 10;
        }
        long scaled = Math.round(Math.abs(value) * power);
        text.append(scaled / power);
        if (decimals > 0) {
            text.append('.');
            long rest = scaled % power;
            for (long p = power / 10; p > 0; p /= 10) {
                text.append((char) ('0' + rest / p % 10));
            }
        }
    }

    /** Appends a duration such as {@code 1:05} or {@code 2:00:31}. */
    static void duration(StringBuilder text, double seconds) {
        long s = Math.round(Math.max(0, seconds));
        if (s >= 3600) {
            text.append(s / 3600).append(':');
            twoDigits(text, s / 60 % 60);
        } else {
            text.append(s / 60);
        }
        text.append(':');
        twoDigits(text, s % 60);
    }

    private static void twoDigits(StringBuilder text, long value) {
        text.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }
}
