package org.infoprompt.prompt;

/**
 * Soft prompts of a model.
 *
 * @param kind where their vectors come from
 * @param slotsPerGroup n; there are four groups, N = 4n slots
 * @param generatorSize hidden width of the instance-wise generator
 */
public record PromptConfig(PromptKind kind, int slotsPerGroup, int generatorSize) {
    /** Checks the ranges. */
    public PromptConfig {
        if (slotsPerGroup < 1 || slotsPerGroup > 128) {
            throw new IllegalArgumentException("slotsPerGroup " + slotsPerGroup + " must be in [1, 128]");
        }
        if (generatorSize < 1 || generatorSize > 4096) {
            throw new IllegalArgumentException("generatorSize " + generatorSize + " must be in [1, 4096]");
        }
    }

    /** {@return N, the number of slots} */
    public int numSlots() {
        return PromptPlacement.GROUPS * slotsPerGroup;
    }
}
