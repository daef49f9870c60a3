package org.infoprompt.bench.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.infoprompt.bench.Options;
import org.infoprompt.bench.PeerLoop;
import org.infoprompt.hub.ProgressListener;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.PromptSession;
import org.infoprompt.text.Encoding;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * This library's side of the comparison of serving: embeds sentences one at a time, the mean over the last hidden states, from the
 * text on. Says first what it is and the token ids of its texts, so that others compute the same; then see {@link Embeddings}. The
 * precision is that of {@code -Dinfoprompt.precision}.
 */
public final class ServingPeer {
    private static final int MOST_TOKENS = 128;

    private ServingPeer() {}

    /**
     * Runs the peer.
     *
     * @param arguments {@code --model REFERENCE --checkpoint DIR --texts FILE --threads N --shortest N --longest N}; the checkpoint
     *     is made if there is none
     * @throws IOException if a file cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Options options = new Options(arguments);
        Backend backend = Backends.active();
        String reference = options.text("model", "minilm");
        Path checkpoint = options.path("checkpoint");
        if (!Files.exists(checkpoint)) {
            MeanModel.save(reference, checkpoint);
        }
        try (LoadedBackbone backbone = LoadedBackbone.open(reference, backend, false, ProgressListener.none());
                PromptModel model = PromptModel.load(checkpoint, backbone);
                PromptSession session = model.openSession(options.number("threads", 1))) {
            List<String> texts = new ArrayList<>();
            ObjectNode about = PeerLoop.about(backend);
            ArrayNode ids = about.putArray("ids");
            for (String line : Files.readAllLines(options.path("texts"))) {
                String text = line.split("\t", 2)[0];
                Encoding encoding = backbone.tokenizer().encode(text, null, MOST_TOKENS);
                if (!text.isBlank()
                        && encoding.length() >= options.number("shortest", 24)
                        && encoding.length() <= options.number("longest", 40)) {
                    texts.add(text);
                    ArrayNode one = ids.addArray();
                    for (int id : encoding.ids()) {
                        one.add(id);
                    }
                }
            }
            if (texts.isEmpty()) {
                throw new IllegalArgumentException("no text is as long as asked for");
            }
            about.put("warmUpMillis", session.warmUp().toMillis());
            Embeddings embeddings = new Embeddings(
                    (text, embedding) -> session.embed(texts.get(text), embedding),
                    texts.size(),
                    session.embeddingSize());
            PeerLoop.run(about, embeddings::answer);
        }
    }
}
