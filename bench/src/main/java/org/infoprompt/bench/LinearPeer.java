package org.infoprompt.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The Java side of the comparison of linear layers, on one thread. Reads commands as JSON lines and answers each with one: {@code
 * {"load": [rows, out, in], "seed": S}}, {@code {"time": SECONDS}} (runs until that long has passed) and {@code {"check": true}}, as
 * {@code bench/python/linear_peer.py} does.
 */
public final class LinearPeer {
    /** Random numbers before they repeat. */
    private static final int PERIOD = 4093;

    private final Backend backend = Backends.active();
    private @Nullable Layer layer;

    private LinearPeer() {}

    /**
     * Answers commands until its input ends.
     *
     * @param arguments none
     * @throws IOException if the input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        LinearPeer peer = new LinearPeer();
        PeerLoop.run(PeerLoop.about(peer.backend), peer::answer);
    }

    private ObjectNode answer(JsonNode command) {
        JsonNode sizes = command.get("load");
        if (sizes != null) {
            if (layer != null) {
                layer.arena.close();
            }
            layer = new Layer(
                    backend,
                    sizes.get(0).intValue(),
                    sizes.get(1).intValue(),
                    sizes.get(2).intValue(),
                    command.get("seed").intValue());
            return PeerLoop.answer("loaded");
        }
        Layer loaded = layer;
        if (loaded == null) {
            throw new IllegalStateException("the first command must be load");
        }
        return command.has("time") ? time(loaded, command.get("time").doubleValue()) : check(loaded);
    }

    private static ObjectNode time(Layer layer, double least) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = System.nanoTime();
        long cpu = threads.getCurrentThreadCpuTime();
        long runs = 0;
        double seconds;
        do {
            layer.run();
            runs++;
            seconds = (System.nanoTime() - start) / 1e9;
        } while (seconds < least);
        double cpuSeconds = (threads.getCurrentThreadCpuTime() - cpu) / 1e9;
        return PeerLoop.answer("time").put("seconds", seconds / runs).put("cpuSeconds", cpuSeconds / runs);
    }

    private static ObjectNode check(Layer layer) {
        layer.run();
        double norm = 0;
        double product = 0;
        for (long i = 0; i < layer.y.byteSize() / 4; i++) {
            double value = layer.y.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            norm += value * value;
            product += value * Math.cos((double) i);
        }
        return PeerLoop.answer("check").put("norm", Math.sqrt(norm)).put("product", product);
    }

    /** One layer with its operands. */
    private static final class Layer {
        private final Arena arena = Arena.ofShared();
        private final int rows;
        private final MemorySegment x;
        private final MemorySegment bias;
        private final MemorySegment y;
        private final PackedWeight weight;
        private final MatmulKernels kernels;

        Layer(Backend backend, int rows, int out, int in, int seed) {
            this.rows = rows;
            x = random((long) rows * in, seed);
            weight = backend.pack(random((long) out * in, seed + 1), out, in, WeightUse.FORWARD);
            bias = random(out, seed + 2);
            y = arena.allocate(4L * rows * out, 64);
            kernels = backend.newKernels().matmul();
        }

        private MemorySegment random(long count, int seed) {
            MemorySegment values = arena.allocate(4 * count, 64);
            int period = (int) Math.min(count, PERIOD);
            int state = seed;
            for (int i = 0; i < period; i++) {
                state = state * 1664525 + 1013904223;
                values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (state >>> 8) / (float) (1 << 23) - 1);
            }
            for (long i = period; i < count; i++) {
                values.setAtIndex(ValueLayout.JAVA_FLOAT, i, values.getAtIndex(ValueLayout.JAVA_FLOAT, i - period));
            }
            return values;
        }

        void run() {
            kernels.linear(weight, rows, x, bias, y);
        }
    }
}
