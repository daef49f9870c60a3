package org.infoprompt.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

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
        PeerLoop.run(PeerLoop.about(peer.backend), peer::answer);
    }

    private ObjectNode answer(JsonNode command) throws IOException {
        if (command.has("load")) {
            if (problem != null) {
                problem.close();
            }
            seed = command.get("seed").longValue();
            problem = LossProblem.open(
                    backend,
                    Path.of(command.get("load").stringValue()),
                    command.get("samples").intValue());
            return PeerLoop.answer("loaded")
                    .put("compulsoryBytes", 4 * problem.compulsoryFloats())
                    .put("movedBytes", 4 * problem.movedFloats())
                    .put("extraBytes", problem.extraBytes());
        }
        LossProblem loaded = problem;
        if (loaded == null) {
            throw new IllegalStateException("the first command must be load");
        }
        int step = command.get("step").intValue();
        return command.has("time") ? time(loaded, command.get("time").doubleValue(), step) : check(loaded, step);
    }

    private ObjectNode time(LossProblem loaded, double least, int step) {
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
        return PeerLoop.answer("time")
                .put("seconds", seconds / runs)
                .put("cpuSeconds", cpuSeconds / runs)
                .put("runs", runs);
    }

    private ObjectNode check(LossProblem loaded, int step) {
        loaded.run(seed, step);
        ObjectNode answer = PeerLoop.answer("check")
                .put("head", loaded.headLoss())
                .put("representation", loaded.representationLoss());
        ObjectNode gradients = answer.putObject("gradients");
        loaded.gradientSummaries()
                .forEach((name, sums) -> gradients.putArray(name).add(sums[0]).add(sums[1]));
        return answer;
    }
}
