package org.infoprompt.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Java side of the comparison of the information losses, on one thread. Reads commands as JSON lines and answers each with one:
 * {@code {"load": FILE, "samples": K, "seed": S}}, {@code {"time": SECONDS, "step": N}} (runs until that long has passed) and
 * {@code {"check": true, "step": N}}, as {@code bench/python/losses_peer.py} does.
 */
public final class LossPeer {
    private final Backend backend = Backends.active();
    private @Nullable LossProblem problem;
    private long seed;

    private LossPeer() {}

    /**
     * Answers commands until its input ends.
     *
     * @param arguments none
     * @throws IOException if the input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        LossPeer peer = new LossPeer();
        System.out.printf(
                Locale.ROOT,
                "{\"kind\": \"run\", \"backend\": \"%s\", \"description\": \"%s\", \"java\": \"%s\"}%n",
                peer.backend.name(),
                peer.backend.description(),
                Runtime.version());
        JsonMapper mapper = JsonMapper.builder().build();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                peer.answer(mapper.readTree(line));
            }
        }
    }

    private void answer(JsonNode command) throws IOException {
        if (command.has("load")) {
            if (problem != null) {
                problem.close();
            }
            seed = command.get("seed").longValue();
            problem = LossProblem.open(
                    backend,
                    Path.of(command.get("load").stringValue()),
                    command.get("samples").intValue());
            System.out.printf(
                    Locale.ROOT,
                    "{\"kind\": \"loaded\", \"compulsoryBytes\": %d, \"movedBytes\": %d, \"extraBytes\": %d}%n",
                    4 * problem.compulsoryFloats(),
                    4 * problem.movedFloats(),
                    problem.extraBytes());
            return;
        }
        LossProblem loaded = problem;
        if (loaded == null) {
            throw new IllegalStateException("the first command must be load");
        }
        int step = command.get("step").intValue();
        if (command.has("time")) {
            time(loaded, command.get("time").doubleValue(), step);
        } else {
            check(loaded, step);
        }
    }

    private void time(LossProblem loaded, double least, int step) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = System.nanoTime();
        long cpu = threads.getCurrentThreadCpuTime();
        long runs = 0;
        double seconds;
        do {
            loaded.run(seed, step);
            runs++;
            seconds = (System.nanoTime() - start) / 1e9;
        } while (seconds < least);
        double cpuSeconds = (threads.getCurrentThreadCpuTime() - cpu) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "{\"kind\": \"time\", \"seconds\": %.9f, \"cpuSeconds\": %.9f, \"runs\": %d}%n",
                seconds / runs,
                cpuSeconds / runs,
                runs);
    }

    private void check(LossProblem loaded, int step) {
        loaded.run(seed, step);
        String gradients = loaded.gradientSummaries().entrySet().stream()
                .map(e -> String.format(
                        Locale.ROOT, "\"%s\": [%.9g, %.9g]", e.getKey(), e.getValue()[0], e.getValue()[1]))
                .collect(Collectors.joining(", "));
        System.out.printf(
                Locale.ROOT,
                "{\"kind\": \"check\", \"head\": %.9g, \"representation\": %.9g, \"gradients\": {%s}}%n",
                loaded.headLoss(),
                loaded.representationLoss(),
                gradients);
    }
}
