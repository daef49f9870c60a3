package org.infoprompt.peft;

import java.lang.foreign.MemorySegment;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.ops.Kernels;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;
import org.jspecify.annotations.Nullable;

/** What an adapter adds to an encoder, part by part: for a pass that many adapters share. Immutable, safe for all threads. */
public final class AdapterParts {
    private final AdaptedEncoder model;

    AdapterParts(AdaptedEncoder model) {
        this.model = model;
    }

    /** {@return the weights to run: the base model's, or for LoRA and IA3 the adapter's own} */
    public EncoderWeights weights() {
        return model.weights();
    }

    /** {@return where virtual tokens and prefixes stand} */
    public SlotLayout layout() {
        if (model.prompts() != null) {
            return new SlotLayout(SlotLayout.Where.BEFORE_CLS, model.numVirtualTokens(), 0);
        }
        return model.prefixes() == null ? SlotLayout.none() : SlotLayout.prefixes(model.numVirtualTokens());
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
        return model.prompts();
    }

    /** {@return prefixes of every layer, or null} */
    public @Nullable LayerInserts prefixes() {
        return model.prefixes();
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
        model.head().score(kernels, m, states, hidden, logits);
    }
}
