package org.infoprompt.session;

import java.time.Duration;
import java.util.Arrays;

/**
 * Calls a session until calls stop getting faster: texts of many lengths, so that everything is compiled and touched, and between
 * them one text whose time is taken.
 */
final class WarmUp {
    private static final int WINDOW = 24;
    private static final int QUIET_WINDOWS = 3;
    /** A window that is faster by less has not become faster. */
    private static final double PROGRESS = .97;

    private static final String PROBE = "a probe of twelve words that tells how long one call takes now";

    private final ClassifierSession session;
    private final double[] logits;
    private final boolean pair;
    private final long[] nanos = new long[WINDOW];
    private int calls;

    private WarmUp(ClassifierSession session) {
        this.session = session;
        logits = new double[session.labels().size()];
        pair = session.inputs() == TextClassifier.Inputs.PAIR;
    }

    static Duration run(ClassifierSession session) {
        long start = System.nanoTime();
        new WarmUp(session).run(start + ClassifierSession.WARM_UP_LIMIT.toNanos());
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void run(long end) {
        double best = Double.POSITIVE_INFINITY;
        int quiet = 0;
        while (quiet < QUIET_WINDOWS || calls < ClassifierSession.WARM_UP_CALLS) {
            for (int i = 0; i < WINDOW; i++) {
                call(text(calls));
                long before = System.nanoTime();
                call(PROBE);
                nanos[i] = System.nanoTime() - before;
                if (System.nanoTime() > end) {
                    return;
                }
            }
            Arrays.sort(nanos);
            double median = nanos[WINDOW / 2];
            quiet = median < PROGRESS * best ? 0 : quiet + 1;
            best = Math.min(best, median);
        }
    }

    private void call(String text) {
        session.logits(text, pair ? "a second text" : null, logits);
        calls++;
    }

    private static String text(int call) {
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < 2 + call * 7 % 48; word++) {
            text.append(word % 3 == 0 ? "a " : "number ");
        }
        return text.toString();
    }
}
