package org.infoprompt.serve.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.infoprompt.serve.PromptServer;
import org.infoprompt.serve.ServingException;

/**
 * Listens, bounds what comes in, and hands it to {@link PredictApi}. Each exchange has a virtual thread; slow clients hold
 * that and what they have sent, all together 64 MiB at most, and the JDK's server cuts them off after the times of its own settings (see
 * {@link #LIMITS}).
 */
public final class HttpFront implements AutoCloseable {
    /**
     * System properties of the JDK's server that bound slow clients and the number of connections. A library sets none; a program
     * does so before it creates the first front, and sets {@link #RESPONSE_LIMIT} to {@link #responseSeconds}.
     */
    public static final List<String> LIMITS = List.of(
            "sun.net.httpserver.maxReqTime=15",
            "sun.net.httpserver.idleInterval=30",
            "sun.net.httpserver.maxIdleConnections=200",
            "sun.net.httpserver.drainAmount=0",
            "sun.net.httpserver.maxReqHeaders=64",
            "sun.net.httpserver.maxReqHeaderSize=16384",
            "jdk.httpserver.maxConnections=1024");

    /**
     * The property that bounds from when a request was read to when its answer was taken, the computation included, in seconds. Less
     * than the timeout of requests would break off their answers.
     */
    public static final String RESPONSE_LIMIT = "sun.net.httpserver.maxRspTime";

    private static final long LEAST_RESPONSE_SECONDS = 30;
    /** For a slow client to take an answer that came at the last moment. */
    private static final long TAKING_SECONDS = 15;

    /** Of the bodies of all requests under way; more than one body's where that is larger. */
    static final long BODIES_BYTES = 64L << 20;

    private static final System.Logger LOGGER = System.getLogger(HttpFront.class.getName());

    private final HttpOptions options;
    private final PredictApi api;
    private final HttpServer http;
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("infoprompt-http-", 0).factory());
    private final Semaphore places;
    private final RequestBodies bodies;
    private final RateLimiter limiter;

    /**
     * Starts to listen.
     *
     * @param server answers
     * @param options what is let in
     * @throws IOException if the address cannot be listened on
     */
    public HttpFront(PromptServer server, HttpOptions options) throws IOException {
        this.options = options;
        api = new PredictApi(server, options);
        places = new Semaphore(options.maxConcurrent());
        long wanted = (long) options.maxConcurrent() * options.maxBodyBytes();
        bodies = new RequestBodies(
                options.maxBodyBytes(),
                Math.min(wanted, BODIES_BYTES),
                options.timeout().toNanos());
        limiter = new RateLimiter(options.requestsPerSecond());
        http = HttpServer.create(new InetSocketAddress(InetAddress.getByName(options.host()), options.port()), 128);
        http.setExecutor(executor);
        http.createContext("/", this::handle);
        http.start();
    }

    /**
     * {@return what {@link #RESPONSE_LIMIT} has to be so that requests may take as long as they may}
     *
     * @param timeout of a request
     */
    public static long responseSeconds(Duration timeout) {
        return Math.max(LEAST_RESPONSE_SECONDS, timeout.plusMillis(999).toSeconds() + TAKING_SECONDS);
    }

    /** {@return the port it listens on} */
    public int port() {
        return http.getAddress().getPort();
    }

    /** Returns the bytes that bodies of requests hold now. */
    long heldBodyBytes() {
        return bodies.heldBytes();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            Answer answer;
            try {
                answer = answer(exchange);
            } catch (HttpProblem e) {
                answer = Answer.problem(e.status(), e.reason(), String.valueOf(e.getMessage()));
            } catch (ServingException e) {
                answer = Answer.of(e);
            } catch (InterruptedException e) {
                answer = Answer.problem(503, "CLOSED", "the server is closing");
            } catch (RuntimeException | Error e) {
                LOGGER.log(System.Logger.Level.WARNING, "a request failed", e);
                answer = Answer.problem(
                        500, "FAILED", "internal error: " + e.getClass().getSimpleName());
            }
            send(exchange, answer);
        } catch (IOException e) {
            // The client went away or was too slow.
            LOGGER.log(System.Logger.Level.DEBUG, "an exchange broke off: {0}", e.getMessage());
        } finally {
            exchange.close();
        }
    }

    private Answer answer(HttpExchange exchange)
            throws IOException, HttpProblem, ServingException, InterruptedException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (path.equals("/health") && method.equals("GET")) {
            return api.health();
        }
        if (method.equals("POST")) {
            // Until the body has been read: the connection cannot be used again without that.
            exchange.getResponseHeaders().set("Connection", "close");
        }
        authorize(exchange.getRequestHeaders());
        String client = exchange.getRemoteAddress().getAddress().getHostAddress();
        if (!limiter.admits(client, System.nanoTime())) {
            throw new HttpProblem(429, "RATE", "more than " + options.requestsPerSecond() + " requests a second");
        }
        if (!method.equals("POST")) {
            try (Place _ = place()) {
                return api.get(method, path);
            }
        }
        // Before a place is taken, so that clients who send slowly keep none; their memory has a budget of its own.
        try (RequestBodies.Body body = bodies.read(
                exchange.getRequestBody(), exchange.getRequestHeaders().getFirst("Content-Length"))) {
            exchange.getResponseHeaders().remove("Connection");
            try (Place _ = place()) {
                return api.post(path, body.bytes());
            }
        }
    }

    /** One of the requests that are worked on at once. */
    private final class Place implements AutoCloseable {
        @Override
        public void close() {
            places.release();
        }
    }

    private Place place() throws HttpProblem {
        if (!places.tryAcquire()) {
            throw new HttpProblem(503, "OVERLOADED", "more than " + options.maxConcurrent() + " requests at once");
        }
        return new Place();
    }

    private void authorize(Headers headers) throws HttpProblem {
        String token = options.token();
        if (token == null) {
            return;
        }
        String given = Objects.requireNonNullElse(headers.getFirst("Authorization"), "");
        byte[] expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
            throw new HttpProblem(401, "UNAUTHORIZED", "a bearer token is needed");
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.type());
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Cache-Control", "no-store");
        if (answer.status() == 401) {
            headers.set("WWW-Authenticate", "Bearer");
        }
        if (answer.status() == 429 || answer.status() == 503) {
            headers.set("Retry-After", "1");
        }
        byte[] body = answer.body();
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** Stops listening, lets requests under way finish for a second, and ends; idempotent. */
    @Override
    public void close() {
        http.stop(1);
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(
                    Duration.ofSeconds(5).toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)) {
                LOGGER.log(System.Logger.Level.WARNING, "requests were still under way when the front closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
