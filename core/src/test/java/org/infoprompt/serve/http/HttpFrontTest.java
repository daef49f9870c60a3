package org.infoprompt.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.infoprompt.ops.Backends;
import org.infoprompt.serve.PromptRegistry;
import org.infoprompt.serve.PromptServer;
import org.infoprompt.serve.ServerOptions;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.Prediction;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.RandomModels;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class HttpFrontTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path root;

    private LoadedBackbone backbone;
    private PromptRegistry registry;
    private PromptServer server;
    private @Nullable HttpFront front;

    private record Reply(int status, String body, Map<String, List<String>> headers) {
        JsonNode json() {
            return JSON.readTree(body);
        }
    }

    @BeforeEach
    void open() throws IOException {
        backbone = RandomModels.backbone("bert", Backends.active());
        registry = new PromptRegistry(backbone);
        try (PromptModel model = RandomModels.model(backbone, RandomModels.spec("prompt-tuning"), 3, 4)) {
            model.save(root.resolve("p"));
        }
        registry.registerAll(root);
        server = new PromptServer(registry, ServerOptions.defaults());
    }

    @AfterEach
    void close() {
        if (front != null) {
            front.close();
        }
        server.close();
        registry.close();
        backbone.close();
    }

    private void start(HttpOptions options) throws IOException {
        front = new HttpFront(server, options);
    }

    private int port() {
        return Objects.requireNonNull(front, "front").port();
    }

    private Reply get(String path, String... headers) throws IOException {
        return send("GET", path, null, headers);
    }

    private Reply post(String path, String body, String... headers) throws IOException {
        return send("POST", path, body, headers);
    }

    private Reply send(String method, String path, @Nullable String body, String... headers) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + port() + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setRequestMethod(method);
        for (int i = 0; i < headers.length; i += 2) {
            connection.setRequestProperty(headers[i], headers[i + 1]);
        }
        if (body != null) {
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
        }
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Reply(status, text, connection.getHeaderFields());
        }
    }

    @Test
    void predictsOneAndManyAndEmbeds() throws Exception {
        start(HttpOptions.loopback(0));
        Prediction expected = server.predict("p", "the cat sat — ✓");
        Reply one = post("/v1/predict", "{\"prompt\":\"p\",\"text\":\"the cat sat — ✓\",\"timeoutMillis\":5000}");
        assertThat(one.status()).isEqualTo(200);
        assertThat(one.json().get("label").stringValue()).isEqualTo(expected.label());
        assertThat(one.json().get("version").intValue()).isEqualTo(1);
        for (int k = 0; k < 3; k++) {
            assertThat(one.json().get("probabilities").get(k).doubleValue())
                    .isCloseTo(expected.probabilities().get(k), within(1e-9));
        }
        Reply many = post("/v1/predict", "{\"prompt\":\"p\",\"texts\":[\"a film\",\"the cat sat — ✓\"]}");
        assertThat(many.json().get("predictions").size()).isEqualTo(2);
        assertThat(many.json().get("predictions").get(1).get("label").stringValue())
                .isEqualTo(expected.label());
        Reply embedded = post("/v1/embed", "{\"prompt\":\"p\",\"texts\":[\"a film\",\"the cat sat — ✓\"]}");
        assertThat(embedded.json().get("version").intValue()).isEqualTo(1);
        for (int i = 0; i < 2; i++) {
            float[] state = new float[32];
            server.newClient().embed("p", i == 0 ? "a film" : "the cat sat — ✓", state);
            JsonNode given = embedded.json().get("embeddings").get(i);
            assertThat(given.size()).isEqualTo(32);
            for (int j = 0; j < 32; j++) {
                assertThat(given.get(j).floatValue()).isEqualTo(state[j]);
            }
        }
        assertThat(get("/health").json().get("status").stringValue()).isEqualTo("up");
        assertThat(get("/metrics").body())
                .contains("infoprompt_requests_total{outcome=\"answered\"} ")
                .contains("infoprompt_request_seconds{quantile=\"0.99\"} ")
                .doesNotContain("\r");
        assertThat(get("/openapi.json").json().get("openapi").stringValue()).startsWith("3.1");
        assertThat(get("/v1/prompts").json().get("prompts").get(0).get("labels").size())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/predict | {'prompt':'p' | 400 | not valid JSON",
                "/v1/predict | ['p'] | 400 | not a JSON object",
                "/v1/predict | {'prompt':'p'} | 400 | text is missing",
                "/v1/predict | {'text':'a'} | 400 | prompt is missing",
                "/v1/predict | {'prompt':'p','text':3} | 400 | text is not a text",
                "/v1/predict | {'prompt':'p','text':'a','text':'b'} | 400 | not valid JSON",
                "/v1/predict | {'prompt':'p','text':'a','pair':'b'} | 400 | single texts",
                "/v1/predict | {'prompt':'p','texts':[]} | 400 | at least one text",
                "/v1/predict | {'prompt':'p','texts':[1]} | 400 | nothing but texts",
                "/v1/predict | {'prompt':'p','text':'a','temperature':1} | 400 | unknown key 'temperature'",
                "/v1/predict | {'prompt':'p','text':'a','timeoutMillis':0} | 400 | positive integer",
                "/v1/predict | {'prompt':'q','text':'a'} | 404 | no prompt named 'q'",
                "/v1/predict | [[[[[[[[[[[[]]]]]]]]]]]] | 400 | not valid JSON",
                "/v1/nothing | {} | 404 | there is no POST /v1/nothing",
                "/v1/embed | {'prompt':'p','text':'a','pair':'b'} | 400 | single texts"
            })
    void malformedRequestsGetOneClearLine(String path, String body, int status, String problem) throws Exception {
        start(HttpOptions.loopback(0));
        Reply reply = post(path.strip(), body.strip().replace('\'', '"'));
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.json().get("error").stringValue()).contains(problem).doesNotContain("\n");
        assertThat(post("/v1/predict", "{\"prompt\":\"p\",\"text\":\"a\"}").status())
                .isEqualTo(200);
    }

    @Test
    void oversizedBodiesAreRefusedWhateverTheySay() throws Exception {
        HttpOptions small = new HttpOptions("127.0.0.1", 0, null, 1000, 2, 4, 0, Duration.ofSeconds(5));
        start(small);
        String big = "{\"prompt\":\"p\",\"text\":\"" + "x".repeat(2000) + "\"}";
        assertThat(post("/v1/predict", big).status()).isEqualTo(413);
        assertThat(post("/v1/predict", "{\"prompt\":\"p\",\"texts\":[\"a\",\"b\",\"c\"]}")
                        .status())
                .isEqualTo(400);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /v1/predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + "3E9\r\n"
                            + "y".repeat(1001) + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            byte[] head = socket.getInputStream().readNBytes(12);
            assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
        }
        assertThat(post("/v1/predict", "{\"prompt\":\"p\",\"text\":\"a\"}").status())
                .isEqualTo(200);
    }

    @Test
    void slowClientsHoldUpNobody() throws Exception {
        // Fewer requests at once than slow clients.
        start(new HttpOptions("127.0.0.1", 0, null, 1 << 20, 10, 2, 0, Duration.ofSeconds(5)));
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
                slow.add(socket);
                OutputStream out = socket.getOutputStream();
                String part = i % 2 == 0
                        ? "POST /v1/pre"
                        : "POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"pro";
                out.write(part.getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
            for (int i = 0; i < 20; i++) {
                assertThat(post("/v1/predict", "{\"prompt\":\"p\",\"text\":\"a\"}")
                                .status())
                        .isEqualTo(200);
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        assertThat(get("/health").status()).isEqualTo(200);
    }

    private Socket begin(String headers, int bodyBytes) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(20_000);
        OutputStream out = socket.getOutputStream();
        String request = "POST /v1/predict HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n\r\n" + " ".repeat(bodyBytes);
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return socket;
    }

    private static String status(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }

    @Test
    void bodiesThatComeSlowlyTakeNoMoreMemoryThanTheirBudget() throws Exception {
        int most = 4 * RequestBodies.PART_BYTES;
        start(new HttpOptions("127.0.0.1", 0, null, most, 10, 2, 0, Duration.ofSeconds(30)));
        HttpFront listening = Objects.requireNonNull(front);
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                slow.add(begin("Content-Length: " + most, RequestBodies.PART_BYTES + 1));
            }
            long full = 8L * RequestBodies.PART_BYTES;
            await(() -> listening.heldBodyBytes() == full);
            assertThat(post("/v1/predict", "{\"prompt\":\"p\",\"text\":\"a\"}").status())
                    .isEqualTo(503);
            assertThat(get("/health").status()).isEqualTo(200);
            assertThat(get("/v1/prompts").status())
                    .as("requests without a body")
                    .isEqualTo(200);
            try (Socket chunked = begin("Transfer-Encoding: chunked\r\n\r\n5\r\nabcde", 0)) {
                assertThat(status(chunked)).isEqualTo("HTTP/1.1 503");
            }
            assertThat(listening.heldBodyBytes()).isEqualTo(full);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        await(() -> listening.heldBodyBytes() == 0);
        assertThat(post("/v1/predict", "{\"prompt\":\"p\",\"text\":\"a\"}").status())
                .isEqualTo(200);
        assertThat(listening.heldBodyBytes()).isZero();
    }

    @Test
    void lengthThatIsTooLargeIsRefusedUnread() throws Exception {
        start(new HttpOptions("127.0.0.1", 0, null, 1000, 2, 4, 0, Duration.ofSeconds(30)));
        try (Socket socket = begin("Content-Length: 2000", 0)) {
            assertThat(status(socket)).isEqualTo("HTTP/1.1 413");
        }
        String text = "{\"prompt\":\"p\",\"text\":\"a\"}";
        assertThat(post("/v1/predict", text + " ".repeat(1000 - text.length())).status())
                .isEqualTo(200);
        assertThat(post("/v1/predict", text + " ".repeat(1001 - text.length())).status())
                .isEqualTo(413);
    }

    @Test
    void bodyThatTricklesInIsNotWaitedFor() throws Exception {
        start(new HttpOptions("127.0.0.1", 0, null, 1000, 2, 4, 0, Duration.ofMillis(200)));
        try (Socket socket = begin("Content-Length: 900", 1)) {
            int sent = 0;
            try {
                for (; sent < 800 && socket.getInputStream().available() == 0; sent++) {
                    socket.getOutputStream().write(' ');
                    Thread.sleep(20);
                }
            } catch (IOException e) {
                // Not taken any more.
            }
            assertThat(sent).isLessThan(800);
            assertThat(status(socket)).isEqualTo("HTTP/1.1 408");
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(2);
        }
    }

    @Test
    void moreTextsThanTheQueueHoldsAreAnsweredInOrder() throws Exception {
        server.close();
        server = new PromptServer(registry, ServerOptions.defaults().withQueue(3, 1000));
        start(HttpOptions.loopback(0));
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            texts.add("the cat sat on mat " + "and film ".repeat(i % 7) + i);
        }
        String body = "{\"prompt\":\"p\",\"texts\":" + JSON.writeValueAsString(texts) + "}";
        JsonNode embedded = post("/v1/embed", body).json().get("embeddings");
        JsonNode predicted = post("/v1/predict", body).json().get("predictions");
        assertThat(embedded.size()).isEqualTo(40);
        assertThat(predicted.size()).isEqualTo(40);
        float[] state = new float[32];
        for (int i = 0; i < 40; i++) {
            server.newClient().embed("p", texts.get(i), state);
            assertThat(embedded.get(i).get(0).floatValue()).isCloseTo(state[0], within(1e-5f));
            assertThat(predicted.get(i).get("label").stringValue())
                    .isEqualTo(server.predict("p", texts.get(i)).label());
        }
    }

    @Test
    void tokenIsDemandedOfAllButHealth() throws Exception {
        String token = "0123456789abcdef";
        start(new HttpOptions("127.0.0.1", 0, token, 1 << 20, 10, 10, 0, Duration.ofSeconds(5)));
        String body = "{\"prompt\":\"p\",\"text\":\"a\"}";
        assertThat(get("/health").status()).isEqualTo(200);
        assertThat(get("/metrics").status()).isEqualTo(401);
        Reply refused = post("/v1/predict", body, "Authorization", "Bearer " + token + "x");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.headers()).containsKey("Www-authenticate");
        assertThat(post("/v1/predict", body, "Authorization", "Bearer " + token).status())
                .isEqualTo(200);
    }

    @Test
    void healthTellsThatTheServerIsClosed() throws Exception {
        start(HttpOptions.loopback(0));
        assertThat(get("/health").status()).isEqualTo(200);
        server.close();
        assertThat(get("/health").status()).isEqualTo(503);
    }

    @Test
    void answersMayTakeAsLongAsRequests() {
        assertThat(HttpFront.responseSeconds(Duration.ofSeconds(10))).isEqualTo(30);
        assertThat(HttpFront.responseSeconds(Duration.ofMinutes(2))).isGreaterThanOrEqualTo(130);
        assertThat(HttpFront.LIMITS).noneMatch(limit -> limit.startsWith(HttpFront.RESPONSE_LIMIT));
    }

    @Test
    void rateIsLimited() throws Exception {
        // So slow that no further request is let in while the test runs, however long the machine halts.
        start(new HttpOptions("127.0.0.1", 0, null, 1 << 20, 10, 10, 1e-4, Duration.ofSeconds(5)));
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            statuses.add(get("/v1/prompts").status());
        }
        assertThat(statuses).containsExactly(200, 429, 429, 429);
        RateLimiter limiter = new RateLimiter(10);
        int admitted = 0;
        for (int i = 0; i < 100; i++) {
            admitted += limiter.admits("a", i * 10_000_000L) ? 1 : 0;
        }
        assertThat(admitted).as("10 at once and 10 in the second that follows").isBetween(19, 20);
        assertThat(limiter.admits("b", 0)).isTrue();
    }
}
