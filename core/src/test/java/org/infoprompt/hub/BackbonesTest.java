package org.infoprompt.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import org.infoprompt.io.InputException;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.weights.EncoderConfig;
import org.infoprompt.weights.EncoderTensors;
import org.infoprompt.weights.ModelFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The real encoders. The default one is fetched if it can be; the others are only looked at where they have been fetched
 * before, or with {@code -Dinfoprompt.test.download=true}.
 */
class BackbonesTest {
    @TempDir
    Path cache;

    @Test
    void idsAreDistinctAndTheFirstIsTheDefault() {
        assertThat(Backbones.known().getFirst().id()).isEqualTo(Backbones.DEFAULT_ID);
        assertThat(Backbones.known()).extracting(Backbone::id).doesNotHaveDuplicates();
        assertThat(Backbones.find("none")).isEmpty();
    }

    /** The numbers were read from the same files with Python's onnx package and transposed to [out,in]. */
    @ParameterizedTest
    @CsvSource({
        "minilm, 6, -0.01761939749121666, -0.1486196219921112, 0.043580375611782074, -0.08523893356323242,"
                + " 0.04886787757277489, 0.009879817254841328, 0.0012321292888373137",
        "bge-small, 12, -0.025146484375, -0.24365234375, 0.06158447265625, -0.027801513671875,"
                + " -0.002460479736328125, 0.0038604736328125, -0.005039215087890625",
        "e5-small, 12, -0.0020961761474609375, -0.1864013671875, 0.07391357421875, -0.06787109375,"
                + " 0.01103973388671875, -0.0008835792541503906, -0.026092529296875",
    })
    void opensWithTheNumbersOfTheFileAndThenOffline(
            String id,
            int layers,
            float cls0,
            float query00,
            float query01,
            float queryLast,
            float feedForward01,
            float output01,
            float outputLast)
            throws IOException {
        String sha256;
        try (ModelHub hub = new ModelHub(ResolverConfig.fromEnvironment(), cache);
                ModelFiles model = openOrSkip(hub, Backbones.find(id).orElseThrow())) {
            EncoderConfig config = model.config();
            assertThat(config)
                    .isEqualTo(new EncoderConfig(
                            EncoderConfig.Family.BERT,
                            30522,
                            384,
                            layers,
                            12,
                            1536,
                            512,
                            0,
                            2,
                            1e-12,
                            EncoderConfig.Activation.GELU_ERF,
                            0));
            for (Map.Entry<String, Shape> entry :
                    EncoderTensors.expected(config).entrySet()) {
                assertThat(model.weights().tensor(entry.getKey()).shape()).isEqualTo(entry.getValue());
            }
            String last = "encoder.layer." + (layers - 1) + ".";
            assertThat(at(model, "embeddings.word_embeddings.weight", 101 * 384L))
                    .isEqualTo(cls0);
            assertThat(at(model, "encoder.layer.0.attention.self.query.weight", 0))
                    .isEqualTo(query00);
            assertThat(at(model, "encoder.layer.0.attention.self.query.weight", 1))
                    .isEqualTo(query01);
            assertThat(at(model, "encoder.layer.0.attention.self.query.weight", -1))
                    .isEqualTo(queryLast);
            assertThat(at(model, last + "intermediate.dense.weight", 1)).isEqualTo(feedForward01);
            assertThat(at(model, last + "output.dense.weight", 1)).isEqualTo(output01);
            assertThat(at(model, last + "output.dense.weight", -1)).isEqualTo(outputLast);
            assertThat(model.tokenizerFolder().resolve("tokenizer.json")).isNotEmptyFile();
            sha256 = model.sha256();
        }
        ResolverConfig online = ResolverConfig.fromEnvironment();
        ResolverConfig offline = new ResolverConfig(
                online.userSettings(), online.globalSettings(), online.localRepository(), true, online.properties());
        try (ModelHub hub = new ModelHub(offline, cache);
                ModelFiles model = hub.open(id, ProgressListener.none())) {
            assertThat(model.sha256()).isEqualTo(sha256);
        }
    }

    private static ModelFiles openOrSkip(ModelHub hub, Backbone backbone) throws IOException {
        boolean wanted = backbone.id().equals(Backbones.DEFAULT_ID)
                || Boolean.getBoolean("infoprompt.test.download")
                || hub.cached(backbone).isPresent();
        assumeTrue(wanted, () -> backbone.id() + " was never fetched (-Dinfoprompt.test.download=true fetches it)");
        try {
            return hub.open(backbone.id(), ProgressListener.none());
        } catch (InputException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("no repository can be reached") || message.contains("Maven is offline")) {
                return abort(message);
            }
            throw e;
        }
    }

    /** Returns an element by its flat index; negative ones count from the end. */
    private static float at(ModelFiles model, String name, long index) throws IOException {
        Tensor tensor = model.weights().tensor(name);
        return tensor.segment()
                .getAtIndex(
                        ValueLayout.JAVA_FLOAT,
                        index < 0 ? index + tensor.shape().numElements() : index);
    }
}
