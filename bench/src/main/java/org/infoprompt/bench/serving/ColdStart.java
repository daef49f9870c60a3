package org.infoprompt.bench.serving;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.Arrays;
import org.infoprompt.bench.Options;
import org.infoprompt.hub.ProgressListener;
import org.infoprompt.ops.Backends;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.PromptSession;

/**
 * One embedding from a standing start: loads the model, embeds a text once, prints the start of its embedding, and ends. Ours starts
 * from the text and reads its tokenizer, ONNX Runtime from token ids.
 */
public final class ColdStart {
    private ColdStart() {}

    /**
     * Runs one side.
     *
     * @param arguments {@code --model REFERENCE --checkpoint DIR --text TEXT}, or {@code --onnx FILE --ids 1,2,3 --width N}
     * @throws IOException if a file cannot be read
     * @throws OrtException if ONNX Runtime fails
     */
    public static void main(String[] arguments) throws IOException, OrtException {
        Options options = new Options(arguments);
        float[] embedding = options.has("onnx") ? onnx(options) : ours(options);
        System.out.println("{\"kind\": \"cold\", \"start\": " + Arrays.toString(Arrays.copyOf(embedding, 4)) + "}");
    }

    private static float[] ours(Options options) throws IOException {
        try (LoadedBackbone backbone = LoadedBackbone.open(
                        options.text("model", "minilm"), Backends.active(), false, ProgressListener.none());
                PromptModel model = PromptModel.load(options.path("checkpoint"), backbone);
                PromptSession session = model.openSession()) {
            return session.embed(options.text("text", "a text"));
        }
    }

    private static float[] onnx(Options options) throws OrtException {
        String[] parts = options.text("ids", "").split(",", -1);
        long[] ids = new long[parts.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Long.parseLong(parts[i]);
        }
        float[] mean = new float[options.number("width", 384)];
        try (OnnxEncoder encoder = new OnnxEncoder(options.path("onnx"), 1)) {
            encoder.embed(ids, mean);
        }
        return mean;
    }
}
