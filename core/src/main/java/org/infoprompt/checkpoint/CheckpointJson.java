package org.infoprompt.checkpoint;

import java.nio.file.Path;
import java.util.Map;
import org.infoprompt.metric.Metric;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptMethod;
import org.infoprompt.prompt.PromptMethods;
import org.infoprompt.prompt.infoprompt.InfoPromptConfig;
import org.infoprompt.prompt.infoprompt.InfoPromptMethod;
import org.infoprompt.prompt.infoprompt.PromptKind;
import org.infoprompt.prompt.infoprompt.Representation;
import org.infoprompt.train.TrainingConfig;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns {@link CheckpointInfo} into JSON and back. Version 1 knew InfoPrompt's prompts alone, which it wrote as {@code kind},
 * {@code slotsPerGroup} and {@code generatorSize}; it is still read. Version 2 names a prompt method and its options.
 * Version 3 says what InfoPrompt reads; until then it was the mask.
 */
final class CheckpointJson {
    static final String FORMAT = "infoprompt-checkpoint";
    static final int VERSION = 3;

    /** Only writing needs a mapper, which takes long to start. */
    private static final class Writing {
        static final JsonMapper MAPPER = new JsonMapper();
    }

    private CheckpointJson() {}

    static String print(ObjectNode root) {
        return Writing.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    static ObjectNode write(CheckpointInfo info) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("format", FORMAT);
        root.put("version", VERSION);
        root.put("recipe", info.recipeName());
        root.put("task", info.task());
        root.put("metric", info.metric().name());
        ArrayNode labels = root.putArray("labels");
        info.labels().forEach(labels::add);
        root.put("pair", info.pair());
        ObjectNode backbone = root.putObject("backbone");
        backbone.put("reference", info.backbone());
        backbone.put("identity", info.backboneIdentity());
        backbone.put("sha256", info.backboneSha256());
        backbone.put("tokenizerSha256", info.tokenizerSha256());
        backbone.put("hiddenSize", info.shape().hiddenSize());
        backbone.put("numLayers", info.shape().numLayers());
        backbone.put("vocabularySize", info.shape().vocabularySize());
        backbone.put("feedForwardSize", info.shape().feedForwardSize());
        ObjectNode prompt = root.putObject("prompt");
        prompt.put("method", info.prompt().method());
        ObjectNode options = prompt.putObject("options");
        info.prompt().options().forEach(options::put);
        prompt.put("maxLength", info.maxLength());
        ObjectNode objective = root.putObject("objective");
        ObjectiveConfig o = info.objective();
        objective.put("classification", o.classification().id());
        objective.put("latentSize", o.latentSize());
        objective.put("gamma", o.gamma());
        objective.put("beta", o.beta());
        objective.put("klWeight", o.klWeight());
        objective.put("decay", o.decay());
        objective.put("negativesPerRow", o.negativesPerRow());
        objective.put("referenceClamp", o.referenceClamp());
        ObjectNode training = root.putObject("training");
        TrainingConfig t = info.training();
        training.put("epochs", t.epochs());
        training.put("batchSize", t.batchSize());
        training.put("learningRate", t.learningRate());
        training.put("weightDecay", t.weightDecay());
        training.put("warmupFraction", t.warmupFraction());
        training.put("maxGradientNorm", t.maxGradientNorm());
        training.put("patience", t.patience());
        training.put("seed", t.seed());
        root.put("backend", info.backend());
        root.put("precision", info.precision());
        root.put("epoch", info.epoch());
        putNumber(root, "devScore", info.devScore());
        root.put("dataSha256", info.dataSha256());
        return root;
    }

    private static PromptConfig prompt(JsonFields p, int version, Path file) throws CheckpointException {
        String id = p.text("method");
        PromptMethod method = PromptMethods.find(id);
        if (method == null) {
            throw new CheckpointException(
                    file.toString(),
                    "prompt.method",
                    "is '" + id + "', which is not installed; there are "
                            + String.join(", ", PromptMethods.all().keySet()),
                    "put the method's module on the module path");
        }
        Map<String, String> options = p.object("options").strings();
        if (version == 2 && id.equals(InfoPromptMethod.ID)) {
            options.putIfAbsent("read", Representation.MASK.id());
        }
        return method.configure(options);
    }

    /** JSON has no NaN; null stands for it. */
    static void putNumber(ObjectNode node, String key, double value) {
        if (Double.isNaN(value)) {
            node.putNull(key);
        } else {
            node.put(key, value);
        }
    }

    static CheckpointInfo read(JsonFields root, Path file) throws CheckpointException {
        int version = root.integer("version");
        if (!root.text("format").equals(FORMAT) || version < 1 || version > VERSION) {
            throw new CheckpointException(
                    file.toString(),
                    "",
                    "is format " + root.text("format") + " version " + version + ", not " + FORMAT + " version 1 to "
                            + VERSION,
                    "use the version that wrote it");
        }
        JsonFields backbone = root.object("backbone");
        JsonFields p = root.object("prompt");
        JsonFields o = root.object("objective");
        JsonFields t = root.object("training");
        try {
            return new CheckpointInfo(
                    root.text("recipe"),
                    root.text("task"),
                    root.constant("metric", Metric.class),
                    root.texts("labels"),
                    root.bool("pair"),
                    backbone.text("reference"),
                    backbone.text("identity"),
                    backbone.text("sha256"),
                    backbone.text("tokenizerSha256"),
                    version == 1
                            ? new BackboneShape(backbone.integer("hiddenSize"), 0, 0)
                            : new BackboneShape(
                                    backbone.integer("hiddenSize"),
                                    backbone.integer("numLayers"),
                                    backbone.integer("vocabularySize"),
                                    backbone.integerOr("feedForwardSize", 0)),
                    version == 1
                            ? new InfoPromptConfig(
                                    p.constant("kind", PromptKind.class),
                                    p.integer("slotsPerGroup"),
                                    p.integer("generatorSize"))
                            : prompt(p, version, file),
                    new ObjectiveConfig(
                            o.constant("classification", Classification.class),
                            o.integer("latentSize"),
                            o.number("gamma"),
                            o.number("beta"),
                            o.number("klWeight"),
                            o.number("decay"),
                            o.integer("negativesPerRow"),
                            o.bool("referenceClamp")),
                    new TrainingConfig(
                            t.integer("epochs"),
                            t.integer("batchSize"),
                            t.number("learningRate"),
                            t.number("weightDecay"),
                            t.number("warmupFraction"),
                            t.number("maxGradientNorm"),
                            t.integer("patience"),
                            t.longInteger("seed")),
                    root.text("backend"),
                    root.text("precision"),
                    p.integer("maxLength"),
                    root.integer("epoch"),
                    root.number("devScore"),
                    root.text("dataSha256"));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(
                    file.toString(), "", String.valueOf(e.getMessage()), "restore the file or train again", e);
        }
    }
}
