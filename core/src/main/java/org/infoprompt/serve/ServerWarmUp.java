package org.infoprompt.serve;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.infoprompt.session.WarmUpCalls;
import org.jspecify.annotations.Nullable;

/** Asks a server until it stops getting faster. */
final class ServerWarmUp {
    private static final Duration LIMIT = Duration.ofSeconds(8);

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
        String first = prompts.getFirst();
        String firstPair = pair(server, first);
        WarmUpCalls asked = new WarmUpCalls();
        for (int calls = 0; !asked.isSteady() && System.nanoTime() - start < LIMIT.toNanos(); calls++) {
            String prompt = prompts.get(calls % prompts.size());
            client.predict(prompt, asked.nextText(), pair(server, prompt), probabilities);
            long before = System.nanoTime();
            client.predict(first, WarmUpCalls.PROBE, firstPair, probabilities);
            asked.took(System.nanoTime() - before);
            if (asked.isRoundDone() && firstPair == null) {
                client.embed(first, WarmUpCalls.PROBE, embedding);
                together(server, first);
            }
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static @Nullable String pair(PromptServer server, String prompt) throws ServingException {
        LoadedPrompt held = server.registry().acquire(prompt);
        try {
            return held.parts().inputs().accepts(false) ? null : "a second text";
        } finally {
            held.release();
        }
    }

    private static void together(PromptServer server, String prompt) throws ServingException, InterruptedException {
        int many = Math.min(8, server.options().maxQueuedCalls());
        server.predict(prompt, Collections.nCopies(many, "one of several texts that wait together"));
    }
}
