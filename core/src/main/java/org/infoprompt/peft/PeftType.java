package org.infoprompt.peft;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The kinds of adapters that can be read; names are those of {@code peft_type}. */
public enum PeftType {
    /** Trained word vectors before the text. */
    PROMPT_TUNING,
    /** The same as prompt tuning once trained: only the encoder's output is saved. */
    P_TUNING,
    /** Trained word vectors, times a low-rank matrix of the task. */
    MULTITASK_PROMPT_TUNING,
    /** Trained keys and values before each layer's own. */
    PREFIX_TUNING,
    /** Low-rank changes of weight matrices. */
    LORA,
    /** Trained factors of keys, values and feed-forward inputs. */
    IA3;

    /** {@return whether the adapter is made of virtual tokens that pass through the embedding} */
    public boolean isPrompt() {
        return this == PROMPT_TUNING || this == P_TUNING || this == MULTITASK_PROMPT_TUNING;
    }

    /** {@return whether the adapter changes the encoder's weights} */
    public boolean changesWeights() {
        return this == LORA || this == IA3;
    }

    static String names() {
        return Arrays.stream(values()).map(PeftType::name).collect(Collectors.joining(", "));
    }
}
