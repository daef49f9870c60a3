package org.infoprompt.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.tensor.DType;
import org.infoprompt.weights.EncoderConfig;
import org.infoprompt.weights.MaskedLmTensors;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.TensorSource;
import org.jspecify.annotations.Nullable;

/**
 * A frozen masked-language-model head: score of word v = LayerNorm(activation(dense(h)))·E_v + b_v, where the output embeddings E
 * [V, D] are the word embeddings in nearly all models. Immutable and shared by all threads; {@link MaskedLmPass} computes with it.
 * The {@link ModelFiles} and the encoder's weights must stay open as long.
 *
 * <p>Source: Devlin et al., arXiv 1810.04805; layer order as in Hugging Face's BertLMPredictionHead, RobertaLMHead and
 * DistilBertForMaskedLM. RoBERTa's head always uses the exact GELU, the others the encoder's activation.
 */
public final class MaskedLmHead implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final Backend backend;
    private final EncoderConfig config;
    private final PackedWeight dense;
    private final @Nullable PackedWeight denseBackward;
    private final MemorySegment denseBias;
    private final MemorySegment gamma;
    private final MemorySegment beta;
    private final MemorySegment decoder;
    private final MemorySegment outputBias;

    private MaskedLmHead(ModelFiles files, EncoderWeights encoder) throws IOException {
        TensorSource source = files.weights();
        backend = encoder.backend();
        config = files.config();
        int d = config.hiddenSize();
        MemorySegment weight = load(source, MaskedLmTensors.DENSE_WEIGHT);
        dense = backend.pack(weight, d, d, WeightUse.FORWARD);
        denseBackward = encoder.isTrainable() ? backend.packBackward(dense, weight, d, d) : null;
        denseBias = place(source, MaskedLmTensors.DENSE_BIAS);
        gamma = place(source, MaskedLmTensors.NORM_WEIGHT);
        beta = place(source, MaskedLmTensors.NORM_BIAS);
        outputBias = place(source, MaskedLmTensors.outputBias(source));
        String name = MaskedLmTensors.decoder(source);
        decoder = name.equals(MaskedLmTensors.TIED_DECODER) ? encoder.words() : place(source, name);
    }

    /**
     * Reads and packs a model's head.
     *
     * @param files the model
     * @param encoder its packed encoder, whose backend the head uses and whose word embeddings it may share
     * @return the head, to be closed by the caller
     * @throws org.infoprompt.weights.WeightFormatException if the model has no such head or a tensor of it is wrong
     * @throws IOException if a tensor cannot be read
     */
    public static MaskedLmHead load(ModelFiles files, EncoderWeights encoder) throws IOException {
        MaskedLmTensors.check(files.config(), files.weights());
        return new MaskedLmHead(files, encoder);
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

    /** {@return V, how many words are scored} */
    public int vocabSize() {
        return config.vocabSize();
    }

    /** {@return D} */
    public int hiddenSize() {
        return config.hiddenSize();
    }

    /** {@return whether gradients through the head can be computed} */
    public boolean isTrainable() {
        return denseBackward != null;
    }

    /** {@return the output embeddings [V, D] in the backend's element type} */
    public MemorySegment decoder() {
        return decoder;
    }

    /** {@return what is added to the words' scores, [V]} */
    public MemorySegment outputBias() {
        return outputBias;
    }

    Backend backend() {
        return backend;
    }

    double layerNormEps() {
        return config.layerNormEps();
    }

    Activation activation() {
        return config.family() == EncoderConfig.Family.ROBERTA
                ? Activation.GELU_ERF
                : Activation.valueOf(config.activation().name());
    }

    PackedWeight dense() {
        return dense;
    }

    PackedWeight denseBackward() {
        if (denseBackward == null) {
            throw new IllegalStateException("the head was packed for inference only");
        }
        return denseBackward;
    }

    MemorySegment denseBias() {
        return denseBias;
    }

    MemorySegment gamma() {
        return gamma;
    }

    MemorySegment beta() {
        return beta;
    }

    /** Frees what was copied; idempotent. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
