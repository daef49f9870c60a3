package org.infoprompt.serve;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A text to be classified.
 *
 * @param prompt name of the prompt
 * @param text the text; what exceeds the prompt's length is cut off
 * @param pair the second text, or null for one
 * @param tenant on whose behalf; tenants share the server fairly
 * @param timeout after which nobody waits for the answer any more, or null
 */
public record PromptRequest(
        String prompt,
        String text,
        @Nullable String pair,
        String tenant,
        @Nullable Duration timeout) {

    /**
     * {@return a request of the tenant "", without a timeout}
     *
     * @param prompt name of the prompt
     * @param text the text
     */
    public static PromptRequest of(String prompt, String text) {
        return new PromptRequest(prompt, text, null, "", null);
    }

    /**
     * {@return the same with a second text}
     *
     * @param second the text
     */
    public PromptRequest withPair(String second) {
        return new PromptRequest(prompt, text, second, tenant, timeout);
    }

    /**
     * {@return the same for a tenant}
     *
     * @param name its name
     */
    public PromptRequest withTenant(String name) {
        return new PromptRequest(prompt, text, pair, name, timeout);
    }

    /**
     * {@return the same with a timeout}
     *
     * @param after after which nobody waits for the answer any more
     */
    public PromptRequest withTimeout(Duration after) {
        return new PromptRequest(prompt, text, pair, tenant, after);
    }
}
