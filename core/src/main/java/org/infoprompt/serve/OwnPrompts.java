package org.infoprompt.serve;

import java.util.LinkedHashMap;
import java.util.Map;
import org.infoprompt.model.TransformerEncoder;
import org.infoprompt.objective.RowPass;
import org.infoprompt.ops.Kernels;
import org.infoprompt.session.LoadedBackbone;
import org.jspecify.annotations.Nullable;

/**
 * One worker's buffers for prompts that compute each text's own vectors, and its encoders over weights that an adapter changed.
 * The buffers of those that were used last are kept, of as many as a batch may hold and a few more.
 */
final class OwnPrompts implements AutoCloseable {
    private static final class Kept {
        final @Nullable RowPass pass;
        final @Nullable TransformerEncoder encoder;
        final int maxTexts;

        Kept(@Nullable RowPass pass, @Nullable TransformerEncoder encoder, int maxTexts) {
            this.pass = pass;
            this.encoder = encoder;
            this.maxTexts = maxTexts;
        }

        void close() {
            if (pass != null) {
                pass.close();
            }
            if (encoder != null) {
                encoder.close();
            }
        }
    }

    private final LoadedBackbone backbone;
    private final Kernels kernels;
    private final TransformerEncoder buffers;
    private final int maxRows;
    private final int capacity;
    private final Map<LoadedPrompt, Kept> kept = new LinkedHashMap<>(16, .75f, true);

    /**
     * Creates an empty set.
     *
     * @param kernels the worker's
     * @param buffers whose buffers encoders over other weights use
     * @param maxRows the most rows of a pass
     * @param capacity how many are kept
     */
    OwnPrompts(LoadedBackbone backbone, Kernels kernels, TransformerEncoder buffers, int maxRows, int capacity) {
        this.backbone = backbone;
        this.kernels = kernels;
        this.buffers = buffers;
        this.maxRows = maxRows;
        this.capacity = capacity;
    }

    /** Returns the pass of a prompt, prepared, with room for m texts. */
    RowPass pass(LoadedPrompt prompt, LoadedPrompt.Own own, int m) {
        Kept found = kept.get(prompt);
        if (found != null && found.pass != null && found.maxTexts >= m) {
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
            return found.encoder;
        }
        TransformerEncoder encoder = new TransformerEncoder(prompt.parts().weights(), buffers);
        put(prompt, new Kept(null, encoder, 0));
        return encoder;
    }

    private void put(LoadedPrompt prompt, Kept made) {
        Kept old = kept.put(prompt, made);
        if (old != null) {
            old.close();
        }
        kept.entrySet().removeIf(entry -> {
            boolean freed = entry.getKey().isFreed();
            if (freed) {
                entry.getValue().close();
            }
            return freed;
        });
        var oldest = kept.entrySet().iterator();
        while (kept.size() > capacity && oldest.hasNext()) {
            oldest.next().getValue().close();
            oldest.remove();
        }
    }

    /** Frees all buffers; idempotent. */
    @Override
    public void close() {
        kept.values().forEach(Kept::close);
        kept.clear();
    }
}
