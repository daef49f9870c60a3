package org.infoprompt.serve.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.infoprompt.serve.PromptEmbedding;
import org.infoprompt.serve.PromptRegistry;
import org.infoprompt.serve.PromptReply;
import org.infoprompt.serve.PromptRequest;
import org.infoprompt.serve.PromptServer;
import org.infoprompt.serve.ServingException;
import org.infoprompt.session.Prediction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The operations of the front, described in {@code openapi.json}; knows JSON, but nothing of connections. */
final class PredictApi {
    private static final Set<String> KEYS = Set.of("prompt", "text", "pair", "texts", "tenant", "timeoutMillis");

    private static final JsonMapper READER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(8).build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final PromptServer server;
    private final HttpOptions options;

    PredictApi(PromptServer server, HttpOptions options) {
        this.server = server;
        this.options = options;
    }

    /** What a request's body says. */
    private record Ask(
            String prompt,
            List<String> texts,
            boolean many,
            @Nullable String pair,
            String tenant,
            Duration timeout) {
        List<PromptRequest> requests() {
            return texts.stream()
                    .map(text -> new PromptRequest(prompt, text, pair, tenant, timeout))
                    .toList();
        }
    }

    Answer health() {
        if (server.isClosed()) {
            return Answer.problem(503, "CLOSED", "the server is closed");
        }
        ObjectNode root = Answer.MAPPER.createObjectNode();
        root.put("status", "up");
        root.put("prompts", server.registry().size());
        root.put("waiting", server.queuedCalls());
        return Answer.json(root);
    }

    Answer get(String method, String path) throws HttpProblem {
        if (!method.equals("GET")) {
            throw new HttpProblem(405, "METHOD", method + " is not supported");
        }
        return switch (path) {
            case "/metrics" -> Answer.text("text/plain; version=0.0.4", PrometheusText.of(server));
            case "/openapi.json" -> Answer.text("application/json", description());
            case "/v1/prompts" -> prompts();
            case "/v1/predict", "/v1/embed" -> throw new HttpProblem(405, "METHOD", "use POST");
            default -> throw new HttpProblem(404, "PATH", "there is no " + path + "; see /openapi.json");
        };
    }

    private static String description() {
        try (InputStream in = PredictApi.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer prompts() {
        ObjectNode root = Answer.MAPPER.createObjectNode();
        ArrayNode all = root.putArray("prompts");
        for (String name : server.registry().names()) {
            PromptRegistry.PromptInfo info = server.registry().info(name);
            if (info != null) {
                ObjectNode node = all.addObject();
                node.put("name", name);
                node.put("version", info.version());
                node.put("loaded", info.loaded());
                node.put("bytes", info.bytes());
                info.labels().forEach(node.putArray("labels")::add);
            }
        }
        return Answer.json(root);
    }

    Answer post(String path, byte[] body) throws HttpProblem, ServingException, InterruptedException {
        return switch (path) {
            case "/v1/predict" -> predict(read(body));
            case "/v1/embed" -> embed(read(body));
            default -> throw new HttpProblem(404, "PATH", "there is no POST " + path + "; see /openapi.json");
        };
    }

    private Ask read(byte[] body) throws HttpProblem {
        JsonNode root;
        try {
            root = READER.readTree(body);
        } catch (JacksonException e) {
            throw bad("the body is not valid JSON: " + e.getOriginalMessage());
        }
        if (root == null || !root.isObject()) {
            throw bad("the body is not a JSON object");
        }
        for (String key : root.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw bad("unknown key '" + key + "'");
            }
        }
        JsonNode texts = root.get("texts");
        List<String> all = new ArrayList<>();
        if (texts == null) {
            all.add(need(root, "text"));
        } else {
            if (!texts.isArray() || texts.isEmpty() || root.has("text") || root.has("pair")) {
                throw bad("texts must be a list of at least one text, without text and pair beside it");
            }
            for (JsonNode text : texts) {
                if (!text.isString()) {
                    throw bad("texts must hold nothing but texts");
                }
                all.add(text.stringValue());
            }
            if (all.size() > options.maxTexts()) {
                throw bad("at most " + options.maxTexts() + " texts at once");
            }
        }
        String tenant = root.has("tenant") ? need(root, "tenant") : "";
        String pair = root.has("pair") ? need(root, "pair") : null;
        return new Ask(need(root, "prompt"), all, texts != null, pair, tenant, timeout(root));
    }

    private Duration timeout(JsonNode root) throws HttpProblem {
        JsonNode node = root.get("timeoutMillis");
        if (node == null) {
            return options.timeout();
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1) {
            throw bad("timeoutMillis must be a positive integer");
        }
        Duration asked = Duration.ofMillis(node.intValue());
        return asked.compareTo(options.timeout()) < 0 ? asked : options.timeout();
    }

    private static String need(JsonNode root, String key) throws HttpProblem {
        JsonNode node = root.get(key);
        if (node == null || !node.isString()) {
            throw bad(key + (node == null ? " is missing" : " is not a text"));
        }
        return node.stringValue();
    }

    private static HttpProblem bad(String message) {
        return new HttpProblem(400, "BAD_REQUEST", message);
    }

    private Answer predict(Ask ask) throws ServingException, InterruptedException {
        if (!ask.many()) {
            return Answer.json(node(server.ask(ask.requests().getFirst())));
        }
        ObjectNode root = Answer.MAPPER.createObjectNode();
        ArrayNode all = root.putArray("predictions");
        for (PromptReply reply : server.askAll(ask.requests())) {
            all.add(node(reply));
        }
        return Answer.json(root);
    }

    private static ObjectNode node(PromptReply reply) {
        Prediction prediction = reply.prediction();
        ObjectNode node = Answer.MAPPER.createObjectNode();
        node.put("label", prediction.label());
        if (prediction.probabilities().isEmpty()) {
            node.put("value", prediction.value());
        } else {
            node.put("index", prediction.index());
            prediction.probabilities().forEach(node.putArray("probabilities")::add);
        }
        node.put("prompt", reply.prompt());
        node.put("version", reply.version());
        node.put("waitedMicros", reply.waited().toNanos() / 1000);
        node.put("tookMicros", reply.took().toNanos() / 1000);
        return node;
    }

    private Answer embed(Ask ask) throws HttpProblem, ServingException, InterruptedException {
        if (ask.pair() != null) {
            throw bad("an embedding is of single texts");
        }
        ObjectNode root = Answer.MAPPER.createObjectNode();
        ArrayNode all = root.putArray("embeddings");
        long version = 0;
        for (PromptEmbedding embedding : server.embedAll(ask.requests())) {
            ArrayNode one = all.addArray();
            for (float value : embedding.state()) {
                one.add(value);
            }
            version = embedding.version();
        }
        root.put("version", version);
        return Answer.json(root);
    }
}
