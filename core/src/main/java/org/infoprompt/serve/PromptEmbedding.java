package org.infoprompt.serve;

/** An embedding of a text, and what gave it. */
public final class PromptEmbedding {
    private final float[] state;
    private final String prompt;
    private final long version;

    PromptEmbedding(float[] state, String prompt, long version) {
        this.state = state;
        this.prompt = prompt;
        this.version = version;
    }

    /** {@return [D], the state under the prompt that its class head reads; the caller's own} */
    public float[] state() {
        return state.clone();
    }

    /** {@return the prompt's name} */
    public String prompt() {
        return prompt;
    }

    /** {@return the version that answered} */
    public long version() {
        return version;
    }
}
