package org.infoprompt.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.infoprompt.io.AtomicFiles;
import org.infoprompt.io.InputException;
import org.infoprompt.io.TextFiles;
import org.infoprompt.serve.PromptClient;
import org.infoprompt.serve.PromptRegistry;
import org.infoprompt.serve.PromptReply;
import org.infoprompt.serve.PromptRequest;
import org.infoprompt.serve.PromptServer;
import org.infoprompt.serve.ServingException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code infoprompt serve-bench}: measures a server in this process. */
@Command(
        name = "serve-bench",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Measures how fast prompts are served in this process: one caller alone, then requests that arrive at a rate,"
                    + " whether or not earlier ones are answered.",
            "Latencies count from when a request was due."
        },
        footer = {
            "",
            "Examples:",
            "  infoprompt serve-bench --prompts runs --texts texts.txt --rate 100 --seconds 30",
            "  infoprompt serve-bench --prompt sst2=runs/sst2 --texts texts.txt --registered 10000",
        })
final class ServeBenchCommand implements Callable<Integer> {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};
    private static final List<String> NAMES = List.of("p50", "p90", "p99", "p99.9", "max");
    private static final int BURST = 64;
    private static final int BURSTS = 15;
    private static final int WARMING_LOADS = 500;

    private final Console console;

    @Mixin
    private final ServeArguments arguments = new ServeArguments();

    @Option(
            names = "--texts",
            paramLabel = "FILE",
            required = true,
            description = "Texts to ask about, one a line; a tab starts what is ignored.")
    private @Nullable Path textFile;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Requests a second. Default: half of what one caller alone reaches.")
    private @Nullable Double rate;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long each part takes. Default: ${DEFAULT-VALUE}.")
    private double seconds = 10;

    @Option(
            names = "--registered",
            paramLabel = "N",
            description = "Also register and load the first prompt N times, and tell what that takes.")
    private @Nullable Integer registered;

    @Option(
            names = "--soak",
            paramLabel = "MINUTES",
            description =
                    "Instead of all else, ask at --rate for so many minutes while the first prompt is swapped again and again,"
                            + " and tell what each minute was like.")
    private @Nullable Integer soakMinutes;

    @Option(names = "--csv", paramLabel = "FILE", description = "With --soak: write the minutes into this file too.")
    private @Nullable Path csv;

    @Option(names = "--picture", paramLabel = "FILE", description = "Draw the latencies into this PNG file.")
    private @Nullable Path picture;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    private final List<String> rows = new ArrayList<>();
    private final List<Chart.Series> series = new ArrayList<>();
    private final List<String> curves = new ArrayList<>();

    ServeBenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.configure(console);
        if (soakMinutes != null && (soakMinutes < 1 || rate == null)) {
            throw new InputException("--soak", "", "takes a positive number, and needs --rate", "");
        }
        if (!(seconds > 0) || (rate != null && !(rate > 0)) || (registered != null && registered < BURST)) {
            throw new InputException(
                    "options", "", "--seconds and --rate must be positive, --registered at least " + BURST, "");
        }
        if (csv != null && soakMinutes == null) {
            throw new InputException("--csv", "", "goes with --soak", "add it, or leave --csv out");
        }
        if (soakMinutes != null && (registered != null || picture != null)) {
            throw new InputException("--soak", "", "measures nothing else", "leave --registered and --picture out");
        }
        List<String> texts = texts();
        arguments.open(common, console, common.numThreads(), server -> {
            try {
                measure(server, texts);
            } catch (ServingException e) {
                throw new InputException("prompts", "", String.valueOf(e.getMessage()), "", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        });
        return Failures.OK;
    }

    private List<String> texts() throws IOException {
        if (textFile == null) {
            throw new IllegalStateException("picocli demands the option");
        }
        List<String> texts = new ArrayList<>();
        for (String line : TextFiles.readLines(textFile)) {
            String text = line.split("\t", 2)[0];
            if (!text.isBlank()) {
                texts.add(text);
            }
        }
        if (texts.isEmpty()) {
            throw new InputException(textFile.toString(), "", "holds no texts", "write one a line");
        }
        return texts;
    }

    private void measure(PromptServer server, List<String> texts)
            throws IOException, ServingException, InterruptedException {
        List<String> prompts = server.registry().names();
        if (prompts.isEmpty()) {
            throw new InputException("--prompts", "", "has no prompts to measure", "name a folder that holds some");
        }
        int mostClasses = 2;
        for (String prompt : prompts) {
            mostClasses = Math.max(mostClasses, server.registry().load(prompt).size());
        }
        double[] probabilities = new double[mostClasses];
        long cold = System.nanoTime();
        server.newClient().predict(prompts.getFirst(), texts.getFirst(), probabilities);
        print("first call %.1f ms", (System.nanoTime() - cold) / 1e6);
        Duration warm = server.warmUp(prompts.subList(0, Math.min(4, prompts.size())));
        print("warmed up in %.1f s", warm.toMillis() / 1e3);
        if (soakMinutes != null && rate != null) {
            SoakRun.table(new SoakRun(server, prompts, texts, mostClasses, rate), soakMinutes, csv, console::print);
            return;
        }
        double perSecond = alone(server, prompts, texts, probabilities);
        double asked = rate == null ? perSecond / 2 : rate;
        openLoop(server, prompts, texts, mostClasses, asked);
        print("%-34s %9s %9s %9s %9s %9s", "latency in ms", "p50", "p90", "p99", "p99.9", "max");
        rows.forEach(console::print);
        if (registered != null) {
            many(server.registry(), server, prompts.getFirst(), texts, registered);
        }
        if (picture != null) {
            byte[] png = Chart.png(
                    "Latency in ms, " + texts.size() + " texts, " + prompts.size() + " prompts",
                    List.of(new Chart.Panel("from due time to answer", "percentile", NAMES, series)),
                    curves);
            AtomicFiles.write(picture, png);
            console.note("the picture is in " + picture);
        }
    }

    /** One caller, one request after another; returns how many a second it reached. */
    private double alone(PromptServer server, List<String> prompts, List<String> texts, double[] probabilities)
            throws ServingException, InterruptedException {
        PromptClient client = server.newClient();
        Histogram histogram = new Histogram(60_000_000_000L, 3);
        int calls = 0;
        long heap = ProcessNumbers.servingHeapBytes();
        long collections = ProcessNumbers.collections();
        long before = ProcessNumbers.servingHeapBytes();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            String text = texts.get(calls % texts.size());
            String prompt = prompts.get(calls % prompts.size());
            long sent = System.nanoTime();
            client.predict(prompt, text, probabilities);
            histogram.recordValue(System.nanoTime() - sent);
            calls++;
        }
        double took = (System.nanoTime() - start) / 1e9;
        // Asking for the number allocates too; the first two questions tell how much.
        long bytes = ProcessNumbers.servingHeapBytes() - before - (before - heap);
        row("one caller", histogram);
        print(
                "one caller: %,d calls, %.1f a second, %.2f heap bytes a call, %d collections",
                calls, calls / took, Math.max(0, bytes) / (double) calls, ProcessNumbers.collections() - collections);
        return calls / took;
    }

    private void openLoop(
            PromptServer server, List<String> prompts, List<String> texts, int mostClasses, double perSecond) {
        OpenLoop loop = new OpenLoop(server, prompts, texts, mostClasses);
        long collections = ProcessNumbers.collections();
        long batches = server.metrics().batches();
        long batchTexts = server.metrics().batchTexts();
        loop.run(perSecond, seconds, 1);
        row(String.format(Locale.ROOT, "arriving at %.1f a second", perSecond), loop.fromDue());
        row("  counted from sending (too fair)", loop.fromSent());
        print(
                "arriving: %,d answered, %,d turned away, %,d failed, %.2f texts a batch, %d collections",
                loop.fromDue().getTotalCount(),
                loop.rejected(),
                loop.failed(),
                (double) (server.metrics().batchTexts() - batchTexts)
                        / Math.max(1, server.metrics().batches() - batches),
                ProcessNumbers.collections() - collections);
    }

    private void row(String name, Histogram histogram) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-34s", name));
        List<Chart.Point> points = new ArrayList<>();
        for (int i = 0; i < PERCENTILES.length; i++) {
            double millis = PERCENTILES[i] == 100
                    ? histogram.getMaxValue() / 1e6
                    : histogram.getValueAtPercentile(PERCENTILES[i]) / 1e6;
            text.append(String.format(Locale.ROOT, " %9.3f", millis));
            points.add(new Chart.Point(i, millis, 0));
        }
        rows.add(text.toString());
        series.add(new Chart.Series(curves.size(), points, true));
        curves.add(name.strip());
    }

    /** Registers one prompt under many names, each with files of its own. */
    private void many(PromptRegistry registry, PromptServer server, String name, List<String> texts, int count)
            throws IOException, ServingException, InterruptedException {
        PromptRegistry.PromptInfo first = registry.info(name);
        if (first == null) {
            throw new IllegalStateException("the prompt was loaded before");
        }
        Path root = Files.createTempDirectory("infoprompt-registered");
        try {
            for (int i = 0; i < count; i++) {
                Path folder = Files.createDirectory(root.resolve("p" + i));
                try (Stream<Path> files = Files.list(first.folder())) {
                    for (Path file : files.filter(f -> f.toString().matches(".*\\.(json|safetensors)"))
                            .toList()) {
                        Files.createLink(folder.resolve(file.getFileName()), file);
                    }
                } catch (UnsupportedOperationException | FileSystemException e) {
                    throw new InputException(
                            root.toString(),
                            "",
                            "takes no hard links to " + first.folder(),
                            "set java.io.tmpdir to the same file system",
                            e);
                }
            }
            warmLoader(registry, first.folder());
            long used = -ProcessNumbers.usedHeapBytes();
            long committed = -ProcessNumbers.committedHeapBytes();
            long before = ProcessNumbers.residentBytes();
            long start = System.nanoTime();
            registry.registerAll(root);
            double register = (System.nanoTime() - start) / 1e9;
            System.gc();
            long registeredBytes = ProcessNumbers.residentBytes() - before;
            start = System.nanoTime();
            long own = -registry.loadedBytes();
            for (int i = 0; i < count; i++) {
                registry.load("p" + i);
            }
            double load = (System.nanoTime() - start) / 1e9;
            own += registry.loadedBytes();
            used += ProcessNumbers.usedHeapBytes();
            committed += ProcessNumbers.committedHeapBytes();
            long loadedBytes = ProcessNumbers.residentBytes() - before;
            long files = 0;
            try (Stream<Path> inside = Files.list(first.folder())) {
                for (Path file : inside.filter(f -> f.toString().endsWith(".safetensors"))
                        .toList()) {
                    files += Files.size(file);
                }
            }
            print("%,d prompts registered in %.2f s: %,d resident bytes more", count, register, registeredBytes);
            print(
                    "%,d prompts loaded in %.2f s (%.3f ms each): their own bytes %,d (in files %,d),"
                            + " resident %,d more, %.3f times as many",
                    count, load, load * 1e3 / count, own, files * count, loadedBytes, (double) loadedBytes / own);
            print(
                    "of these the Java heap: %,d more in use, %,d more held by the virtual machine, full or empty",
                    used, committed);
            lookups(registry, count);
            bursts(server, count, texts);
        } finally {
            for (int i = 0; i < count; i++) {
                registry.unregister("p" + i);
            }
            delete(root);
        }
    }

    /** So that what the virtual machine takes for compiling the code that reads prompts is not counted as theirs. */
    private static void warmLoader(PromptRegistry registry, Path folder) throws IOException, ServingException {
        for (int i = 0; i < WARMING_LOADS; i++) {
            registry.register("warming", folder);
            registry.load("warming");
            registry.unregister("warming");
        }
    }

    private void lookups(PromptRegistry registry, int count) throws ServingException {
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = "p" + (int) ((i * 7919L) % count);
        }
        double best = Double.POSITIVE_INFINITY;
        for (int round = 0; round < 50; round++) {
            long start = System.nanoTime();
            int found = 0;
            for (String each : names) {
                found += registry.load(each).size();
            }
            best = Math.min(best, (System.nanoTime() - start) / (double) count);
            if (found < count) {
                throw new IllegalStateException("prompts without classes");
            }
        }
        print("lookup of one in %,d, taken and given back: %.0f ns", count, best);
    }

    /** Many texts at once, of one prompt and of as many prompts. */
    private void bursts(PromptServer server, int count, List<String> texts)
            throws ServingException, InterruptedException {
        double[] ratios = new double[BURSTS];
        double[] ones = new double[BURSTS];
        for (int round = -2; round < BURSTS; round++) {
            double one = burst(server, texts, 1);
            double all = burst(server, texts, Math.min(BURST, count));
            if (round >= 0) {
                ones[round] = one;
                ratios[round] = all / one;
            }
        }
        Arrays.sort(ratios);
        Arrays.sort(ones);
        print(
                "%d texts at once: %.1f ms of one prompt; of %d prompts %.3f times as long (median of %d)",
                BURST, ones[BURSTS / 2] / 1e6, BURST, ratios[BURSTS / 2], BURSTS);
    }

    private static double burst(PromptServer server, List<String> texts, int prompts)
            throws ServingException, InterruptedException {
        List<CompletableFuture<PromptReply>> replies = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < BURST; i++) {
            replies.add(server.submit(PromptRequest.of("p" + i % prompts, texts.get(i % texts.size()))));
        }
        for (CompletableFuture<PromptReply> reply : replies) {
            try {
                reply.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof ServingException cause) {
                    throw cause;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
        return System.nanoTime() - start;
    }

    private static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @SuppressWarnings("AnnotateFormatMethod") // Every format is a constant, checked by the run itself.
    private void print(String format, Object... values) {
        console.print(String.format(Locale.ROOT, format, values));
    }
}
