package org.infoprompt.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.infoprompt.data.Example;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ObjectiveConfig;
import org.infoprompt.ops.Backends;
import org.infoprompt.session.ClassifierSession;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.weights.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Models of this project as PEFT adapters: what is written, that reading it back gives the same scores, and that PEFT computes them
 * (fixtures/peft-export, and live where INFOPROMPT_PYTHON names a Python with peft).
 *
 * <p>With {@code -Dinfoprompt.exports=DIR} the exports are written there: fixtures/peft-export was.
 */
class PeftExportTest {
    private static final String PYTHON = "INFOPROMPT_PYTHON";

    @TempDir
    Path work;

    static Stream<Arguments> models() {
        List<Arguments> all = new ArrayList<>();
        for (String encoder : List.of("bert", "roberta")) {
            ExportedModels.specs().keySet().forEach(name -> all.add(Arguments.of(encoder, name)));
        }
        return all.stream();
    }

    private static PeftExport export(PromptModel model, String encoder, Path folder) throws IOException {
        return PeftExport.write(model, folder, encoder);
    }

    private static PromptModel model(LoadedBackbone backbone, String name) throws IOException {
        return ExportedModels.model(
                backbone, Objects.requireNonNull(ExportedModels.specs().get(name)));
    }

    private static double[] logits(ClassifierSession session, Example example) {
        double[] logits = new double[session.labels().size()];
        session.logits(example.text(), example.pair(), logits);
        return logits;
    }

    /** What is written, that it reads back as the same model, and that PEFT's committed scores of it are ours. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("models")
    void isTheSameModelHereAndInPeft(String encoder, String name) throws IOException {
        String making = System.getProperty("infoprompt.exports");
        Path folder = (making == null ? work : Path.of(making)).resolve(encoder).resolve(name);
        try (LoadedBackbone backbone = ExportedModels.backbone(encoder, Backends.active());
                PromptModel model = model(backbone, name)) {
            PeftExport written = export(model, encoder, folder);
            assertThat(written.needsHook()).isEqualTo(name.endsWith("-cls"));
            // Written again over itself.
            assertThat(export(model, encoder, folder)).isEqualTo(written);
            try (PeftAdapter adapter = PeftAdapter.load(folder, backbone);
                    ClassifierSession ours = model.openSession();
                    ClassifierSession theirs = adapter.openSession()) {
                assertThat(adapter.type()).isEqualTo(written.type());
                assertThat(adapter.labels()).containsExactly("cat", "film", "sun");
                List<Example> examples = PeftFixtures.cases(encoder).examples();
                // Folding changes into the weights rounds them once more: 1.2e-5 was measured.
                double tolerance = written.type().changesWeights() ? 1e-4 : 1e-5;
                JsonNode peft = making != null ? null : committedScores(encoder, name);
                for (int i = 0; i < examples.size(); i++) {
                    double[] logits = logits(ours, examples.get(i));
                    assertThat(logits(theirs, examples.get(i))).containsExactly(logits, within(tolerance));
                    if (peft != null) {
                        assertThat(logits).containsExactly(doubles(peft.get(i)), within(3e-5));
                    }
                }
            }
        }
        if (making == null) {
            sameFiles(folder, PeftFixtures.folder("peft-export/" + encoder + "/" + name));
        }
    }

    private static JsonNode committedScores(String encoder, String name) {
        return new JsonMapper()
                .readTree(PeftFixtures.folder("peft-export/cases.json").toFile())
                .get(encoder)
                .get(name);
    }

    private static void sameFiles(Path folder, Path golden) throws IOException {
        for (String file : List.of("adapter_config.json", "README.md")) {
            assertThat(folder.resolve(file)).hasSameTextualContentAs(golden.resolve(file));
        }
        try (SafetensorsFile now = SafetensorsFile.open(folder.resolve(AdapterFiles.WEIGHTS));
                SafetensorsFile then = SafetensorsFile.open(golden.resolve(AdapterFiles.WEIGHTS))) {
            assertThat(now.tensorNames()).isEqualTo(then.tensorNames());
            assertThat(now.metadata()).isEqualTo(Map.of("format", "pt"));
            for (String tensor : now.tensorNames()) {
                assertThat(now.tensor(tensor).shape())
                        .isEqualTo(then.tensor(tensor).shape());
                for (long i = 0; i < now.tensor(tensor).shape().numElements(); i++) {
                    assertThat(Segments.float32(now.tensor(tensor), i))
                            .isCloseTo(Segments.float32(then.tensor(tensor), i), within(1e-5f));
                }
            }
        }
    }

    private static double[] doubles(JsonNode row) {
        double[] values = new double[row.size()];
        for (int k = 0; k < values.length; k++) {
            values[k] = row.get(k).doubleValue();
        }
        return values;
    }

    @Test
    void peftLoadsAndReproducesThem() throws Exception {
        String python = System.getProperty("infoprompt.python", System.getenv(PYTHON));
        assumeTrue(python != null, () -> PYTHON + " names no Python with peft");
        Path exports = work.resolve("exports");
        List<Arguments> models = models().toList();
        List<List<double[]>> wanted = new ArrayList<>();
        for (Arguments each : models) {
            String encoder = (String) each.get()[0];
            String name = (String) each.get()[1];
            List<double[]> rows = new ArrayList<>();
            try (LoadedBackbone backbone = ExportedModels.backbone(encoder, Backends.active());
                    PromptModel model = model(backbone, name);
                    ClassifierSession session = model.openSession()) {
                export(model, encoder, exports.resolve(encoder).resolve(name));
                for (Example example : PeftFixtures.cases(encoder).examples()) {
                    rows.add(logits(session, example));
                }
            }
            wanted.add(rows);
        }
        Path result = work.resolve("result.json");
        Path log = work.resolve("log.txt");
        Process process = new ProcessBuilder(
                        String.valueOf(python),
                        "src/test/python/check_peft_export.py",
                        PeftFixtures.folder("encoder").toString(),
                        exports.toString(),
                        result.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor()).as(() -> log + " holds Python's output").isZero();
        JsonNode scores = new JsonMapper().readTree(result.toFile());
        for (int i = 0; i < models.size(); i++) {
            JsonNode rows = scores.get((String) models.get(i).get()[0])
                    .get((String) models.get(i).get()[1]);
            for (int t = 0; t < rows.size(); t++) {
                assertThat(doubles(rows.get(t)))
                        .as("%s %s", models.get(i).get())
                        .containsExactly(wanted.get(i).get(t), within(1e-4));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "infoprompt | slots=1 | places its prompts in groups around a mask; PEFT's stand before [CLS]; train --method",
                "infoprompt | kind=instance | makes prompts for each text",
                "prompt-tuning | place=after-cls | places its prompts after [CLS]; PEFT's stand before it; train with --set",
                "prompt-tuning | read=mean | reads the mean of all words",
                "p-tuning | read=mask | reads a mask",
                "head-only | read=cls | has neither prompts nor prefixes",
                "lora | read=mean | reads the mean of all words",
            })
    void refusesWhatPeftHasNoFormFor(String method, String option, String said) throws IOException {
        String[] parts = option.split("=", 2);
        Path folder = work.resolve("export");
        try (LoadedBackbone backbone = ExportedModels.backbone("bert", Backends.active());
                PromptModel model =
                        ExportedModels.model(backbone, new ExportedModels.Spec(method, Map.of(parts[0], parts[1])))) {
            assertThatThrownBy(() -> export(model, "bert", folder))
                    .isInstanceOf(PeftException.class)
                    .hasMessageStartingWith("method " + method + ": ")
                    .hasMessageContaining(said)
                    .hasMessageContaining("; ");
            assertThat(folder).doesNotExist();
        }
    }

    @Test
    void refusesBottlenecksAndDistilBert() throws IOException {
        ExportedModels.Spec spec = new ExportedModels.Spec("prompt-tuning", Map.of("slots", "2"));
        ObjectiveConfig bottleneck = new ObjectiveConfig(Classification.BOTTLENECK, 8, 0, 0, .1, 0, 4, false);
        try (LoadedBackbone backbone = ExportedModels.backbone("bert", Backends.active());
                PromptModel model = ExportedModels.model(backbone, spec, bottleneck)) {
            assertThatThrownBy(() -> export(model, "bert", work.resolve("export")))
                    .hasMessageContaining("scores classes through a bottleneck")
                    .hasMessageContaining("--classification direct");
        }
        try (LoadedBackbone backbone = ExportedModels.backbone("distilbert", Backends.active());
                PromptModel model = ExportedModels.model(backbone, spec)) {
            assertThatThrownBy(() -> export(model, "distilbert", work.resolve("export")))
                    .hasMessageContaining("stands on DistilBERT");
        }
    }

    @Test
    void leavesOtherFoldersAlone() throws IOException {
        Files.writeString(work.resolve("notes.txt"), "mine");
        Path file = Files.writeString(work.resolve("file"), "mine");
        try (LoadedBackbone backbone = ExportedModels.backbone("bert", Backends.active());
                PromptModel model = model(backbone, "prompt-tuning-cls")) {
            assertThatThrownBy(() -> export(model, "bert", work))
                    .hasMessageContaining("which is no part of an adapter; name another --output");
            assertThatThrownBy(() -> export(model, "bert", file)).hasMessageContaining("is a file, not a folder");
        }
        assertThat(work.resolve(AdapterFiles.WEIGHTS)).doesNotExist();
    }

    @Test
    void anExportBelongsToItsBackbone() throws IOException {
        Path folder = work.resolve("export");
        try (LoadedBackbone backbone = ExportedModels.backbone("bert", Backends.active());
                PromptModel model = model(backbone, "prompt-tuning-cls")) {
            export(model, "any/name", folder);
            Path config = folder.resolve(AdapterConfig.FILE);
            String text = Files.readString(config);
            Files.writeString(config, text.replace(backbone.sha256(), "0".repeat(64)));
            assertThatThrownBy(() -> PeftAdapter.load(folder, backbone))
                    .hasMessageContaining(
                            "key infoprompt.backbone_sha256: says that the adapter was trained on any/name,"
                                    + " not on bert");
            Files.writeString(config, text.replace("\"cls\"", "\"mask\""));
            assertThatThrownBy(() -> PeftAdapter.load(folder, backbone))
                    .hasMessageContaining("key infoprompt.pooled_token: is mask, not first or cls");
        }
    }
}
