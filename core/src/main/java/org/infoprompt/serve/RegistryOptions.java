package org.infoprompt.serve;

/**
 * How a registry keeps its prompts.
 *
 * @param maxBytes the most bytes of loaded prompts and of buffers that workers keep for single prompts (these at most a quarter of it
 *     between batches); prompts not used for the longest time make room. Exceeded only by what is in use: a prompt that has just been
 *     read until others have made room for it, prompts and buffers of requests under way, and versions that are kept for a
 *     roll-back when all else is gone
 * @param anyBase whether adapters of Hugging Face PEFT may name another base model than the backbone
 */
public record RegistryOptions(long maxBytes, boolean anyBase) {
    /** Checks the range. */
    public RegistryOptions {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes " + maxBytes + " must be positive");
        }
    }

    /** {@return 1 GiB of prompts, adapters of the backbone only} */
    public static RegistryOptions defaults() {
        return new RegistryOptions(1L << 30, false);
    }

    /**
     * {@return the same with another budget}
     *
     * @param bytes the most bytes of loaded prompts
     */
    public RegistryOptions withMaxBytes(long bytes) {
        return new RegistryOptions(bytes, anyBase);
    }

    /** {@return the same for adapters that name any base model} */
    public RegistryOptions withAnyBase() {
        return new RegistryOptions(maxBytes, true);
    }
}
