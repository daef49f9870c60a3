package org.infoprompt.cli;

import java.util.function.IntConsumer;

/** Shows how many of a known number of things are done, for example texts predicted. */
final class CountDisplay implements IntConsumer {
    private static final int BAR_WIDTH = 24;

    private final StatusLine line;
    private final String name;
    private final long total;
    private final long start = System.nanoTime();
    private long done;

    CountDisplay(Console console, String name, long total) {
        this.line = new StatusLine(console);
        this.name = name;
        this.total = total;
    }

    @Override
    public void accept(int more) {
        done += more;
        if (line.due()) {
            StringBuilder text = line.buffer();
            describe(text, name, done, total, (System.nanoTime() - start) / 1e9);
            line.draw();
        }
    }

    /** Appends name, bar, percentage, speed and time left. */
    static void describe(StringBuilder text, String name, long done, long total, double seconds) {
        text.append(name).append("  ");
        double fraction = total > 0 ? (double) done / total : 1;
        StatusLine.bar(text, fraction, BAR_WIDTH);
        text.append(' ');
        int percent = (int) (100 * fraction);
        text.append(percent < 10 ? "  " : percent < 100 ? " " : "")
                .append(percent)
                .append('%');
        if (done > 0 && seconds > 0) {
            double rate = done / seconds;
            text.append("  ");
            StatusLine.number(text, rate, rate < 10 ? 1 : 0);
            text.append(" examples/s  ");
            StatusLine.duration(text, (total - done) / rate);
            text.append(" left");
        }
    }

    void finish() {
        line.clear();
    }
}
