package org.infoprompt.bench.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** An exported encoder in ONNX Runtime, called as its documentation does: tensors made for each call, results closed after it. */
final class OnnxEncoder implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    OnnxEncoder(Path model, int threads) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            session = environment.createSession(model.toString(), options);
        }
    }

    /** Writes the mean over all rows of the last hidden states of one text. */
    void embed(long[] ids, float[] mean) throws OrtException {
        long[] shape = {1, ids.length};
        long[] types = new long[ids.length];
        long[] mask = new long[ids.length];
        Arrays.fill(mask, 1);
        int width = mean.length;
        try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
                OnnxTensor typeTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(types), shape);
                OnnxTensor maskTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
                OrtSession.Result result = session.run(
                        Map.of("input_ids", idTensor, "token_type_ids", typeTensor, "attention_mask", maskTensor))) {
            FloatBuffer states = ((OnnxTensor) result.get(0)).getFloatBuffer();
            for (int j = 0; j < width; j++) {
                double sum = 0;
                for (int r = 0; r < ids.length; r++) {
                    sum += states.get(r * width + j);
                }
                mean[j] = (float) (sum / ids.length);
            }
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
