package org.infoprompt.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.tensor.DType;
import org.infoprompt.weights.EncoderConfig;
import org.infoprompt.weights.FilePages;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.TensorSource;
import org.jspecify.annotations.Nullable;

/**
 * A frozen encoder in a backend's own layout. Immutable and shared by all threads; closed once by its owner when no pass runs
 * any more. Embedding tables of F32 backends on the host stay views of the memory-mapped file, so the {@link ModelFiles} must stay
 * open as long.
 */
public final class EncoderWeights implements AutoCloseable {
    private final Backend backend;
    private final EncoderConfig config;
    private final Arena arena;
    private final MemorySegment words;
    private final MemorySegment positions;
    private final @Nullable MemorySegment types;
    private final MemorySegment embeddingGamma;
    private final MemorySegment embeddingBeta;
    private final List<LayerWeights> layers = new ArrayList<>();
    private final boolean trainable;
    private final ModelFiles files;
    private @Nullable MaskedLmHead maskedLmHead;
    private long packedBytes;

    private EncoderWeights(Backend backend, ModelFiles files, boolean trainable, Arena arena) throws IOException {
        this.backend = backend;
        this.arena = arena;
        this.files = files;
        this.config = files.config();
        TensorSource source = files.weights();
        this.trainable = trainable;
        words = place(source, "embeddings.word_embeddings.weight");
        positions = place(source, "embeddings.position_embeddings.weight");
        types = config.typeVocabSize() > 0 ? place(source, "embeddings.token_type_embeddings.weight") : null;
        embeddingGamma = place(source, "embeddings.LayerNorm.weight");
        embeddingBeta = place(source, "embeddings.LayerNorm.bias");
        for (int i = 0; i < config.numLayers(); i++) {
            layers.add(loadLayer(source, "encoder.layer." + i + ".", i == config.numLayers() - 1));
        }
    }

    /**
     * Reads and packs the weights.
     *
     * @param files configuration and tensors
     * @param backend whose layout to pack for
     * @param trainable whether gradients to the input will be asked for; doubles the packed bytes
     * @return the weights
     * @throws IOException if a tensor is missing or of another shape
     * @throws IllegalArgumentException if gradients are asked for at a precision that has none
     */
    public static EncoderWeights load(ModelFiles files, Backend backend, boolean trainable) throws IOException {
        if (trainable && !backend.precision().isTrainable()) {
            throw new IllegalArgumentException(backend.precision().text()
                    + " has no gradients: load the backbone with trainable = false, or in another precision");
        }
        Arena arena = Arena.ofShared();
        EncoderWeights loaded = null;
        try {
            loaded = new EncoderWeights(backend, files, trainable, arena);
            return loaded;
        } finally {
            if (loaded == null) {
                arena.close();
            }
        }
    }

    private LayerWeights loadLayer(TensorSource source, String prefix, boolean last) throws IOException {
        int d = config.hiddenSize();
        int f = config.feedForwardSize();
        String self = prefix + "attention.self.";
        String out = prefix + "attention.output.";
        MemorySegment qkvBias = backend.place(
                concatenate(
                        load(source, self + "query.bias"),
                        load(source, self + "key.bias"),
                        load(source, self + "value.bias")),
                arena);
        long row = (long) d * backend.dtype().bytes();
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment qkv = temporary.allocate(3L * d * row, 64);
            String[] parts = {"query", "key", "value"};
            for (int p = 0; p < 3; p++) {
                MemorySegment.copy(load(source, self + parts[p] + ".weight"), 0, qkv, (long) p * d * row, d * row);
            }
            MemorySegment attention = load(source, out + "dense.weight");
            MemorySegment intermediate = load(source, prefix + "intermediate.dense.weight");
            MemorySegment output = load(source, prefix + "output.dense.weight");
            MemorySegment query = qkv.asSlice(0, d * row);
            MemorySegment keyValue = qkv.asSlice(d * row, 2L * d * row);
            Packed qkvPacked = last ? null : pack(qkv, 3 * d, d);
            Packed queryPacked = last ? pack(query, d, d) : null;
            Packed keyValuePacked = last ? pack(keyValue, 2 * d, d) : null;
            Packed attentionPacked = pack(attention, d, d);
            Packed intermediatePacked = pack(intermediate, f, d);
            Packed outputPacked = pack(output, d, f);
            LayerWeights.Backward backward = !trainable
                    ? null
                    : new LayerWeights.Backward(
                            backward(qkvPacked),
                            backward(queryPacked),
                            backward(keyValuePacked),
                            Objects.requireNonNull(attentionPacked.backward),
                            Objects.requireNonNull(intermediatePacked.backward),
                            Objects.requireNonNull(outputPacked.backward));
            LayerWeights layer = new LayerWeights(
                    forward(qkvPacked),
                    qkvBias,
                    forward(queryPacked),
                    qkvBias.asSlice(0, row),
                    forward(keyValuePacked),
                    qkvBias.asSlice(row, 2 * row),
                    attentionPacked.forward,
                    place(source, out + "dense.bias"),
                    place(source, out + "LayerNorm.weight"),
                    place(source, out + "LayerNorm.bias"),
                    intermediatePacked.forward,
                    place(source, prefix + "intermediate.dense.bias"),
                    outputPacked.forward,
                    place(source, prefix + "output.dense.bias"),
                    place(source, prefix + "output.LayerNorm.weight"),
                    place(source, prefix + "output.LayerNorm.bias"),
                    backward);
            for (String part : parts) {
                FilePages.release(source.tensor(self + part + ".weight").segment());
            }
            FilePages.release(attention);
            FilePages.release(intermediate);
            FilePages.release(output);
            return layer;
        }
    }

    /** One weight, packed for both directions if it is trained through. */
    private record Packed(PackedWeight forward, @Nullable PackedWeight backward) {}

    private Packed pack(MemorySegment weight, int out, int in) {
        PackedWeight forward = backend.pack(weight, out, in, WeightUse.FORWARD);
        PackedWeight backward = trainable ? backend.packBackward(forward, weight, out, in) : null;
        packedBytes += forward.byteSize() + (backward == null ? 0 : backward.byteSize());
        return new Packed(forward, backward);
    }

    private static @Nullable PackedWeight forward(@Nullable Packed packed) {
        return packed == null ? null : packed.forward;
    }

    private static @Nullable PackedWeight backward(@Nullable Packed packed) {
        return packed == null ? null : packed.backward;
    }

    private MemorySegment place(TensorSource source, String name) throws IOException {
        return backend.place(load(source, name), arena);
    }

    private MemorySegment load(TensorSource source, String name) throws IOException {
        MemorySegment f32 = source.tensor(name).segment();
        if (backend.dtype() == DType.F32) {
            return f32;
        }
        long n = f32.byteSize() / Float.BYTES;
        MemorySegment f64 = arena.allocate(n * Double.BYTES, 64);
        for (long i = 0; i < n; i++) {
            f64.setAtIndex(ValueLayout.JAVA_DOUBLE, i, f32.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * Float.BYTES));
        }
        return f64;
    }

    private MemorySegment concatenate(MemorySegment... parts) {
        long bytes = 0;
        for (MemorySegment part : parts) {
            bytes += part.byteSize();
        }
        MemorySegment all = arena.allocate(bytes, 64);
        long at = 0;
        for (MemorySegment part : parts) {
            MemorySegment.copy(part, 0, all, at, part.byteSize());
            at += part.byteSize();
        }
        return all;
    }

    /** {@return the backend whose layout the weights have} */
    public Backend backend() {
        return backend;
    }

    /**
     * {@return the type in which a pass best keeps its inner buffers}
     *
     * @param adapted whether {@link LinearAdapters} change the encoder, which read and write these buffers in the backend's type
     */
    public DType activationType(boolean adapted) {
        return adapted
                ? backend.dtype()
                : backend.activationType(config.hiddenSize() / config.numHeads(), config.feedForwardSize());
    }

    /** {@return the encoder's sizes} */
    public EncoderConfig config() {
        return config;
    }

    Activation activation() {
        return Activation.valueOf(config.activation().name());
    }

    /** {@return whether gradients to the input can be computed} */
    public boolean isTrainable() {
        return trainable;
    }

    /** {@return the word embedding table [V, D] in the backend's element type} */
    public MemorySegment words() {
        return words;
    }

    /** {@return how many bytes the packed matrices take} */
    public long packedBytes() {
        return packedBytes;
    }

    MemorySegment positions() {
        return positions;
    }

    @Nullable
    MemorySegment types() {
        return types;
    }

    MemorySegment embeddingGamma() {
        return embeddingGamma;
    }

    MemorySegment embeddingBeta() {
        return embeddingBeta;
    }

    LayerWeights layer(int index) {
        return layers.get(index);
    }

    /**
     * Returns the masked-language-model head, which is read and packed at the first call and shared from then on.
     *
     * @return the head, closed with the encoder
     * @throws org.infoprompt.weights.WeightFormatException if the model has none, or a tensor of it cannot be used
     * @throws IOException if a tensor cannot be read
     */
    public synchronized MaskedLmHead maskedLmHead() throws IOException {
        if (maskedLmHead == null) {
            maskedLmHead = MaskedLmHead.load(files, this);
        }
        return maskedLmHead;
    }

    /** Frees what was copied; idempotent. */
    @Override
    public synchronized void close() {
        if (maskedLmHead != null) {
            maskedLmHead.close();
        }
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
