package org.infoprompt.bench.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.infoprompt.ffi.torch.TorchOps;
import org.infoprompt.ffi.torch.TorchTensor;
import org.infoprompt.ffi.torch.TorchTensor.ElementType;
import org.infoprompt.ops.AttentionKernels;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;

/**
 * Prints how long attention over a batch of sequences takes, in milliseconds of processor time on one thread: the backends' over packed rows, and
 * LibTorch's flash attention called for each sequence on tensors over the same rows, made beforehand.
 */
public final class AttentionTable {
    private static final int HEADS = 12;
    private static final int HEAD_SIZE = 32;
    private static final int WIDTH = HEADS * HEAD_SIZE;
    private static final int BATCH = 32;
    /** Shortest and longest sequence. */
    private static final int[][] LENGTHS = {{8, 24}, {20, 60}, {64, 64}, {128, 128}, {100, 300}};

    private static final int TURNS = 21;

    private AttentionTable() {}

    /**
     * Measures and prints.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        System.out.println("| sequences of | backend | LibTorch | ratio |\n|---|---|---|---|");
        for (Backends.Candidate candidate : Backends.all()) {
            if (candidate.provider().rank() > 0
                    && candidate.availability().usable()
                    && !candidate.provider().name().equals("torch")) {
                for (int[] lengths : LENGTHS) {
                    compare(candidate.provider().backend(), lengths[0], lengths[1]);
                }
            }
        }
    }

    private static void compare(Backend backend, int shortest, int longest) {
        int[] starts = new int[BATCH + 1];
        Random random = new Random(longest);
        for (int i = 0; i < BATCH; i++) {
            starts[i + 1] = starts[i] + shortest + random.nextInt(longest - shortest + 1);
        }
        int rows = starts[BATCH];
        try (Arena arena = Arena.ofShared()) {
            MemorySegment qkv = Memory.random(arena, 3L * rows * WIDTH);
            MemorySegment out = arena.allocate(4L * rows * WIDTH, 64);
            MemorySegment sums = arena.allocate(4L * rows * HEADS, 64);
            AttentionKernels attention = backend.newKernels().attention();
            List<TorchTensor> tensors = tensors(qkv, starts);
            double[] ours = new double[TURNS];
            double[] theirs = new double[TURNS];
            for (int turn = -TURNS; turn < TURNS; turn++) {
                long start = CpuClock.nanos();
                attention.forward(
                        HEADS, HEAD_SIZE, BATCH, starts, starts, qkv, 3 * WIDTH, qkv, 3 * WIDTH, WIDTH, 2 * WIDTH, out,
                        sums);
                long middle = CpuClock.nanos();
                for (int i = 0; i < tensors.size(); i += 3) {
                    TorchOps.attention(tensors.get(i), tensors.get(i + 1), tensors.get(i + 2))
                            .close();
                }
                // The first half of the turns warms up.
                ours[Math.max(turn, 0)] = (middle - start) / 1e6;
                theirs[Math.max(turn, 0)] = (CpuClock.nanos() - middle) / 1e6;
            }
            tensors.forEach(TorchTensor::close);
            Arrays.sort(ours);
            Arrays.sort(theirs);
            System.out.printf(
                    Locale.ROOT,
                    "| %d to %d rows | %s %.2f | %.2f | %.2f |%n",
                    shortest,
                    longest,
                    backend.name(),
                    ours[TURNS / 2],
                    theirs[TURNS / 2],
                    theirs[TURNS / 2] / ours[TURNS / 2]);
        }
    }

    /** Returns query, key and value of every sequence, [1, H, rows, d], where they lie in the rows of [R, 3D]. */
    private static List<TorchTensor> tensors(MemorySegment qkv, int[] starts) {
        List<TorchTensor> tensors = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            long rows = (long) starts[i + 1] - starts[i];
            for (int part = 0; part < 3; part++) {
                MemorySegment from = qkv.asSlice(4L * (3L * starts[i] + part) * WIDTH);
                tensors.add(TorchTensor.over(from, ElementType.F32, new long[] {1, HEADS, rows, HEAD_SIZE}, new long[] {
                    3 * WIDTH * rows, HEAD_SIZE, 3 * WIDTH, 1
                }));
            }
        }
        return tensors;
    }
}
