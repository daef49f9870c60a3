package org.infoprompt.bench.gpu;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.infoprompt.InfoPromptConfig;
import org.infoprompt.prompt.infoprompt.PromptKind;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.text.SpecialTokens;
import org.infoprompt.train.PreparedExamples;
import org.infoprompt.train.TrainingConfig;
import org.infoprompt.weights.SafetensorsWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is trained: random texts whose class shows in their words, initial parameters and settings; the same for every backend and, as
 * a data folder of {@code bench/python/README.md}, for PyTorch.
 */
final class StepData {
    static final int BATCHES = 4;
    static final int SEED = 5;

    private static final int CLASSES = 4;
    private static final int SLOTS_PER_GROUP = 1;
    private static final int LATENT = 32;
    private static final int FIRST_WORD = 5;
    private static final double GAMMA = .1;
    private static final double BETA = .2;
    private static final double KL_WEIGHT = .1;
    private static final double RATE = 5e-3;
    private static final double WEIGHT_DECAY = 0.01;
    private static final double MAX_GRAD_NORM = 1;
    private static final SpecialTokens SPECIALS = new SpecialTokens(2, 3, 4, 0, 1, false);

    private final Sizes sizes;
    private final int[][] texts;
    private final InfoPromptConfig prompt = new InfoPromptConfig(PromptKind.INSTANCE, SLOTS_PER_GROUP, LATENT);
    private final ObjectiveConfig objective =
            new ObjectiveConfig(Classification.BOTTLENECK, LATENT, GAMMA, BETA, KL_WEIGHT, 0, 4, false);

    /**
     * Draws texts.
     *
     * @param sizes of the data
     * @param ragged whether texts have from half to all of the words, or all of them
     */
    StepData(Sizes sizes, boolean ragged) {
        this.sizes = sizes;
        Random random = new Random(17);
        int span = (sizes.vocabulary() - FIRST_WORD) / CLASSES;
        texts = new int[BATCHES * sizes.batch()][];
        for (int i = 0; i < texts.length; i++) {
            int missing = ragged ? random.nextInt(sizes.textLength() / 2 + 1) : 0;
            int[] words = new int[Math.max(1, sizes.textLength() - missing)];
            for (int w = 0; w < words.length; w++) {
                // Half of the words are the class's own.
                words[w] = random.nextBoolean()
                        ? FIRST_WORD + i % CLASSES * span + random.nextInt(span)
                        : FIRST_WORD + random.nextInt(CLASSES * span);
            }
            texts[i] = words;
        }
    }

    ParameterLayout layout(BackboneShape backbone) {
        return new ParameterLayout(prompt, objective, backbone, CLASSES);
    }

    PreparedExamples examples() {
        int room = sizes.textLength() + 4 * SLOTS_PER_GROUP + 8;
        PreparedExamples examples =
                new PreparedExamples(new PromptPlacement(SPECIALS, prompt.layout(), prompt.reading(), room));
        for (int i = 0; i < texts.length; i++) {
            examples.add(texts[i], null, i % CLASSES);
        }
        return examples;
    }

    /** {@return the examples of a step's batch} */
    int[] batch(int step) {
        int[] batch = new int[sizes.batch()];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = step % BATCHES * sizes.batch() + i;
        }
        return batch;
    }

    TrainingConfig training() {
        return new TrainingConfig(1, sizes.batch(), RATE, WEIGHT_DECAY, 0, MAX_GRAD_NORM, 0, SEED);
    }

    /** {@return the initial parameters in float32, each in the order of its elements} */
    static SequencedMap<String, float[]> initial(ParameterLayout layout) {
        Random random = new Random(4);
        SequencedMap<String, float[]> all = new LinkedHashMap<>();
        for (Map.Entry<String, Shape> entry : layout.shapes().entrySet()) {
            Shape shape = entry.getValue();
            double scale = shape.rank() == 2 ? 1 / Math.sqrt((double) shape.size(1)) : 0.01;
            float[] values = new float[Math.toIntExact(shape.numElements())];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (scale * random.nextGaussian());
            }
            all.put(entry.getKey(), values);
        }
        return all;
    }

    /** Writes the data folder of a model of this width. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        ParameterLayout layout = layout(new BackboneShape(sizes.hidden(), 0, 0));
        JsonMapper mapper = JsonMapper.builder().build();
        Files.writeString(folder.resolve("inputs.json"), mapper.writeValueAsString(inputs(mapper)));
        try (Arena arena = Arena.ofConfined()) {
            SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
            for (Map.Entry<String, float[]> entry : initial(layout).entrySet()) {
                MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_FLOAT, entry.getValue());
                tensors.put(
                        entry.getKey(),
                        new Tensor(copy, DType.F32, layout.shapes().get(entry.getKey())));
            }
            SafetensorsWriter.write(folder.resolve("parameters.safetensors"), Map.of(), tensors);
        }
    }

    private ObjectNode inputs(JsonMapper mapper) {
        ObjectNode root = mapper.createObjectNode();
        root.put("strategy", "instance").put("classification", "bottleneck");
        root.put("slotsPerGroup", SLOTS_PER_GROUP)
                .put("hiddenSize", sizes.hidden())
                .put("latentSize", LATENT);
        root.put("numClasses", CLASSES).put("gamma", GAMMA).put("beta", BETA).put("klWeight", KL_WEIGHT);
        root.put("informationWeight", 1.0).putNull("logProbFloor");
        root.put("learningRate", RATE).put("weightDecay", WEIGHT_DECAY);
        root.putNull("warmupSteps").putNull("totalSteps").put("maxGradNorm", MAX_GRAD_NORM);
        root.put("seed", SEED).put("threads", Runtime.getRuntime().availableProcessors());
        root.putObject("specials")
                .put("cls", SPECIALS.cls())
                .put("sep", SPECIALS.sep())
                .put("mask", SPECIALS.mask());
        root.put("separatorsInMiddle", 1).put("hasTypes", true);
        ArrayNode examples = root.putArray("examples");
        for (int i = 0; i < texts.length; i++) {
            ObjectNode example = examples.addObject();
            addAll(example.putArray("text"), texts[i]);
            example.putNull("pair").put("label", i % CLASSES);
        }
        ArrayNode batches = root.putArray("batches");
        for (int b = 0; b < BATCHES; b++) {
            addAll(batches.addArray(), batch(b));
        }
        return root;
    }

    private static void addAll(ArrayNode array, int[] values) {
        for (int value : values) {
            array.add(value);
        }
    }
}
