package org.infoprompt.cli;

import org.infoprompt.hub.ProgressListener;

/** Shows downloads and extractions, one line at a time. */
final class DownloadDisplay implements ProgressListener {
    private static final int BAR_WIDTH = 24;
    private static final double MEGABYTE = 1e6;
    /** Smaller files, such as checksums, are not worth a line of their own. */
    private static final long SMALL_BYTES = 100_000;

    private final Console console;
    private final StatusLine line;
    private String current = "";
    private long startNanos;
    private long startBytes;

    DownloadDisplay(Console console) {
        this.console = console;
        this.line = new StatusLine(console);
    }

    @Override
    public synchronized void progressed(String resource, long doneBytes, long totalBytes) {
        if (!resource.equals(current)) {
            current = resource;
            startNanos = System.nanoTime();
            startBytes = doneBytes;
            line.restart();
        }
        if ((totalBytes >= 0 && totalBytes < SMALL_BYTES) || !line.due()) {
            return;
        }
        StringBuilder text = line.buffer().append(resource).append("  ");
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        double rate = seconds > 0 ? (doneBytes - startBytes) / seconds : 0;
        if (totalBytes > 0) {
            StatusLine.bar(text, (double) doneBytes / totalBytes, BAR_WIDTH);
            text.append("  ");
        }
        StatusLine.number(text, doneBytes / MEGABYTE, 1);
        if (totalBytes > 0) {
            text.append('/');
            StatusLine.number(text, totalBytes / MEGABYTE, 1);
        }
        text.append(" MB");
        if (rate > 0) {
            text.append("  ");
            StatusLine.number(text, rate / MEGABYTE, 1);
            text.append(" MB/s");
            if (totalBytes > 0) {
                text.append("  ");
                StatusLine.duration(text, (totalBytes - doneBytes) / rate);
                text.append(" left");
            }
        }
        line.draw();
    }

    @Override
    public synchronized void finished(String resource, long totalBytes) {
        line.clear();
        if (totalBytes >= SMALL_BYTES && resource.equals(current)) {
            StringBuilder text = new StringBuilder(resource).append(": ");
            StatusLine.number(text, totalBytes / MEGABYTE, 1);
            text.append(" MB in ");
            StatusLine.number(text, (System.nanoTime() - startNanos) / 1e9, 1);
            console.note(text.append(" s").toString());
        }
        current = "";
    }
}
