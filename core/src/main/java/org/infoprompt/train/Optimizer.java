package org.infoprompt.train;

import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Kernels;

/** AdamW with clipping by the global norm, over all trained tensors at once. */
final class Optimizer {
    private Optimizer() {}

    /**
     * {@return the gradients' global norm}
     *
     * @param parameters their gradients
     * @param kernels the calling thread's
     */
    static double norm(ParameterSet parameters, Kernels kernels) {
        return Math.sqrt(kernels.rows().sumOfSquares(parameters.numElements(), parameters.gradients()));
    }

    /**
     * Updates the parameters from their gradients.
     *
     * @param parameters values, gradients and moments
     * @param kernels the calling thread's
     * @param config decay and clipping
     * @param step from 0
     * @param learningRate of this step
     * @param norm the gradients' global norm
     */
    static void update(
            ParameterSet parameters,
            Kernels kernels,
            TrainingConfig config,
            int step,
            double learningRate,
            double norm) {
        long n = parameters.numElements();
        double factor = 1;
        if (config.maxGradientNorm() > 0) {
            factor = Math.min(1, config.maxGradientNorm() / (norm + 1e-6));
        }
        kernels.optimizer()
                .adamW(
                        n,
                        parameters.values(),
                        parameters.gradients(),
                        factor,
                        parameters.firstMoments(),
                        parameters.secondMoments(),
                        learningRate,
                        TrainingConfig.BETA1,
                        TrainingConfig.BETA2,
                        TrainingConfig.EPSILON,
                        config.weightDecay(),
                        step + 1L);
    }
}
