package org.infoprompt.serve;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.infoprompt.model.TransformerEncoder;
import org.infoprompt.objective.RowPass;
import org.infoprompt.ops.Kernels;
import org.infoprompt.session.LoadedBackbone;
import org.jspecify.annotations.Nullable;

/**
 * One worker's buffers for prompts that compute each text's own vectors, and its encoders over weights that an adapter changed.
 * The buffers of those that were used last are kept, of as many as a batch may hold and a few more, and of as many bytes as it is
 * given; those of the running batch stay to its end whatever they take. Buffers of prompts that were freed go at the next {@link #trim}.
 */
final class OwnPrompts implements AutoCloseable {
    private static final class Kept {
        final @Nullable RowPass pass;
        final @Nullable TransformerEncoder encoder;
        final int maxTexts;
        final long bytes;
        long batch;

        Kept(@Nullable RowPass pass, @Nullable TransformerEncoder encoder, int maxTexts) {
            this.pass = pass;
            this.encoder = encoder;
            this.maxTexts = maxTexts;
            bytes = pass == null ? 0 : pass.bytes();
        }
    }

    private final LoadedBackbone backbone;
    private final Kernels kernels;
    private final TransformerEncoder buffers;
    private final int maxRows;
    private final int capacity;
    private final long maxBytes;
    private final LongConsumer counted;
    private long bytes;
    private long reported;
    private long batch;
    private final Map<LoadedPrompt, Kept> kept = new LinkedHashMap<>(16, .75f, true);

    /**
     * Creates an empty set.
     *
     * @param kernels the worker's
     * @param buffers whose buffers encoders over other weights use
     * @param maxRows the most rows of a pass
     * @param capacity how many are kept
     * @param maxBytes how many bytes are kept
     * @param counted told of bytes more and less
     */
    OwnPrompts(
            LoadedBackbone backbone,
            Kernels kernels,
            TransformerEncoder buffers,
            int maxRows,
            int capacity,
            long maxBytes,
            LongConsumer counted) {
        this.backbone = backbone;
        this.kernels = kernels;
        this.buffers = buffers;
        this.maxRows = maxRows;
        this.capacity = capacity;
        this.maxBytes = maxBytes;
        this.counted = counted;
    }

    /** Begins a batch: what it uses is kept to its end. */
    void nextBatch() {
        batch++;
    }

    /** Ends a batch: what is kept beyond the budget goes. Allocates nothing if that is nothing. */
    void endBatch() {
        batch++;
        if (isTooMuch()) {
            freeOldest();
            report();
        }
    }

    /** Frees the buffers of prompts that have been freed. */
    void trim() {
        freeFreed();
        report();
    }

    /** Returns the bytes of all buffers kept. */
    long bytes() {
        return bytes;
    }

    /** Returns the pass of a prompt, prepared, with room for m texts. */
    RowPass pass(LoadedPrompt prompt, LoadedPrompt.Own own, int m) {
        Kept found = kept.get(prompt);
        if (found != null && found.pass != null && found.maxTexts >= m) {
            found.batch = batch;
            return found.pass;
        }
        int room = Math.max(1, Integer.highestOneBit(m) == m ? m : 2 * Integer.highestOneBit(m));
        RowPass pass = new RowPass(
                own.layout(), own.parameters(), null, backbone.weights().words(), kernels, room, room, maxRows);
        pass.prepare();
        put(prompt, new Kept(pass, null, room));
        return pass;
    }

    /** Returns the encoder over a prompt's weights. */
    TransformerEncoder encoder(LoadedPrompt prompt) {
        if (prompt.parts().weights() == backbone.weights()) {
            return buffers;
        }
        Kept found = kept.get(prompt);
        if (found != null && found.encoder != null) {
            found.batch = batch;
            return found.encoder;
        }
        TransformerEncoder encoder = new TransformerEncoder(prompt.parts().weights(), buffers);
        put(prompt, new Kept(null, encoder, 0));
        return encoder;
    }

    private void put(LoadedPrompt prompt, Kept made) {
        made.batch = batch;
        Kept old = kept.put(prompt, made);
        bytes += made.bytes;
        if (old != null) {
            free(old);
        }
        freeFreed();
        freeOldest();
        report();
    }

    private void freeFreed() {
        kept.entrySet().removeIf(entry -> {
            boolean freed = entry.getKey().isFreed();
            if (freed) {
                free(entry.getValue());
            }
            return freed;
        });
    }

    private boolean isTooMuch() {
        return kept.size() > capacity || bytes > maxBytes;
    }

    private void freeOldest() {
        var oldest = kept.values().iterator();
        while (isTooMuch() && oldest.hasNext()) {
            Kept each = oldest.next();
            if (each.batch != batch) {
                oldest.remove();
                free(each);
            }
        }
    }

    private void free(Kept each) {
        if (each.pass != null) {
            each.pass.close();
        }
        if (each.encoder != null) {
            each.encoder.close();
        }
        bytes -= each.bytes;
    }

    /** Tells of the change as a whole: what makes room for others must not see bytes that are about to go. */
    private void report() {
        long more = bytes - reported;
        if (more != 0) {
            reported = bytes;
            counted.accept(more);
        }
    }

    /** Frees all buffers; idempotent. */
    @Override
    public void close() {
        kept.values().forEach(this::free);
        kept.clear();
        report();
    }
}
