package org.infoprompt.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.infoprompt.InfoPromptConfig;
import org.infoprompt.prompt.infoprompt.PromptKind;
import org.infoprompt.text.SpecialTokens;
import org.infoprompt.train.PreparedExamples;
import org.infoprompt.train.TrainingConfig;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The data folder both sides of a comparison read; its format is in bench/python/README.md. */
final class StepInputs {
    private final JsonNode root;

    private StepInputs(JsonNode root) {
        this.root = root;
    }

    static StepInputs read(Path folder) throws IOException {
        return new StepInputs(JsonMapper.builder().build().readTree(Files.readString(folder.resolve("inputs.json"))));
    }

    ParameterLayout layout() {
        ObjectiveConfig objective = new ObjectiveConfig(
                Classification.valueOf(upper("classification")),
                root.get("latentSize").intValue(),
                root.get("gamma").doubleValue(),
                root.get("beta").doubleValue(),
                root.get("klWeight").doubleValue(),
                0,
                4,
                !root.get("logProbFloor").isNull());
        InfoPromptConfig prompt = new InfoPromptConfig(
                PromptKind.valueOf(upper("strategy")),
                root.get("slotsPerGroup").intValue(),
                root.get("latentSize").intValue());
        return new ParameterLayout(
                prompt,
                objective,
                new BackboneShape(root.get("hiddenSize").intValue(), 0, 0),
                root.get("numClasses").intValue());
    }

    private String upper(String key) {
        return root.get(key).stringValue().toUpperCase(Locale.ROOT);
    }

    PreparedExamples examples(int maxLength) {
        JsonNode s = root.get("specials");
        SpecialTokens tokens = new SpecialTokens(
                s.get("cls").intValue(),
                s.get("sep").intValue(),
                s.get("mask").intValue(),
                0,
                0,
                root.get("separatorsInMiddle").intValue() == 2);
        PreparedExamples data = new PreparedExamples(
                new PromptPlacement(tokens, root.get("slotsPerGroup").intValue(), maxLength));
        for (JsonNode example : root.get("examples")) {
            JsonNode pair = example.get("pair");
            data.add(
                    ints(example.get("text")),
                    pair.isNull() ? null : ints(pair),
                    example.get("label").intValue());
        }
        return data;
    }

    int[][] batches() {
        JsonNode batches = root.get("batches");
        int[][] numbers = new int[batches.size()][];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = ints(batches.get(i));
        }
        return numbers;
    }

    /** The optimiser's settings; the learning rate is constant. */
    TrainingConfig training() {
        return new TrainingConfig(
                1,
                1,
                root.get("learningRate").doubleValue(),
                root.get("weightDecay").doubleValue(),
                0,
                root.get("maxGradNorm").isNull() ? 0 : root.get("maxGradNorm").doubleValue(),
                0,
                root.get("seed").longValue());
    }

    double informationWeight() {
        return root.get("informationWeight").doubleValue();
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue();
        }
        return values;
    }
}
