package org.infoprompt.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.infoprompt.ops.Backends;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.Prediction;
import org.infoprompt.session.RandomModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two ways to hand a server to code that knows nothing of it. */
class EmbeddingExampleTest {
    @TempDir
    Path root;

    // README adapters begin
    /** A plain function from text to class, safe for all threads. */
    static Function<String, Prediction> classifier(PromptServer server, String prompt) {
        return text -> {
            try {
                return server.predict(prompt, text);
            } catch (ServingException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        };
    }

    /** The shape of LangChain4j's EmbeddingModel: many texts in, one vector for each out. */
    static final class PromptEmbeddingModel {
        private final PromptServer server;
        private final String prompt;

        PromptEmbeddingModel(PromptServer server, String prompt) {
            this.server = server;
            this.prompt = prompt;
        }

        int dimension() {
            return server.embeddingSize();
        }

        List<float[]> embedAll(List<String> texts) {
            PromptClient client = server.newClient();
            return texts.stream().map(text -> embed(client, text)).toList();
        }

        private float[] embed(PromptClient client, String text) {
            float[] vector = new float[dimension()];
            try {
                client.embed(prompt, text, vector);
                return vector;
            } catch (ServingException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
    // README adapters end

    @Test
    void adaptersAnswer() throws Exception {
        try (LoadedBackbone backbone = RandomModels.backbone("roberta", Backends.active());
                PromptRegistry registry = new PromptRegistry(backbone)) {
            registry.register("p", ServedFolders.save(backbone, "prompt-tuning-mean", 3, 1, root.resolve("p")));
            try (PromptServer server =
                    new PromptServer(registry, ServerOptions.defaults().withWorkers(2))) {
                Function<String, Prediction> classifier = classifier(server, "p");
                List<String> texts =
                        Stream.of("a", "the cat", "a good film", "rain").toList();
                List<Prediction> inParallel =
                        texts.parallelStream().map(classifier).collect(Collectors.toList());
                assertThat(inParallel).isEqualTo(texts.stream().map(classifier).toList());
                List<float[]> vectors = new PromptEmbeddingModel(server, "p").embedAll(texts);
                assertThat(vectors).hasSize(4).allMatch(vector -> vector.length == 32);
                assertThat(vectors.get(0)).isNotEqualTo(vectors.get(1));
            }
        }
    }
}
