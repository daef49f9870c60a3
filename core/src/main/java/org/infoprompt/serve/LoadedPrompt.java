package org.infoprompt.serve;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.session.TextClassifier.Inputs;
import org.jspecify.annotations.Nullable;

/**
 * One version of a prompt in memory, shared by all threads. It is freed when the registry and the last request that uses it have
 * let go of it.
 */
final class LoadedPrompt {
    /**
     * What runs.
     *
     * @param labels class names
     * @param inputs what a text is
     * @param weights the encoder: the backbone's own, or a changed copy
     * @param placement where prompts and words stand
     * @param prompts [N, D] the same for all texts, or null where there are none or texts have their own
     * @param inserts what goes into layers for all texts alike, or null
     * @param head scores classes
     * @param mean whether the mean over the words is read
     * @param transformed whether the read state passes the masked-LM head's transform
     * @param own what computes each text's own prompts, or null
     */
    record Parts(
            List<String> labels,
            Inputs inputs,
            EncoderWeights weights,
            PromptPlacement placement,
            @Nullable MemorySegment prompts,
            @Nullable LayerInserts inserts,
            ServedHead head,
            boolean mean,
            boolean transformed,
            @Nullable Own own) {

        int numClasses() {
            return labels.size();
        }
    }

    /**
     * What computes each text's own prompts.
     *
     * @param layout names and shapes
     * @param parameters the trained tensors
     * @param plain placement of the plain pass
     */
    record Own(ParameterLayout layout, ParameterSet parameters, PromptPlacement plain) {
        boolean readsSentence() {
            return layout.prompt().readsSentence();
        }

        boolean readsTokens() {
            return layout.prompt().readsTokens();
        }
    }

    private final String name;
    private final long version;
    private final Parts parts;
    private final long bytes;
    private final Runnable free;
    private final AtomicInteger holders = new AtomicInteger(1);
    private volatile long lastUsedNanos;

    /**
     * Takes what was loaded over; whoever creates it holds it once.
     *
     * @param free frees the memory
     */
    LoadedPrompt(String name, long version, Parts parts, long bytes, Runnable free) {
        this.name = name;
        this.version = version;
        this.parts = parts;
        this.bytes = bytes;
        this.free = free;
        lastUsedNanos = System.nanoTime();
    }

    String name() {
        return name;
    }

    long version() {
        return version;
    }

    Parts parts() {
        return parts;
    }

    long bytes() {
        return bytes;
    }

    long lastUsedNanos() {
        return lastUsedNanos;
    }

    boolean isFreed() {
        return holders.get() == 0;
    }

    /** Returns whether somebody else than the registry holds it. */
    boolean isInUse() {
        return holders.get() > 1;
    }

    /** Holds it once more; false if it has been freed. */
    boolean retain() {
        int n = holders.get();
        while (n > 0) {
            if (holders.compareAndSet(n, n + 1)) {
                lastUsedNanos = System.nanoTime();
                return true;
            }
            n = holders.get();
        }
        return false;
    }

    /** Lets go of it once. */
    void release() {
        int left = holders.decrementAndGet();
        if (left == 0) {
            free.run();
        } else if (left < 0) {
            throw new IllegalStateException("prompt " + name + " was released more often than held");
        }
    }
}
