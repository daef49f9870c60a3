package org.infoprompt.ops.cuda;

import org.infoprompt.ops.Activation;

/** The numbers by which {@code activation.cu} knows the activations. */
final class ActivationCode {
    private ActivationCode() {}

    static int of(Activation activation) {
        return switch (activation) {
            case GELU_ERF -> 0;
            case GELU_TANH -> 1;
            case RELU -> 2;
        };
    }
}
