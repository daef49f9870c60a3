package org.infoprompt.prompt;

import java.util.SequencedMap;
import org.infoprompt.tensor.Shape;

/** An immutable configuration of a prompt method, usually a record; equal configurations train alike. */
public interface PromptConfig {
    /** {@return the id of its {@link PromptMethod}} */
    String method();

    /** {@return values of all options from which the method makes an equal configuration; written to checkpoints} */
    SequencedMap<String, String> options();

    /** {@return where slots and prefixes stand} */
    SlotLayout layout();

    /** {@return what the class head reads} */
    Reading reading();

    /**
     * {@return how many prompt vectors of D elements a sequence has, which the information losses average; usually the slots}
     * Methods without slots may have vectors that the encoder does not see as rows; 0 forbids the information losses.
     */
    default int numVectors() {
        return layout().numSlots();
    }

    /** {@return whether every example has vectors of its own, rather than all examples the same} */
    default boolean isInstanceWise() {
        return false;
    }

    /** {@return whether every example has prefixes of its own} */
    default boolean hasInstancePrefixes() {
        return false;
    }

    /**
     * {@return whether the read state passes the transform of the frozen masked-LM head before the class head sees it} The
     * backbone must then have such a head, whose output embeddings and biases of the label words the class head starts from.
     */
    default boolean readsMaskedLmFeature() {
        return false;
    }

    /** {@return whether it reads the plain pass's first hidden state} */
    default boolean readsSentence() {
        return false;
    }

    /** {@return whether it reads the word ids of the plain input} */
    default boolean readsTokens() {
        return false;
    }

    /**
     * {@return whether it changes the encoder's linear layers, as {@link org.infoprompt.model.LinearAdapters} do} The encoder then keeps
     * its inner buffers in the backend's element type.
     */
    default boolean changesLinearLayers() {
        return false;
    }

    /** {@return whether the encoder sees neither slots nor prefixes, so that the plain pass says all; it then runs once a text} */
    default boolean leavesEncoderAlone() {
        return layout().numSlots() == 0 && layout().numPrefixes() == 0;
    }

    /**
     * {@return names and shapes of its parameters, in storage order}
     *
     * @param backbone sizes of the encoder
     */
    SequencedMap<String, Shape> shapes(BackboneShape backbone);

    /**
     * Gives its parameters their starting values; all are zero before.
     *
     * @param start sets them
     */
    void initialize(PromptStart start);

    /**
     * Opens the computation. Called once for the batch and once for every worker, and each time once more with a context that
     * only measures; so it allocates from the context and does nothing else.
     *
     * @param context parameters, kernels and memory
     * @return the strategy
     */
    PromptStrategy open(StrategyContext context);

    /** {@return what it is, in a few words: {@code "task prompt, 4 slots"}} */
    String describe();
}
