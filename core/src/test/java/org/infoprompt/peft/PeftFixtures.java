package org.infoprompt.peft;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.infoprompt.data.Example;
import org.infoprompt.ops.Backend;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.weights.ModelFiles;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tiny encoders and the adapters that PEFT made over them (make_peft_fixtures.py). */
final class PeftFixtures {
    /** What PEFT computed for a set of texts. */
    record Cases(List<Example> examples, List<int[]> inputIds, List<Integer> taskIds, JsonNode logits) {
        double[] expected(String adapter, int text) {
            JsonNode row = logits.get(adapter).get(text);
            double[] values = new double[row.size()];
            for (int k = 0; k < values.length; k++) {
                values[k] = row.get(k).doubleValue();
            }
            return values;
        }
    }

    private PeftFixtures() {}

    static Path folder(String name) {
        try {
            return Path.of(Objects.requireNonNull(PeftFixtures.class.getResource("/fixtures/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path adapter(String encoder, String kind) {
        return folder("peft/" + encoder + "/" + kind);
    }

    static LoadedBackbone backbone(String encoder, Backend backend) throws IOException {
        Path model = folder("encoder/" + encoder);
        return LoadedBackbone.load(model.toString(), ModelFiles.openFolder(model), backend, false);
    }

    static Cases cases(String encoder) {
        JsonNode root = new JsonMapper()
                .readTree(folder("peft/" + encoder).resolve("cases.json").toFile());
        List<Example> examples = new ArrayList<>();
        List<int[]> inputIds = new ArrayList<>();
        List<Integer> taskIds = new ArrayList<>();
        for (int i = 0; i < root.get("texts").size(); i++) {
            JsonNode text = root.get("texts").get(i);
            JsonNode pair = text.get("pair");
            examples.add(new Example(
                    "text " + i,
                    text.get("text").stringValue(),
                    pair.isNull() ? null : pair.stringValue(),
                    Example.UNKNOWN));
            JsonNode ids = root.get("inputIds").get(i);
            int[] row = new int[ids.size()];
            for (int t = 0; t < row.length; t++) {
                row[t] = ids.get(t).intValue();
            }
            inputIds.add(row);
            taskIds.add(root.get("taskIds").get(i).intValue());
        }
        return new Cases(examples, inputIds, taskIds, root.get("logits"));
    }

    /** Copies an adapter, so that a test can damage it. */
    static Path copy(Path adapter, Path target) throws IOException {
        Files.createDirectories(target);
        for (String name : List.of(AdapterConfig.FILE, AdapterFiles.WEIGHTS)) {
            Files.copy(adapter.resolve(name), target.resolve(name));
        }
        return target;
    }
}
