package org.infoprompt.train;

import java.util.List;
import org.infoprompt.data.Example;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;

/**
 * Numbers to be learnt, as a head learns them: less their mean, in standard deviations of the training examples. So learning rates
 * mean the same whatever the unit. A trained head is put back into the unit by its weight and bias.
 *
 * @param mean of the training examples' numbers
 * @param deviation their standard deviation, 1 if they are all the same
 */
public record TargetScale(double mean, double deviation) {
    /** Changes nothing. */
    public static final TargetScale NONE = new TargetScale(0, 1);

    /**
     * {@return the scale of examples}
     *
     * @param examples labelled with numbers, at least one
     */
    public static TargetScale of(List<Example> examples) {
        double mean = examples.stream().mapToDouble(Example::value).average().orElse(0);
        double squares = examples.stream()
                .mapToDouble(e -> (e.value() - mean) * (e.value() - mean))
                .average()
                .orElse(0);
        return new TargetScale(mean, squares > 0 ? Math.sqrt(squares) : 1);
    }

    double scaled(double value) {
        return (value - mean) / deviation;
    }

    /**
     * Makes a head that was trained on scaled numbers give them in their unit.
     *
     * @param parameters holds a head with one output and a bias
     */
    public void putBack(ParameterSet parameters) {
        multiply(parameters, ParameterLayout.HEAD_WEIGHT);
        multiply(parameters, ParameterLayout.HEAD_BIAS);
        double bias = parameters.get(parameters.value(ParameterLayout.HEAD_BIAS), 0);
        parameters.set(ParameterLayout.HEAD_BIAS, 0, bias + mean);
    }

    private void multiply(ParameterSet parameters, String name) {
        var values = parameters.value(name);
        long n = values.byteSize() / parameters.dtype().bytes();
        for (long i = 0; i < n; i++) {
            parameters.set(name, i, deviation * parameters.get(values, i));
        }
    }
}
