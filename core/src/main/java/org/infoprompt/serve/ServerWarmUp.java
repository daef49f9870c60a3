package org.infoprompt.serve;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Asks a server until it stops getting faster. */
final class ServerWarmUp {
    private static final Duration LIMIT = Duration.ofSeconds(8);
    private static final int WINDOW = 24;
    private static final int QUIET_WINDOWS = 3;
    private static final double PROGRESS = .97;

    private ServerWarmUp() {}

    static Duration run(PromptServer server, List<String> prompts) throws ServingException, InterruptedException {
        long start = System.nanoTime();
        if (prompts.isEmpty()) {
            return Duration.ZERO;
        }
        PromptClient client = server.newClient();
        int most = 2;
        for (String prompt : prompts) {
            most = Math.max(most, server.registry().load(prompt).size());
        }
        double[] probabilities = new double[most];
        float[] embedding = new float[server.embeddingSize()];
        long[] nanos = new long[WINDOW];
        double best = Double.POSITIVE_INFINITY;
        int quiet = 0;
        int calls = 0;
        while (quiet < QUIET_WINDOWS && System.nanoTime() - start < LIMIT.toNanos()) {
            for (int i = 0; i < WINDOW; i++) {
                String prompt = prompts.get(calls % prompts.size());
                String pair = pair(server, prompt);
                client.predict(prompt, text(calls++), pair, probabilities);
                long before = System.nanoTime();
                String probe = prompts.getFirst();
                client.predict(
                        probe, "a probe of twelve words that tells how long", pair(server, probe), probabilities);
                nanos[i] = System.nanoTime() - before;
            }
            if (pair(server, prompts.getFirst()) == null) {
                client.embed(prompts.getFirst(), text(calls), embedding);
                together(server, prompts.getFirst());
            }
            Arrays.sort(nanos);
            double median = nanos[WINDOW / 2];
            quiet = median < PROGRESS * best ? 0 : quiet + 1;
            best = Math.min(best, median);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static @org.jspecify.annotations.Nullable String pair(PromptServer server, String prompt)
            throws ServingException {
        LoadedPrompt held = server.registry().acquire(prompt);
        try {
            return held.parts().inputs().accepts(false) ? null : "a second text";
        } finally {
            held.release();
        }
    }

    private static void together(PromptServer server, String prompt) throws ServingException, InterruptedException {
        int many = Math.min(8, server.options().maxQueuedCalls());
        server.predict(prompt, java.util.Collections.nCopies(many, "one of several texts that wait together"));
    }

    private static String text(int call) {
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < 2 + call * 7 % 48; word++) {
            text.append(word % 3 == 0 ? "a " : "number ");
        }
        return text.toString();
    }
}
