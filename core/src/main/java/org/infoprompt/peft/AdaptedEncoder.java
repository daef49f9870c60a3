package org.infoprompt.peft;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.ops.Backend;
import org.infoprompt.tensor.DType;
import org.infoprompt.weights.EncoderConfig;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.TensorSource;
import org.jspecify.annotations.Nullable;

/**
 * A frozen encoder with an adapter and its class head: immutable, shared by all threads. LoRA and IA3 are folded into a packed
 * copy of the encoder, which belongs to this object; all other kinds share the base model's packed weights.
 */
final class AdaptedEncoder implements AutoCloseable {
    private final PeftType type;
    private final EncoderWeights weights;
    private final boolean ownsWeights;
    private final Arena arena;
    private final ClassHead head;
    private final int numVirtualTokens;
    private final @Nullable MemorySegment prompts;
    private final @Nullable PrefixTable prefixes;
    private final boolean readsCls;
    private final int maxLength;

    private AdaptedEncoder(
            PeftType type,
            EncoderWeights weights,
            boolean ownsWeights,
            Arena arena,
            ClassHead head,
            int numVirtualTokens,
            @Nullable MemorySegment prompts,
            @Nullable PrefixTable prefixes,
            boolean readsCls,
            int maxLength) {
        this.type = type;
        this.weights = weights;
        this.ownsWeights = ownsWeights;
        this.arena = arena;
        this.head = head;
        this.numVirtualTokens = numVirtualTokens;
        this.prompts = prompts;
        this.prefixes = prefixes;
        this.readsCls = readsCls;
        this.maxLength = maxLength;
    }

    /**
     * Reads an adapter folder.
     *
     * @param folder holds the configuration and the tensors
     * @param files the base model, open as long as the result
     * @param packed the base model's packed weights
     * @param task task of a multitask adapter, or null
     * @param warnings receives what is odd but does no harm
     */
    static AdaptedEncoder load(
            Path folder, ModelFiles files, EncoderWeights packed, @Nullable Integer task, List<String> warnings)
            throws IOException {
        AdapterConfig config = AdapterConfig.read(folder);
        PeftType type = config.type();
        Backend backend = packed.backend();
        DType dtype = backend.dtype();
        EncoderConfig sizes = files.config();
        Arena arena = Arena.ofShared();
        EncoderWeights own = null;
        boolean done = false;
        try (AdapterFiles adapter = AdapterFiles.open(folder)) {
            MemorySegment prompts = null;
            PrefixTable prefixes = null;
            int n = 0;
            WeightChanges changes = new WeightChanges(files.weights(), adapter);
            if (type.isPrompt()) {
                n = config.needSize("num_virtual_tokens");
                checkRoom(config, n, sizes);
                prompts = PromptTable.load(config, adapter, type, sizes.hiddenSize(), task, dtype, arena);
            } else if (type == PeftType.PREFIX_TUNING) {
                n = config.needSize("num_virtual_tokens");
                checkRoom(config, n, sizes);
                prefixes = PrefixTable.load(config, adapter, sizes.numLayers(), sizes.hiddenSize(), dtype, arena);
            } else if (type == PeftType.LORA) {
                changes.addLora(LoraScaling.read(config));
            } else if (type == PeftType.IA3) {
                config.refuse("fan_in_fan_out");
                changes.addIa3();
            }
            ClassHead head = ClassHead.load(
                    sizes.family(), sizes.hiddenSize(), adapter, changes.applied(), changes.isEmpty(), dtype, arena);
            changes.addReplacements();
            if (!changes.isEmpty()) {
                TensorSource merged = changes.applied();
                own = EncoderWeights.load(
                        new ModelFiles(files.identity(), sizes, merged, files.tokenizerFolder(), files.sha256()),
                        backend,
                        false);
            }
            warnAboutRest(adapter, warnings);
            AdaptedEncoder loaded = new AdaptedEncoder(
                    type,
                    own == null ? packed : own,
                    own != null,
                    arena,
                    head,
                    n,
                    prompts,
                    prefixes,
                    readsCls(config),
                    maxLength(config, sizes));
            done = true;
            return loaded;
        } finally {
            if (!done) {
                arena.close();
                if (own != null) {
                    own.close();
                }
            }
        }
    }

    private static void checkRoom(AdapterConfig config, int n, EncoderConfig sizes) throws PeftException {
        // [CLS], a word, [SEP].
        if (n > sizes.maxPositions() - 3) {
            throw config.problem(
                    "num_virtual_tokens",
                    "is " + n + ", which leaves no room for text among " + sizes.maxPositions() + " positions",
                    "use the base model the adapter was trained on");
        }
    }

    /** PEFT's heads read a sequence's first row; ours may read [CLS] behind the virtual tokens, and then say so. */
    private static boolean readsCls(AdapterConfig config) throws PeftException {
        AdapterConfig own = config.object(AdapterFiles.EXTENSION);
        String read = own == null ? null : own.text("pooled_token");
        if (own == null || read == null || read.equals("first")) {
            return false;
        }
        if (!read.equals("cls")) {
            throw own.problem("pooled_token", "is " + read + ", not first or cls", "export the adapter again");
        }
        return true;
    }

    /** PEFT leaves the length of texts to whoever calls it; ours are cut as in training. */
    private static int maxLength(AdapterConfig config, EncoderConfig sizes) throws PeftException {
        AdapterConfig own = config.object(AdapterFiles.EXTENSION);
        Integer length = own == null ? null : own.size("max_length");
        return length == null ? sizes.maxPositions() : Math.min(length, sizes.maxPositions());
    }

    private static void warnAboutRest(AdapterFiles adapter, List<String> warnings) {
        List<String> rest = new ArrayList<>(adapter.unused());
        if (!rest.isEmpty()) {
            int shown = Math.min(3, rest.size());
            warnings.add(adapter.name() + ": ignores " + String.join(", ", rest.subList(0, shown))
                    + (rest.size() > shown ? " and " + (rest.size() - shown) + " more tensors" : "")
                    + ", which no part of the model needs");
        }
    }

    PeftType type() {
        return type;
    }

    EncoderWeights weights() {
        return weights;
    }

    ClassHead head() {
        return head;
    }

    /** Returns N, how many positions virtual tokens take. */
    int numVirtualTokens() {
        return numVirtualTokens;
    }

    /** Returns [N, D], or null if no virtual token passes through the embedding. */
    @Nullable
    MemorySegment prompts() {
        return prompts;
    }

    /** Returns keys and values before each layer's own, or null if there are none. */
    @Nullable
    PrefixTable prefixes() {
        return prefixes;
    }

    /** Returns which row of a sequence the head reads. */
    int pooledRow() {
        return readsCls && prompts != null ? numVirtualTokens : 0;
    }

    /** Returns the most positions of a sequence, virtual tokens included. */
    int maxLength() {
        return maxLength;
    }

    /** Returns whether the encoder's weights are this adapter's, not the base model's. */
    boolean ownsWeights() {
        return ownsWeights;
    }

    /** Returns how many bytes belong to this adapter alone. */
    long ownBytes() {
        long bytes = prompts == null ? 0 : prompts.byteSize();
        bytes += prefixes == null ? 0 : prefixes.prefixes().byteSize();
        bytes += ownsWeights ? weights.packedBytes() : 0;
        return bytes + head.ownBytes();
    }

    /** Returns the most tokens a text may have, special tokens included. */
    int maxTextLength() {
        return maxLength - numVirtualTokens;
    }

    /** Frees what was read; idempotent. */
    @Override
    public void close() {
        if (ownsWeights) {
            weights.close();
        }
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
