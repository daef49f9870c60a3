package org.infoprompt.bench.gpu;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.objective.LossReport;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Backend;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.tensor.Shape;
import org.infoprompt.train.EngineSizes;
import org.infoprompt.train.PlainStates;
import org.infoprompt.train.PreparedExamples;
import org.infoprompt.train.PromptEngine;
import org.infoprompt.train.TrainingConfig;
import org.infoprompt.weights.ModelFiles;

/** InfoPrompt training of {@link StepData} on a {@link RandomModel}, on any backend. */
final class StepRunner implements AutoCloseable {
    private final StepData source;
    private final ModelFiles files;
    private final EncoderWeights weights;
    private final PreparedExamples data;
    private final ParameterSet parameters;
    private final PromptEngine engine;
    private final PlainStates plain;
    private final TrainingConfig config;

    StepRunner(Path model, Backend backend, Sizes sizes, StepData source) throws IOException {
        this.source = source;
        files = ModelFiles.openFolder(model);
        weights = EncoderWeights.load(files, backend, true);
        ParameterLayout layout = source.layout(BackboneShape.of(weights.config()));
        data = source.examples();
        parameters = new ParameterSet(backend.dtype(), layout.shapes());
        StepData.initial(layout).forEach((name, values) -> {
            for (int i = 0; i < values.length; i++) {
                parameters.set(name, i, values[i]);
            }
        });
        int threads = Runtime.getRuntime().availableProcessors();
        engine = new PromptEngine(
                weights, layout, parameters, EngineSizes.of(backend, threads, sizes.batch(), data.maxLength(), true));
        plain = engine.plainStates(data, done -> {});
        config = source.training();
    }

    /** {@return the losses at the current parameters, whose gradients are then in {@link #gradients}} */
    LossReport losses(int step) {
        return engine.step(data, plain, source.batch(step), 1, StepData.SEED, step);
    }

    /** Takes a step. */
    LossReport step(int step) {
        LossReport report = losses(step);
        engine.update(parameters, config, step, config.learningRate());
        return report;
    }

    double[] gradients() {
        return elements(parameters.gradients());
    }

    double[] values() {
        return elements(parameters.values());
    }

    private double[] elements(MemorySegment block) {
        double[] values = new double[Math.toIntExact(parameters.numElements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = parameters.get(block, i);
        }
        return values;
    }

    /** Sets all parameters to base + factor * direction. */
    void move(double[] base, double factor, double[] direction) {
        int at = 0;
        for (Map.Entry<String, Shape> entry : parameters.shapes().entrySet()) {
            for (long i = 0; i < entry.getValue().numElements(); i++) {
                parameters.set(entry.getKey(), i, base[at] + factor * direction[at]);
                at++;
            }
        }
    }

    @Override
    public void close() {
        plain.close();
        engine.close();
        parameters.close();
        weights.close();
        files.close();
    }
}
