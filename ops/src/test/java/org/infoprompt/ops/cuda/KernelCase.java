package org.infoprompt.ops.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.infoprompt.cudasim.ptx.DeviceHeap;
import org.infoprompt.cudasim.ptx.PtxMachine;
import org.infoprompt.cudasim.ptx.PtxModule;

/**
 * A launch of one kernel on small, ragged data, whose outputs a changed kernel must change too.
 *
 * @param kernel its name
 * @param launch runs it and returns all its outputs
 */
@SuppressWarnings("NarrowCalculation") // sizes are small
record KernelCase(String kernel, Launch launch) {
    private static final long STEPS = 30_000_000;
    private static final List<String> PASSES =
            List.of("ipk_attention_forward_", "ipk_attention_backward_queries_", "ipk_attention_backward_keys_");
    private static final int NAN = Float.floatToIntBits(Float.NaN);

    /** Runs a kernel of a module on a fresh device. */
    interface Launch {
        double[] run(Device device);
    }

    /** A device for one launch, and what it computed. */
    static final class Device {
        private final DeviceHeap heap;
        private final PtxMachine machine;
        private final PtxModule module;
        private final Random random = new Random(7);

        Device(DeviceHeap heap, PtxModule module) {
            this.heap = heap;
            this.module = module;
            machine = new PtxMachine(heap).limited(STEPS);
        }

        long normals(int n, double scale) {
            return heap.floats(random.doubles(n)
                    .map(u -> (float) ((u - 0.5) * 3.4 * scale))
                    .toArray());
        }

        /** As {@link #normals} in the element type of a kernel. */
        long normals(String kernel, int n, double scale) {
            long floats = normals(n, scale);
            return kernel.endsWith("_bf16") ? heap.rounded(floats, n) : floats;
        }

        long zeros(int n) {
            return heap.floats(new double[n]);
        }

        long ints(int... values) {
            return heap.ints(values);
        }

        void launch(String kernel, int gridX, int gridY, int block, int floats, long... arguments) {
            machine.launch(module, kernel, gridX, gridY, block, 4 * floats, arguments);
        }

        /** Reads what a kernel wrote in its element type. */
        double[] read(String kernel, long... addressesAndSizes) {
            return kernel.endsWith("_bf16") ? heap.halves(addressesAndSizes) : read(addressesAndSizes);
        }

        double[] read(long... addressesAndSizes) {
            List<double[]> parts = new ArrayList<>();
            for (int i = 0; i < addressesAndSizes.length; i += 2) {
                parts.add(heap.read(addressesAndSizes[i], (int) addressesAndSizes[i + 1]));
            }
            return parts.stream().flatMapToDouble(Arrays::stream).toArray();
        }
    }

    /** {@return the outputs of the kernel as a module has it} */
    double[] run(PtxModule module) {
        try (DeviceHeap heap = new DeviceHeap()) {
            return launch.run(new Device(heap, module));
        }
    }

    static long bits(double value) {
        return Float.floatToIntBits((float) value);
    }

    /** {@return a case for each kernel that shares memory between threads, and for the losses} */
    static List<KernelCase> all() {
        List<KernelCase> cases = new ArrayList<>(List.of(
                new KernelCase("ipk_representation_information_f32", d -> sizes(w -> representation(d, w), 39, 128)),
                new KernelCase(
                        "ipk_info_nce_candidates_f32",
                        d -> sizes(w -> infoNce(d, "ipk_info_nce_f32", w, true), 37, 64)),
                new KernelCase("ipk_kl_f32", d -> sizes(w -> kl(d, w), 70, 128)),
                new KernelCase("ipk_cross_entropy_f32", d -> sizes(w -> crossEntropy(d, w), 35, 128)),
                new KernelCase("ipk_sum_of_squares_f32", KernelCase::sumOfSquares)));
        for (String type : new String[] {"_f32", "_bf16"}) {
            String head = "ipk_head_information" + type;
            String forward = "ipk_layer_norm_forward" + type;
            String backward = "ipk_layer_norm_backward" + type;
            String infoNce = "ipk_info_nce" + type;
            cases.add(new KernelCase(infoNce, d -> sizes(w -> infoNce(d, infoNce, w, false), 37, 64)));
            cases.add(new KernelCase(head, d -> sizes(w -> head(d, head, w), 37, 128)));
            cases.add(new KernelCase(forward, d -> sizes(w -> normForward(d, forward, w), 70, 256)));
            cases.add(new KernelCase(backward, d -> sizes(w -> normBackward(d, backward, w), 70, 256)));
            for (int width : new int[] {32, 64, 128}) {
                for (int pass = 0; pass < PASSES.size(); pass++) {
                    int last = pass;
                    cases.add(new KernelCase(PASSES.get(pass) + width + type, d -> attention(d, width, type, last)));
                }
            }
        }
        return cases;
    }

    /** Runs a kernel on rows of several widths: ragged ones, and such as end where a loop ends. */
    private static double[] sizes(IntFunction<double[]> run, int... widths) {
        return Arrays.stream(widths)
                .mapToObj(run)
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    private static double[] head(Device d, String kernel, int width) {
        int rows = 3;
        long losses = d.zeros(rows);
        long dPrompts = d.normals(rows * width, 1);
        long dClass = d.zeros(rows * width);
        d.launch(
                kernel,
                rows,
                1,
                64,
                4 * width,
                width,
                d.normals(rows * width, 1),
                d.normals(kernel, 11 * width, 2),
                d.ints(3, 10, 0, 7, 7, 1, 2, 9, 5),
                d.ints(0, 7, 7, 9),
                d.normals(width, 2),
                NAN,
                bits(0.7),
                losses,
                dPrompts,
                dClass);
        return d.read(losses, rows, dPrompts, rows * width, dClass, rows * width);
    }

    /** Five rows and eleven candidates, three of each at a time in two warps. */
    private static double[] infoNce(Device d, String kernel, int width, boolean candidatesToo) {
        int rows = 5;
        int candidates = 11;
        long queries = d.normals(rows * width, 1);
        long keys = d.normals(kernel, candidates * width, 1);
        long positives = d.ints(3, 0, 10, 3, 7);
        long losses = d.zeros(rows);
        long dQueries = d.zeros(rows * width);
        long scores = d.zeros(rows * candidates);
        long logSumExp = d.zeros(rows);
        d.launch(
                kernel,
                3,
                1,
                64,
                7 * width,
                rows,
                candidates,
                width,
                3,
                queries,
                keys,
                positives,
                bits(0.3),
                bits(0.7),
                losses,
                dQueries,
                scores,
                logSumExp);
        if (!candidatesToo) {
            return d.read(losses, rows, dQueries, rows * width, scores, rows * candidates, logSumExp, rows);
        }
        long dKeys = d.zeros(candidates * width);
        d.launch(
                "ipk_info_nce_candidates_f32",
                6,
                1,
                64,
                5 * width,
                rows,
                candidates,
                width,
                3,
                queries,
                positives,
                scores,
                logSumExp,
                bits(0.21),
                dKeys);
        return d.read(dKeys, candidates * width);
    }

    private static double[] representation(Device d, int width) {
        int rows = 2;
        long losses = d.zeros(rows);
        long dContext = d.zeros(rows * width);
        long[] gradients = {
            d.normals(rows * width, 1),
            d.normals(rows * width, 1),
            d.normals(rows * width, 1),
            d.normals(rows * width, 1)
        };
        d.launch(
                "ipk_representation_information_f32",
                rows,
                1,
                64,
                5 * ((width + 3) & -4),
                width,
                5,
                d.normals(rows * width, 0.5),
                d.normals(rows * width, 1),
                d.normals(rows * width, 1.5),
                d.normals(rows * width, 1),
                d.normals(rows * width, 1.5),
                d.ints(4, 9),
                0x123456789abcdefL,
                3,
                0,
                NAN,
                bits(0.7),
                losses,
                dContext,
                gradients[0],
                gradients[1],
                gradients[2],
                gradients[3]);
        int n = rows * width;
        return d.read(losses, rows, dContext, n, gradients[0], n, gradients[1], n, gradients[2], n, gradients[3], n);
    }

    private static double[] normForward(Device d, String kernel, int width) {
        int rows = 2;
        long y = d.zeros(rows * width);
        long normalized = d.zeros(rows * width);
        long rstd = d.zeros(rows);
        d.launch(
                kernel,
                rows,
                1,
                64,
                width,
                width,
                d.normals(kernel, rows * width, 1),
                d.normals(kernel, rows * width, 1),
                d.normals(width, 1),
                d.normals(width, 1),
                bits(1e-5),
                y,
                normalized,
                rstd);
        return concat(d.read(kernel, y, rows * width, normalized, rows * width), d.read(rstd, rows));
    }

    private static double[] normBackward(Device d, String kernel, int width) {
        int rows = 2;
        long dx = d.zeros(rows * width);
        d.launch(
                kernel,
                rows,
                1,
                64,
                2 * width,
                width,
                d.normals(kernel, rows * width, 1),
                d.normals(width, 1),
                d.normals(kernel, rows * width, 1),
                d.normals(rows, 1),
                dx);
        return d.read(kernel, dx, rows * width);
    }

    private static double[] kl(Device d, int width) {
        int rows = 2;
        long losses = d.normals(rows, 1);
        long dMu = d.normals(rows * width, 1);
        long dLogStd = d.normals(rows * width, 1);
        long mu = d.normals(rows * width, 1);
        d.launch("ipk_kl_f32", rows, 1, 64, 0, width, mu, d.normals(rows * width, 2), bits(0.3), losses, dMu, dLogStd);
        return d.read(losses, rows, dMu, rows * width, dLogStd, rows * width);
    }

    private static double[] crossEntropy(Device d, int width) {
        int rows = 5;
        int classes = width;
        long losses = d.zeros(rows);
        long dLogits = d.zeros(rows * classes);
        long logits = d.normals(rows * classes, 3);
        d.launch(
                "ipk_cross_entropy_f32",
                2,
                1,
                128,
                0,
                rows,
                classes,
                logits,
                d.ints(0, 34, 7, 31, 32),
                bits(0.2),
                losses,
                dLogits);
        return d.read(losses, rows, dLogits, rows * classes);
    }

    private static double[] sumOfSquares(Device d) {
        long partials = d.zeros(4);
        d.launch("ipk_sum_of_squares_f32", 2, 1, 64, 0, 333, d.normals(333, 1), partials);
        // Read as floats: any change of a double shows in one of its halves.
        return d.read(partials, 4);
    }

    /**
     * Sequences that end in each quarter of a tile and one that is longer; {@code which} is 0 for forward, 1 and 2 for backward.
     */
    private static double[] attention(Device d, int width, String type, int which) {
        int heads = 1;
        int size = width - 3;
        int all = heads * size;
        int rows = 110;
        int[] starts = {0, 5, 18, 39, 68, rows};
        long q = d.normals(type, rows * 3 * all, 1);
        long lse = d.zeros(rows * heads);
        long out = d.zeros(rows * all);
        long delta = d.zeros(rows * heads);
        long dq = d.normals(type, rows * 3 * all, 1);
        int tile = width <= 64 ? 32 : 16;
        int tiles = (rows - 68 + tile - 1) / tile;
        long[] common = {heads, size, d.ints(starts), d.ints(starts), q, 3L * all, q, 3L * all, all, 2L * all};
        int block = tile / 2 * 8;
        d.launch(PASSES.get(0) + width + type, tiles, 5, block, 0, concat(common, out, lse));
        if (which == 0) {
            return concat(d.read(type, out, rows * all), d.read(lse, rows * heads));
        }
        long gradient = d.normals(type, rows * all, 1);
        d.launch(PASSES.get(1) + width + type, tiles, 5, block, 0, concat(common, lse, gradient, dq, delta));
        if (which == 2) {
            d.launch(PASSES.get(2) + width + type, tiles, 5, block, 0, concat(common, lse, gradient, delta, dq));
        }
        return concat(d.read(type, dq, rows * 3 * all), d.read(delta, rows * heads));
    }

    private static double[] concat(double[] first, double[] second) {
        double[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static long[] concat(long[] first, long... second) {
        long[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    @Override
    public String toString() {
        return kernel;
    }
}
