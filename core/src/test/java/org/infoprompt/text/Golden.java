package org.infoprompt.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads what make_tokenizer_golden.py wrote. */
final class Golden {
    static final JsonMapper JSON = new JsonMapper();

    private Golden() {}

    private static InputStream open(String name) throws IOException {
        InputStream in = Golden.class.getResourceAsStream(name);
        return new GZIPInputStream(Objects.requireNonNull(in, name));
    }

    static List<JsonNode> lines(String name) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(open(name), StandardCharsets.US_ASCII))) {
            return in.lines().map(JSON::readTree).toList();
        }
    }

    static List<String> texts() throws IOException {
        return lines("golden-texts.jsonl.gz").stream()
                .map(JsonNode::stringValue)
                .toList();
    }

    /** Returns one of the base tokenizer.json files: minilm, cased or bytes. */
    static ObjectNode base(String name) throws IOException {
        try (InputStream in = open(name + "-tokenizer.json.gz")) {
            return (ObjectNode) JSON.readTree(in);
        }
    }

    static Tokenizer tokenizer(String name) throws IOException {
        return tokenizer(base(name));
    }

    static Tokenizer tokenizer(JsonNode json) throws IOException {
        return Tokenizers.fromTokenizerJson("test", JSON.writeValueAsBytes(json));
    }

    /** Replaces members of the base, those of the model one by one. */
    static ObjectNode patched(ObjectNode base, JsonNode patch) {
        for (var entry : patch.properties()) {
            if (entry.getKey().equals("model")) {
                ((ObjectNode) base.get("model")).setAll((ObjectNode) entry.getValue());
            } else {
                base.set(entry.getKey(), entry.getValue());
            }
        }
        return base;
    }

    static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue();
        }
        return values;
    }
}
