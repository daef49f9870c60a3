package org.infoprompt.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.weights.SafetensorsFile;

/**
 * Trained parameters in a folder: {@code checkpoint.json} and {@code parameters-*.safetensors}. Tensor names are those of {@link
 * org.infoprompt.objective.ParameterLayout}.
 */
public final class Checkpoint {
    /** Name of the JSON file. */
    public static final String FILE = "checkpoint.json";

    private Checkpoint() {}

    /**
     * Saves parameters, replacing what the folder held in one step.
     *
     * @param folder made if missing
     * @param info what they are
     * @param parameters the trained tensors
     * @throws IOException if the folder cannot be written; it then holds what it held
     */
    public static void save(Path folder, CheckpointInfo info, ParameterSet parameters) throws IOException {
        String version = Long.toHexString(System.nanoTime());
        TensorFiles.save(folder.resolve(FILE), "parameters", version, CheckpointJson.write(info), parameters.tensors());
    }

    /**
     * Reads what a folder's checkpoint says about itself.
     *
     * @param folder holds {@code checkpoint.json}
     * @return what it says
     * @throws IOException if it is missing or damaged
     */
    public static CheckpointInfo info(Path folder) throws IOException {
        Path json = folder.resolve(FILE);
        return CheckpointJson.read(JsonFields.read(json, "checkpoint"), json);
    }

    /**
     * Reads a folder's parameters, to be used and not trained further.
     *
     * @param folder holds {@code checkpoint.json}
     * @param dtype element type of the backend they are for
     * @return the parameters, to be closed by the caller
     * @throws IOException if they are missing, damaged or of other shapes
     */
    public static ParameterSet parameters(Path folder, DType dtype) throws IOException {
        Path json = folder.resolve(FILE);
        JsonFields root = JsonFields.read(json, "checkpoint");
        CheckpointInfo info = CheckpointJson.read(root, json);
        ParameterSet parameters = ParameterSet.forInference(dtype, info.layout().shapes());
        try (SafetensorsFile file = TensorFiles.open(json, root)) {
            for (Map.Entry<String, Shape> entry : parameters.shapes().entrySet()) {
                parameters.load(entry.getKey(), need(file, entry.getKey(), entry.getValue()));
            }
            return parameters;
        } catch (IOException | RuntimeException e) {
            parameters.close();
            throw e;
        }
    }

    static Tensor need(SafetensorsFile file, String name, Shape shape) throws IOException {
        if (!file.contains(name)) {
            throw new CheckpointException(file.name(), "tensor " + name, "is missing", "restore the file");
        }
        Tensor tensor = file.tensor(name);
        if (!tensor.shape().equals(shape)) {
            throw new CheckpointException(
                    file.name(),
                    "tensor " + name,
                    "has shape " + tensor.shape() + ", not " + shape,
                    "restore the file");
        }
        return tensor;
    }
}
