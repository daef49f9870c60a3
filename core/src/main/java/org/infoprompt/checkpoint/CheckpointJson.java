package org.infoprompt.checkpoint;

import java.nio.file.Path;
import org.infoprompt.metric.Metric;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptKind;
import org.infoprompt.train.TrainingConfig;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns {@link CheckpointInfo} into JSON and back. */
final class CheckpointJson {
    static final String FORMAT = "infoprompt-checkpoint";
    static final int VERSION = 1;

    private static final JsonMapper MAPPER = new JsonMapper();

    private CheckpointJson() {}

    static String print(ObjectNode root) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    static ObjectNode write(CheckpointInfo info) {
        ObjectNode root = MAPPER.createObjectNode();
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
        backbone.put("hiddenSize", info.hiddenSize());
        ObjectNode prompt = root.putObject("prompt");
        prompt.put("kind", info.prompt().kind().id());
        prompt.put("slotsPerGroup", info.prompt().slotsPerGroup());
        prompt.put("generatorSize", info.prompt().generatorSize());
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
        root.put("epoch", info.epoch());
        putNumber(root, "devScore", info.devScore());
        root.put("dataSha256", info.dataSha256());
        return root;
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
        if (!root.text("format").equals(FORMAT) || root.integer("version") != VERSION) {
            throw new CheckpointException(
                    file.toString(),
                    "",
                    "is format " + root.text("format") + " version " + root.integer("version") + ", not " + FORMAT
                            + " version " + VERSION,
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
                    backbone.integer("hiddenSize"),
                    new PromptConfig(
                            p.constant("kind", PromptKind.class),
                            p.integer("slotsPerGroup"),
                            p.integer("generatorSize")),
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
