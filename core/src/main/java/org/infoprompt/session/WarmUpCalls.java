package org.infoprompt.session;

import java.util.Arrays;
import org.infoprompt.model.EncoderClasses;

/**
 * What is asked to warm up, and whether it has helped: texts of many lengths, so that everything is compiled and touched, and
 * between them one text whose time is taken, until it stops getting shorter.
 */
public final class WarmUpCalls {
    /** The text whose time is taken. */
    public static final String PROBE = "a probe of twelve words that tells how long one call takes now";

    private static final int WINDOW = 24;
    private static final int QUIET_WINDOWS = 3;
    /** A window that is faster by less has not become faster. */
    private static final double PROGRESS = .97;

    private final long[] nanos = new long[WINDOW];
    private int texts;
    private int probes;
    private int quiet;
    private double best = Double.POSITIVE_INFINITY;

    /** Begins. */
    public WarmUpCalls() {
        EncoderClasses.load();
    }

    /** {@return the next text to ask about} */
    public String nextText() {
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < 2 + texts * 7 % 48; word++) {
            text.append(word % 3 == 0 ? "a " : "number ");
        }
        texts++;
        return text.toString();
    }

    /**
     * Takes the time of one {@link #PROBE}.
     *
     * @param time in nanoseconds
     */
    public void took(long time) {
        nanos[probes++ % WINDOW] = time;
        if (probes % WINDOW == 0) {
            Arrays.sort(nanos);
            double median = nanos[WINDOW / 2];
            quiet = median < PROGRESS * best ? 0 : quiet + 1;
            best = Math.min(best, median);
        }
    }

    /** {@return whether a round of probes has just ended} */
    public boolean isRoundDone() {
        return probes % WINDOW == 0;
    }

    /** {@return whether calls have stopped getting faster} */
    public boolean isSteady() {
        return quiet >= QUIET_WINDOWS;
    }
}
