package org.infoprompt.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.train.EpochReport;
import org.infoprompt.train.TrainingState;
import org.infoprompt.weights.SafetensorsFile;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run's state after an epoch, {@code resume.json} and {@code resume-*.safetensors}: parameters, both AdamW moments and the best
 * parameters so far. A run taken up from it ends with the very bits it would have ended with.
 */
public final class ResumePoint {
    /** Name of the JSON file. */
    public static final String FILE = "resume.json";

    private static final String STEM = "resume";

    private ResumePoint() {}

    /**
     * Saves a run's state in one step.
     *
     * @param folder made if missing
     * @param info what is trained and on what; compared when the run is taken up
     * @param state the run
     * @param parameters the trained tensors
     * @throws IOException if the folder cannot be written; it then holds what it held
     */
    public static void save(Path folder, CheckpointInfo info, TrainingState state, ParameterSet parameters)
            throws IOException {
        ObjectNode root = CheckpointJson.write(info);
        root.put("epochsDone", state.epochsDone());
        root.put("stepsDone", state.stepsDone());
        root.put("bestEpoch", state.bestEpoch());
        CheckpointJson.putNumber(root, "bestScore", state.bestScore());
        ArrayNode history = root.putArray("history");
        for (EpochReport report : state.history()) {
            write(history.addObject(), report);
        }
        parameters.await();
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        put(tensors, "values", parameters, parameters.values());
        put(tensors, "firstMoments", parameters, parameters.firstMoments());
        put(tensors, "secondMoments", parameters, parameters.secondMoments());
        put(tensors, "bestValues", parameters, state.bestValues());
        TensorFiles.save(folder.resolve(FILE), STEM, String.format("%06d", state.epochsDone()), root, tensors);
    }

    private static void put(
            SequencedMap<String, Tensor> tensors, String name, ParameterSet parameters, MemorySegment block) {
        tensors.put(name, new Tensor(block, parameters.dtype(), Shape.of(parameters.numElements())));
    }

    private static void write(ObjectNode node, EpochReport report) {
        node.put("epoch", report.epoch());
        node.put("steps", report.steps());
        node.put("crossEntropy", report.crossEntropy());
        node.put("head", report.head());
        node.put("representation", report.representation());
        node.put("kl", report.kl());
        node.put("total", report.total());
        CheckpointJson.putNumber(node, "trainAccuracy", report.trainAccuracy());
        CheckpointJson.putNumber(node, "devScore", report.devScore());
        node.put("learningRate", report.learningRate());
        node.put("seconds", report.seconds());
    }

    /**
     * {@return whether a folder holds a run that can be taken up}
     *
     * @param folder any folder
     */
    public static boolean exists(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    /**
     * Takes up a run: fills parameters, moments and state.
     *
     * @param folder holds {@code resume.json}
     * @param info what is about to be trained; must be what was trained
     * @param state receives the run's state
     * @param parameters receives values and moments
     * @throws IOException if it is missing, damaged, or of a different run
     */
    public static void load(Path folder, CheckpointInfo info, TrainingState state, ParameterSet parameters)
            throws IOException {
        Path json = folder.resolve(FILE);
        JsonFields root = JsonFields.read(json, "run to resume");
        CheckpointInfo saved = CheckpointJson.read(root, json);
        String difference = difference(saved, info);
        if (!difference.isEmpty()) {
            throw new CheckpointException(
                    json.toString(),
                    "",
                    "is of a different run: " + difference,
                    "use the same settings, or another --output");
        }
        List<EpochReport> history = new ArrayList<>();
        for (JsonFields h : root.objects("history")) {
            history.add(new EpochReport(
                    h.integer("epoch"),
                    h.integer("steps"),
                    h.number("crossEntropy"),
                    h.number("head"),
                    h.number("representation"),
                    h.number("kl"),
                    h.number("total"),
                    h.number("trainAccuracy"),
                    h.number("devScore"),
                    h.number("learningRate"),
                    h.number("seconds")));
        }
        parameters.await();
        try (SafetensorsFile file = TensorFiles.open(json, root)) {
            copy(file, "values", parameters, parameters.values());
            copy(file, "firstMoments", parameters, parameters.firstMoments());
            copy(file, "secondMoments", parameters, parameters.secondMoments());
            copy(file, "bestValues", parameters, state.bestValues());
        }
        state.restore(
                root.integer("epochsDone"),
                root.integer("stepsDone"),
                root.integer("bestEpoch"),
                root.number("bestScore"),
                history);
    }

    private static void copy(SafetensorsFile file, String name, ParameterSet parameters, MemorySegment target)
            throws IOException {
        Tensor tensor = Checkpoint.need(file, name, Shape.of(parameters.numElements()));
        if (tensor.dtype() != parameters.dtype()) {
            throw new CheckpointException(
                    file.name(),
                    "tensor " + name,
                    "is " + tensor.dtype() + ", the backend computes in " + parameters.dtype(),
                    "choose the backend the run was started with");
        }
        MemorySegment.copy(tensor.segment(), 0, target, 0, target.byteSize());
    }

    private static String difference(CheckpointInfo saved, CheckpointInfo now) {
        if (!saved.backboneSha256().equals(now.backboneSha256())) {
            return "backbone " + saved.backboneIdentity() + ", now " + now.backboneIdentity();
        }
        if (!saved.dataSha256().equals(now.dataSha256())) {
            return "data " + saved.task() + " has changed";
        }
        if (!saved.prompt().equals(now.prompt()) || saved.maxLength() != now.maxLength()) {
            return saved.prompt() + ", now " + now.prompt();
        }
        if (!saved.objective().equals(now.objective())) {
            return saved.objective() + ", now " + now.objective();
        }
        if (!saved.backend().equals(now.backend()) || !saved.precision().equals(now.precision())) {
            return "backend " + saved.backend() + " in " + saved.precision() + ", now " + now.backend() + " in "
                    + now.precision();
        }
        if (!saved.training().equals(now.training())) {
            return saved.training() + ", now " + now.training();
        }
        return "";
    }

    /**
     * Removes a run's state once it is finished; the checkpoint stays.
     *
     * @param folder holds {@code resume.json}
     * @throws IOException if a file cannot be deleted
     */
    public static void remove(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(FILE));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, STEM + "-*.safetensors")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }
}
