package org.infoprompt.bench.serving;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.infoprompt.bench.PeerLoop;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Embeds texts one at a time when told to. Commands are {@code {"check": true}}, answered by all embeddings, and {@code {"from": I,
 * "calls": N}}, answered by the nanoseconds of each call and the Java heap bytes of all; texts are taken in turn, round and round.
 */
final class Embeddings {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** One side. */
    @FunctionalInterface
    interface Side {
        /** Writes the embedding of a text. */
        void embed(int text, float[] embedding) throws IOException;
    }

    private final Side side;
    private final int numTexts;
    private final float[] embedding;
    private long[] nanos = new long[0];

    Embeddings(Side side, int numTexts, int width) {
        this.side = side;
        this.numTexts = numTexts;
        embedding = new float[width];
    }

    ObjectNode answer(JsonNode command) throws IOException {
        return command.has("check")
                ? check()
                : calls(command.get("from").intValue(), command.get("calls").intValue());
    }

    private ObjectNode check() throws IOException {
        ObjectNode answer = PeerLoop.answer("check");
        ArrayNode all = answer.putArray("embeddings");
        for (int i = 0; i < numTexts; i++) {
            side.embed(i, embedding);
            ArrayNode one = all.addArray();
            for (float value : embedding) {
                one.add(value);
            }
        }
        return answer;
    }

    private ObjectNode calls(int from, int count) throws IOException {
        if (nanos.length < count) {
            nanos = new long[count];
        }
        long bytes = THREADS.getTotalThreadAllocatedBytes();
        bytes = 2 * bytes - THREADS.getTotalThreadAllocatedBytes();
        for (int i = 0; i < count; i++) {
            int text = (from + i) % numTexts;
            long start = System.nanoTime();
            side.embed(text, embedding);
            nanos[i] = System.nanoTime() - start;
        }
        bytes = THREADS.getTotalThreadAllocatedBytes() - bytes;
        ObjectNode answer = PeerLoop.answer("calls").put("heapBytes", Math.max(0, bytes));
        ArrayNode all = answer.putArray("nanos");
        for (int i = 0; i < count; i++) {
            all.add(nanos[i]);
        }
        return answer;
    }
}
