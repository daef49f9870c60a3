package org.infoprompt.session;

import java.io.IOException;
import org.infoprompt.hub.ModelHub;
import org.infoprompt.hub.ProgressListener;
import org.infoprompt.io.InputException;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.model.MaskedLmHead;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.text.Tokenizer;
import org.infoprompt.train.PlainStateCache;
import org.infoprompt.weights.EncoderConfig;
import org.infoprompt.weights.MaskedLmTensors;
import org.infoprompt.weights.ModelFiles;
import org.jspecify.annotations.Nullable;

/**
 * A frozen encoder in memory with its tokenizer: immutable, shared by any number of models, sessions and threads, closed once
 * when none of them is used any more.
 */
public final class LoadedBackbone implements AutoCloseable {
    private final String reference;
    private final ModelFiles files;
    private final EncoderWeights weights;
    private final Tokenizer tokenizer;
    private @Nullable PlainStateCache plainStates;

    private LoadedBackbone(String reference, ModelFiles files, EncoderWeights weights, Tokenizer tokenizer) {
        this.reference = reference;
        this.files = files;
        this.weights = weights;
        this.tokenizer = tokenizer;
    }

    /**
     * Opens a backbone on the active backend, for training too unless that is set to int8.
     *
     * @param reference a known name ({@code minilm}), Maven coordinates, or a Hugging Face model folder
     * @return the backbone, to be closed by the caller
     * @throws IOException if it cannot be fetched or read, in one line with the remedy
     */
    public static LoadedBackbone open(String reference) throws IOException {
        Backend backend = Backends.active();
        return open(reference, backend, backend.precision().isTrainable(), ProgressListener.none());
    }

    /**
     * Opens a backbone.
     *
     * @param reference a known name ({@code minilm}), Maven coordinates, or a Hugging Face model folder
     * @param backend whose layout the weights are packed for
     * @param trainable whether prompts will be trained, which int8 cannot; doubles the packed bytes
     * @param progress told about downloads
     * @return the backbone, to be closed by the caller
     * @throws IOException if it cannot be fetched or read, in one line with the remedy
     */
    public static LoadedBackbone open(String reference, Backend backend, boolean trainable, ProgressListener progress)
            throws IOException {
        ModelHub.Located located;
        try (ModelHub hub = new ModelHub()) {
            located = hub.locate(reference, progress);
        }
        return load(reference, located, backend, trainable);
    }

    /**
     * Loads a backbone whose files are on this machine, tokenizer and weights side by side.
     *
     * @param reference how to find it again
     * @param located its folder
     * @param backend whose layout the weights are packed for
     * @param trainable whether prompts will be trained
     * @return the backbone, to be closed by the caller
     * @throws IOException if a file cannot be read, or a tensor or the tokenizer cannot be used
     */
    public static LoadedBackbone load(String reference, ModelHub.Located located, Backend backend, boolean trainable)
            throws IOException {
        try (TokenizerReader reader = new TokenizerReader(located.folder())) {
            ModelFiles files = located.open();
            if (files.tokenizerFolder().equals(reader.folder())) {
                return load(reference, files, backend, trainable, reader);
            }
            return load(reference, files, backend, trainable);
        }
    }

    /**
     * Loads a backbone whose files are open already, and takes them over.
     *
     * @param reference how to find it again
     * @param files configuration and weights; closed with the backbone, or at once if loading fails
     * @param backend whose layout the weights are packed for
     * @param trainable whether prompts will be trained
     * @return the backbone, to be closed by the caller
     * @throws IOException if a tensor or the tokenizer cannot be used
     */
    public static LoadedBackbone load(String reference, ModelFiles files, Backend backend, boolean trainable)
            throws IOException {
        boolean taken = false;
        try (TokenizerReader reader = new TokenizerReader(files.tokenizerFolder())) {
            taken = true;
            return load(reference, files, backend, trainable, reader);
        } finally {
            if (!taken) {
                files.close();
            }
        }
    }

    private static LoadedBackbone load(
            String reference, ModelFiles files, Backend backend, boolean trainable, TokenizerReader reader)
            throws IOException {
        EncoderWeights weights = null;
        boolean done = false;
        try {
            weights = EncoderWeights.load(files, backend, trainable);
            Tokenizer tokenizer = reader.await();
            if (tokenizer.vocabularySize() > files.config().vocabSize()) {
                throw new InputException(
                        files.tokenizerFolder().toString(),
                        "",
                        "the tokenizer has " + tokenizer.vocabularySize() + " entries, the model "
                                + files.config().vocabSize(),
                        "use the tokenizer that belongs to the model");
            }
            done = true;
            return new LoadedBackbone(reference, files, weights, tokenizer);
        } finally {
            if (!done) {
                if (weights != null) {
                    weights.close();
                }
                files.close();
            }
        }
    }

    /**
     * Keeps plain states from run to run from now on, for many runs on the same texts by one thread after another. No result
     * changes.
     *
     * @param maxBytes how much to keep
     * @return this
     */
    public LoadedBackbone rememberPlainStates(long maxBytes) {
        plainStates = new PlainStateCache(maxBytes);
        return this;
    }

    /** {@return the plain states kept from earlier runs, or null if none are} */
    public @Nullable PlainStateCache plainStates() {
        return plainStates;
    }

    /** {@return how the backbone was asked for} */
    public String reference() {
        return reference;
    }

    /** {@return its name: coordinates or folder name} */
    public String identity() {
        return files.identity();
    }

    /** {@return the hash of its weights} */
    public String sha256() {
        return files.sha256();
    }

    /** {@return its sizes} */
    public EncoderConfig config() {
        return files.config();
    }

    /** {@return its opened files: configuration and tensors; closed with the backbone} */
    public ModelFiles files() {
        return files;
    }

    /** {@return the packed weights} */
    public EncoderWeights weights() {
        return weights;
    }

    /** {@return the tokenizer} */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** {@return whether the model was published with a masked-language-model head} */
    public boolean hasMaskedLmHead() {
        return MaskedLmTensors.isIn(files.weights());
    }

    /**
     * Returns the masked-language-model head, which is read and packed at the first call and shared from then on.
     *
     * @return the head, closed with the backbone
     * @throws IOException if the model has none, or a tensor of it cannot be used
     */
    public MaskedLmHead maskedLmHead() throws IOException {
        return weights.maskedLmHead();
    }

    /** Frees the weights; idempotent. */
    @Override
    public void close() {
        weights.close();
        files.close();
    }
}
