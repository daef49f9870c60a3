package org.infoprompt.cli;

import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.infoprompt.serve.PromptClient;
import org.infoprompt.serve.PromptServer;
import org.infoprompt.serve.ServingException;

/**
 * Asks a server at times drawn beforehand (a Poisson process), whether or not earlier requests have been answered, as independent
 * users do. A latency counts from the time the request was due: were it counted from when it was sent, a server that stalls would
 * look fast, because the requests that the stall delays are not counted (coordinated omission).
 */
final class OpenLoop {
    private static final long HIGHEST = 120_000_000_000L;

    private final PromptServer server;
    private final List<String> prompts;
    private final List<String> texts;
    private final int mostClasses;
    private final Histogram fromDue = new ConcurrentHistogram(HIGHEST, 3);
    private final Histogram fromSent = new ConcurrentHistogram(HIGHEST, 3);
    private final LongAdder rejected = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final ConcurrentLinkedQueue<PromptClient> clients = new ConcurrentLinkedQueue<>();

    OpenLoop(PromptServer server, List<String> prompts, List<String> texts, int mostClasses) {
        this.server = server;
        this.prompts = prompts;
        this.texts = texts;
        this.mostClasses = mostClasses;
    }

    /** Asks for a time at a rate; returns when all requests are answered. */
    void run(double perSecond, double seconds, long seed) {
        Random random = new Random(seed);
        long start = System.nanoTime();
        double due = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; due < seconds; i++) {
                due += -Math.log(1 - random.nextDouble()) / perSecond;
                long dueNanos = start + (long) (due * 1e9);
                String prompt = prompts.get(random.nextInt(prompts.size()));
                String text = texts.get(i % texts.size());
                for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                threads.execute(() -> ask(prompt, text, dueNanos));
            }
        }
    }

    private void ask(String prompt, String text, long dueNanos) {
        PromptClient client = clients.poll();
        if (client == null) {
            client = server.newClient();
        }
        long sent = System.nanoTime();
        try {
            client.predict(prompt, text, new double[mostClasses]);
            long now = System.nanoTime();
            fromDue.recordValue(Math.min(HIGHEST, Math.max(0, now - dueNanos)));
            fromSent.recordValue(Math.min(HIGHEST, now - sent));
        } catch (ServingException e) {
            (e.reason() == ServingException.Reason.OVERLOADED ? rejected : failed).increment();
        } catch (InterruptedException e) {
            failed.increment();
        }
        clients.add(client);
    }

    Histogram fromDue() {
        return fromDue;
    }

    Histogram fromSent() {
        return fromSent;
    }

    long rejected() {
        return rejected.sum();
    }

    long failed() {
        return failed.sum();
    }
}
