package org.infoprompt.session;

import org.infoprompt.io.InputException;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.MethodDefaults;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethod;
import org.infoprompt.prompt.infoprompt.InfoPromptConfig;
import org.infoprompt.prompt.infoprompt.PromptKind;
import org.infoprompt.prompt.infoprompt.Representation;
import org.infoprompt.train.TrainingConfig;

/**
 * Everything that decides a training run, besides backbone and data.
 *
 * @param name what to call it in tables
 * @param prompt the prompts
 * @param objective head and losses
 * @param training optimiser and schedule
 * @param maxLength the most rows of a sequence, prompt slots included; longer texts lose their ends
 */
public record Recipe(
        String name, PromptConfig prompt, ObjectiveConfig objective, TrainingConfig training, int maxLength) {
    private static final int MAX_LENGTH = 256;

    /**
     * InfoPrompt with settings chosen on dev data over several seeds: a task prompt, the mean of all words' states classified
     * directly, both information losses.
     *
     * @return the recipe
     */
    public static Recipe infoPrompt() {
        return new Recipe(
                "InfoPrompt",
                new InfoPromptConfig(PromptKind.TASK, 1, 32, Representation.MEAN),
                new ObjectiveConfig(Classification.DIRECT, 32, .1, .2, .1, 0, 4, false),
                new TrainingConfig(12, 8, 5e-3, .01, .06, 1, 0, 42),
                MAX_LENGTH);
    }

    /**
     * InfoPrompt with the released code's architecture and hyper-parameters: instance-wise prompts, bottleneck logits, learning
     * rate 1e-3, batch 8, 30 epochs (methods notes, 01-infoprompt, sections 2 to 4).
     *
     * @return the recipe
     */
    public static Recipe released() {
        return new Recipe(
                "InfoPrompt (released)",
                new InfoPromptConfig(PromptKind.INSTANCE, 1, 32, Representation.MASK),
                ObjectiveConfig.released(),
                new TrainingConfig(30, 8, 1e-3, .01, .06, 0, 0, 42),
                MAX_LENGTH);
    }

    /**
     * Plain prompt tuning: the same slots and head as {@link #infoPrompt()}, cross-entropy alone.
     *
     * @return the recipe
     */
    public static Recipe promptTuning() {
        Recipe base = infoPrompt();
        return new Recipe(
                "soft prompt", base.prompt(), ObjectiveConfig.crossEntropyOnly(), base.training(), base.maxLength());
    }

    /**
     * A prompt method with its own defaults. Its class head scores the read state directly; the information losses are on if they
     * are part of the method or asked for.
     *
     * @param method the method
     * @param prompt one of its configurations
     * @param information whether the information losses are switched on
     * @return the recipe
     */
    public static Recipe of(PromptMethod method, PromptConfig prompt, boolean information) {
        MethodDefaults d = method.defaults();
        boolean with = information || d.information();
        return new Recipe(
                with && !d.information() ? method.id() + " + MI" : method.id(),
                prompt,
                with ? infoPrompt().objective() : ObjectiveConfig.crossEntropyOnly(),
                new TrainingConfig(
                        d.epochs(),
                        d.batchSize(),
                        d.learningRate(),
                        d.weightDecay(),
                        d.warmupFraction(),
                        d.maxGradientNorm(),
                        0,
                        42),
                MAX_LENGTH);
    }

    /**
     * {@return names and shapes of what is trained}
     *
     * @param backbone the encoder
     * @param numClasses C
     * @throws InputException if the parts do not go together
     */
    public ParameterLayout layout(LoadedBackbone backbone, int numClasses) throws InputException {
        try {
            return new ParameterLayout(prompt, objective, BackboneShape.of(backbone.config()), numClasses);
        } catch (IllegalArgumentException e) {
            throw new InputException(name, "", String.valueOf(e.getMessage()), "change the recipe", e);
        }
    }

    /**
     * {@return the recipe with another name}
     *
     * @param other the name
     */
    public Recipe named(String other) {
        return new Recipe(other, prompt, objective, training, maxLength);
    }

    /**
     * {@return the recipe with another training configuration}
     *
     * @param other the configuration
     */
    public Recipe with(TrainingConfig other) {
        return new Recipe(name, prompt, objective, other, maxLength);
    }

    /**
     * {@return the recipe with another objective}
     *
     * @param other the objective
     */
    public Recipe with(ObjectiveConfig other) {
        return new Recipe(name, prompt, other, training, maxLength);
    }

    /**
     * {@return the recipe with other prompts}
     *
     * @param other the prompts
     */
    public Recipe with(PromptConfig other) {
        return new Recipe(name, other, objective, training, maxLength);
    }

    /**
     * {@return the recipe with another seed}
     *
     * @param seed the seed
     */
    public Recipe withSeed(long seed) {
        return with(training.withSeed(seed));
    }
}
