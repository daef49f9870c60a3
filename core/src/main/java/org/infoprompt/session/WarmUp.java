package org.infoprompt.session;

import java.time.Duration;

/** Calls a session until calls stop getting faster. */
final class WarmUp {
    private WarmUp() {}

    static Duration run(ClassifierSession session) {
        long start = System.nanoTime();
        long end = start + ClassifierSession.WARM_UP_LIMIT.toNanos();
        double[] logits = new double[session.labels().size()];
        String pair = session.inputs() == TextClassifier.Inputs.PAIR ? "a second text" : null;
        WarmUpCalls asked = new WarmUpCalls();
        int calls = 0;
        while (!asked.isSteady() || calls < ClassifierSession.WARM_UP_CALLS) {
            session.logits(asked.nextText(), pair, logits);
            long before = System.nanoTime();
            session.logits(WarmUpCalls.PROBE, pair, logits);
            long now = System.nanoTime();
            asked.took(now - before);
            calls += 2;
            if (now > end) {
                break;
            }
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
