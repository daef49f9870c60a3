package org.infoprompt.ops;

/** Activation between the two feed-forward layers of an encoder block. */
public enum Activation {
    /** x·Φ(x) with the error function, as in BERT of Hugging Face ({@code gelu}). */
    GELU_ERF,
    /** The tanh approximation, ½x(1 + tanh(√(2/π)(x + 0.044715x³))) ({@code gelu_new}, {@code gelu_pytorch_tanh}). */
    GELU_TANH,
    /** max(x, 0). */
    RELU
}
