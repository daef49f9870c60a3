package org.infoprompt.bench.serving;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.infoprompt.bench.Options;
import org.infoprompt.bench.PeerLoop;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * ONNX Runtime's side of the comparison of serving. The first command is {@code {"ids": [[...], ...]}}, the texts; then see {@link
 * Embeddings}.
 */
public final class OnnxPeer implements AutoCloseable {
    private static final int WARMING_CALLS = 300;

    private final OnnxEncoder encoder;
    private final List<long[]> texts = new ArrayList<>();
    private Embeddings embeddings = new Embeddings((text, embedding) -> {}, 0, 0);

    private OnnxPeer(OnnxEncoder encoder) {
        this.encoder = encoder;
    }

    /**
     * Runs the peer.
     *
     * @param arguments {@code --onnx FILE --threads N}
     * @throws IOException if the input cannot be read
     * @throws OrtException if ONNX Runtime fails
     */
    public static void main(String[] arguments) throws IOException, OrtException {
        Options options = new Options(arguments);
        try (OnnxPeer peer = new OnnxPeer(new OnnxEncoder(options.path("onnx"), options.number("threads", 1)))) {
            ObjectNode about = PeerLoop.answer("run")
                    .put("onnxruntime", OrtEnvironment.getEnvironment().getVersion());
            PeerLoop.run(about, peer::answer);
        }
    }

    private ObjectNode answer(JsonNode command) throws IOException {
        JsonNode ids = command.get("ids");
        if (ids == null) {
            return embeddings.answer(command);
        }
        texts.clear();
        for (JsonNode text : ids) {
            long[] values = new long[text.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = text.get(i).longValue();
            }
            texts.add(values);
        }
        float[] mean = new float[command.get("width").intValue()];
        embeddings = new Embeddings(this::embed, texts.size(), mean.length);
        for (int i = 0; i < WARMING_CALLS; i++) {
            embed(i % texts.size(), mean);
        }
        return PeerLoop.answer("loaded");
    }

    private void embed(int text, float[] mean) throws IOException {
        try {
            encoder.embed(texts.get(text), mean);
        } catch (OrtException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws OrtException {
        encoder.close();
    }
}
