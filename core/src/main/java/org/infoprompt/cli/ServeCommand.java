package org.infoprompt.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.infoprompt.io.InputException;
import org.infoprompt.io.TextFiles;
import org.infoprompt.serve.PromptServer;
import org.infoprompt.serve.ServingException;
import org.infoprompt.serve.http.HttpFront;
import org.infoprompt.serve.http.HttpOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code infoprompt serve}: answers requests over HTTP until it is interrupted. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Serves prompts over HTTP: JSON in and out, many prompts over one backbone.",
        footer = {
            "",
            "Examples:",
            "  infoprompt serve --prompts runs",
            "  curl -d '{\"prompt\": \"sst2\", \"text\": \"a fine film\"}' http://127.0.0.1:8080/v1/predict",
            "  curl http://127.0.0.1:8080/openapi.json",
        })
final class ServeCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final ServeArguments arguments = new ServeArguments();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on; others than loopback need a token. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Port to listen on, 0 for any free one. Default: ${DEFAULT-VALUE}.")
    private int port = 8080;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "Requests must carry the token in this file (Authorization: Bearer TOKEN). Default: that in the"
                            + " environment variable INFOPROMPT_TOKEN, or none.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--watch",
            paramLabel = "MILLIS",
            description = "Follow changes in the folder of --prompts, looking every so many milliseconds.")
    private @Nullable Integer watchMillis;

    @Option(
            names = "--max-body",
            paramLabel = "BYTES",
            defaultValue = "1048576",
            description = "The most bytes of a request. Default: ${DEFAULT-VALUE}.")
    private int maxBody = 1 << 20;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "The most requests a second of one client address; 0 for no limit. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--timeout",
            paramLabel = "MILLIS",
            defaultValue = "10000",
            description = "After which a request is given up. Default: ${DEFAULT-VALUE}.")
    private long timeoutMillis = 10_000;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.configure(console);
        HttpOptions options = options();
        if (watchMillis != null && arguments.folder() == null) {
            throw new InputException("--watch", "", "needs --prompts", "name the folder to follow");
        }
        limit(HttpFront.RESPONSE_LIMIT, Long.toString(HttpFront.responseSeconds(options.timeout())));
        for (String each : HttpFront.LIMITS) {
            int at = each.indexOf('=');
            limit(each.substring(0, at), each.substring(at + 1));
        }
        arguments.open(common, console, common.numThreads(), server -> serve(server, options));
        return Failures.OK;
    }

    private static void limit(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private HttpOptions options() throws IOException {
        String token = System.getenv("INFOPROMPT_TOKEN");
        if (tokenFile != null) {
            token = TextFiles.read(tokenFile).strip();
        }
        if (token != null && token.length() < 16) {
            throw new InputException(
                    tokenFile == null ? "INFOPROMPT_TOKEN" : tokenFile.toString(),
                    "",
                    "a token must have at least 16 characters",
                    "make one with: head -c 24 /dev/urandom | base64");
        }
        if (token == null && !InetAddress.getByName(host).isLoopbackAddress()) {
            throw new InputException("--host", "", host + " can be reached by others", "set a token with --token-file");
        }
        try {
            return new HttpOptions(host, port, token, maxBody, 256, 256, rate, Duration.ofMillis(timeoutMillis));
        } catch (IllegalArgumentException e) {
            throw new InputException("options", "", String.valueOf(e.getMessage()), "", e);
        }
    }

    private void serve(PromptServer server, HttpOptions options) throws IOException {
        if (watchMillis != null && arguments.folder() != null) {
            try {
                server.registry().watch(arguments.folder(), Duration.ofMillis(watchMillis));
            } catch (IllegalArgumentException e) {
                throw new InputException("--watch", "", String.valueOf(e.getMessage()), "", e);
            }
        }
        warmUp(server);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            ended.countDown();
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (HttpFront front = new HttpFront(server, options)) {
            Runtime.getRuntime().addShutdownHook(hook);
            console.print(String.format(
                    Locale.ROOT,
                    "serving %,d prompts on http://%s:%d (see /openapi.json); ends with Ctrl-C",
                    server.registry().size(),
                    options.host().contains(":") ? "[" + options.host() + "]" : options.host(),
                    front.port()));
            console.out().flush();
            ended.await();
        } catch (BindException e) {
            throw new InputException(
                    options.host() + ":" + options.port(),
                    "",
                    "cannot be listened on: " + e.getMessage(),
                    "choose another --port",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed.countDown();
        }
    }

    /** Warms up with the first prompt that can be used; what cannot is told when it is asked for. */
    private void warmUp(PromptServer server) {
        for (String name : server.registry().names()) {
            try {
                Duration took = server.warmUp(List.of(name));
                console.note(String.format(Locale.ROOT, "warmed up in %.1f s", took.toMillis() / 1e3));
                return;
            } catch (ServingException e) {
                console.warn(String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
