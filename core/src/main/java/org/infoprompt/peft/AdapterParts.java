package org.infoprompt.peft;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.ops.Kernels;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;
import org.jspecify.annotations.Nullable;

/** What an adapter adds to an encoder, part by part: for a pass that many adapters share. Immutable, safe for all threads. */
public final class AdapterParts {
    /** Each part of a copy begins on a boundary of its own. */
    private static final long MOST_PADDING = 6 * 64;

    private final AdaptedEncoder model;
    private final @Nullable MemorySegment prompts;
    private final @Nullable PrefixTable prefixes;
    private final ClassHead head;

    AdapterParts(AdaptedEncoder model) {
        this(model, model.prompts(), model.prefixes(), model.head());
    }

    private AdapterParts(
            AdaptedEncoder model, @Nullable MemorySegment prompts, @Nullable PrefixTable prefixes, ClassHead head) {
        this.model = model;
        this.prompts = prompts;
        this.prefixes = prefixes;
        this.head = head;
    }

    /** {@return the weights to run: the base model's, or for LoRA and IA3 the adapter's own} */
    public EncoderWeights weights() {
        return model.weights();
    }

    /** {@return whether the weights are the adapter's own, so that it must stay open} */
    public boolean ownsWeights() {
        return model.ownsWeights();
    }

    /** {@return the most bytes that {@link #copyTo} takes} */
    public long copiedBytes() {
        return (prompts == null ? 0 : prompts.byteSize())
                + (prefixes == null ? 0 : prefixes.prefixes().byteSize())
                + head.ownBytes()
                + MOST_PADDING;
    }

    /**
     * {@return the same parts in other memory} The adapter may then be closed, unless it {@link #ownsWeights}.
     *
     * @param memory gives {@link #copiedBytes} at most; valid as long as the copy is used
     */
    public AdapterParts copyTo(SegmentAllocator memory) {
        return new AdapterParts(
                model,
                prompts == null ? null : Segments.copy(prompts, memory),
                prefixes == null ? null : prefixes.copyTo(memory),
                head.copyTo(memory));
    }

    /** {@return where virtual tokens and prefixes stand} */
    public SlotLayout layout() {
        if (prompts != null) {
            return new SlotLayout(SlotLayout.Where.BEFORE_CLS, model.numVirtualTokens(), 0);
        }
        return prefixes == null ? SlotLayout.none() : SlotLayout.prefixes(model.numVirtualTokens());
    }

    /** {@return which state the class head reads} */
    public Reading reading() {
        return model.pooledRow() == 0 ? Reading.FIRST : Reading.CLS;
    }

    /** {@return the most positions of a sequence, virtual tokens included} */
    public int maxLength() {
        return model.maxLength();
    }

    /** {@return [N, D] virtual tokens, or null} */
    public @Nullable MemorySegment prompts() {
        return prompts;
    }

    /** {@return prefixes of every layer, or null} */
    public @Nullable LayerInserts prefixes() {
        return prefixes;
    }

    /** {@return how many bytes belong to this adapter alone} */
    public long ownBytes() {
        return model.ownBytes();
    }

    /**
     * Computes class scores.
     *
     * @param kernels this thread's kernels
     * @param m number of sequences
     * @param states [m, D] read states
     * @param hidden [m, D] overwritten
     * @param logits [m, C] overwritten
     */
    public void score(Kernels kernels, int m, MemorySegment states, MemorySegment hidden, MemorySegment logits) {
        head.score(kernels, m, states, hidden, logits);
    }
}
