package org.infoprompt.ops.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.infoprompt.cudasim.ptx.DeviceHeap;
import org.infoprompt.cudasim.ptx.PtxMachine;
import org.infoprompt.cudasim.ptx.PtxModule;
import org.jspecify.annotations.Nullable;

/**
 * Launches of one kernel on small data, whose outputs a changed kernel must change too. Sizes are ragged, and such as end where a loop
 * ends; operands end where their allocation ends; what lies between the columns of strided ones is NaN.
 *
 * @param kernel its name
 * @param launches each runs it and returns all its outputs
 */
@SuppressWarnings("NarrowCalculation") // sizes are small
record KernelCase(String kernel, List<Launch> launches) {
    private static final long STEPS = 30_000_000;
    private static final List<String> PASSES =
            List.of("ipk_attention_forward_", "ipk_attention_backward_queries_", "ipk_attention_backward_keys_");
    /** NaNs between the columns of strided operands, in float32 and in bf16, of which four neighbours are read at a time. */
    private static final int GAP = 2;

    private static final int BF16_GAP = 4;

    /** Starts of sequences for tiles of 32 rows: such as end in each quarter of a tile, an empty one, and one of several tiles. */
    private static final int[] RAGGED = {0, 5, 18, 18, 39, 68, 110};

    /** Sequences of one and of several whole tiles. */
    private static final int[] WHOLE = {0, 32, 96};

    /** Lengths of single sequences. */
    private static final int[] LENGTHS = {1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 14, 19, 29};

    /** Lengths of sequences whose queries and keys are opposed: every score is so far below 0 that e to its distance overflows. */
    private static final int[] OPPOSED_LENGTHS = {3, 11, 19, 29};

    private static final double OPPOSED = 15;

    /** Of a row of the representation loss: more than a block has warps. */
    private static final int SAMPLES = 11;

    /** Widths of rows beside warps of 32, and four turns of a warp. */
    static final int[] WIDTHS = {5, 20, 37, 64, 100, 128, 160};

    /** Widths of rows, and warps of their blocks. */
    private static final int[][] SHAPES = {
        {37, 2}, {64, 2}, {128, 2}, {5, 1}, {20, 1}, {100, 1}, {160, 1}, {97, 3}, {20, 4}, {33, 5}, {20, 6}, {20, 7},
        {20, 8}, {500, 4}
    };

    /** As {@link #SHAPES} for threads that take four elements at a time. */
    private static final int[][] BF16_SHAPES = {
        {36, 2}, {256, 2}, {512, 2}, {4, 1}, {20, 1}, {100, 1}, {128, 1}, {160, 1}, {640, 1}, {96, 3}, {20, 4}, {32, 5},
        {20, 6}, {20, 7}, {20, 8}, {500, 4}, {1000, 2}
    };

    private static final int NAN = Float.floatToIntBits(Float.NaN);

    /** A floor of the log-probability that every row is below, so that nothing flows. */
    private static final int CLAMPED = Float.floatToIntBits(-1e-6F);

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

        Device(DeviceHeap heap, PtxModule module, String kernel, @Nullable BitSet ties) {
            this.heap = heap;
            this.module = module;
            machine = new PtxMachine(heap).limited(STEPS);
            if (ties != null) {
                machine.notingTies(kernel, ties);
            }
        }

        long normals(int n, double scale) {
            return heap.floats(random.doubles(n)
                    .map(u -> (float) ((u - 0.5) * 3.4 * scale))
                    .toArray());
        }

        /** As {@link #normals} in bf16. */
        long halves(int n, double scale) {
            return heap.rounded(normals(n, scale), n);
        }

        /** Rows of columns side by side around their means, with NaNs between them; the last row ends with the last column. */
        long columns(boolean half, int rows, int width, double... means) {
            int gap = gap(half);
            int count = means.length;
            int stride = count * (width + gap);
            double[] values = new double[rows * stride - gap];
            Arrays.fill(values, Double.NaN);
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < count; c++) {
                    for (int i = 0; i < width; i++) {
                        values[r * stride + c * (width + gap) + i] =
                                (float) (means[c] + (random.nextDouble() - 0.5) * 3.4);
                    }
                }
            }
            long floats = heap.floats(values);
            return half ? heap.rounded(floats, values.length) : floats;
        }

        /** Rows of logits, one of them with a peak where some turns of the loops begin, beside which no other may be taken for the maximum. */
        long spiked(int rows, int width) {
            double[] values = random.doubles((long) rows * width)
                    .map(u -> (float) ((u - 0.5) * 10))
                    .toArray();
            values[width + Math.max(width - 97, 0)] = 1000;
            return heap.floats(values);
        }

        long floats(double... values) {
            return heap.floats(values);
        }

        long zeros(int n) {
            return heap.floats(new double[n]);
        }

        /** Elements that are all zero, in bf16 or in float32. */
        long zeros(boolean half, int n) {
            return half ? heap.rounded(zeros(n), n) : zeros(n);
        }

        long ints(int... values) {
            return heap.ints(values);
        }

        void launch(String kernel, int gridX, int gridY, int block, int floats, long... arguments) {
            machine.launch(module, kernel, gridX, gridY, block, 4 * floats, arguments);
        }

        double[] read(long... addressesAndSizes) {
            List<double[]> parts = new ArrayList<>();
            for (int i = 0; i < addressesAndSizes.length; i += 2) {
                parts.add(heap.read(addressesAndSizes[i], (int) addressesAndSizes[i + 1]));
            }
            return parts.stream().flatMapToDouble(Arrays::stream).toArray();
        }

        /** Elements of bf16, or of float32. */
        double[] read(boolean half, long address, int n) {
            return half ? heap.halves(address, n) : read(address, n);
        }
    }

    static double[] both(double[]... parts) {
        return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
    }

    private static int gap(boolean half) {
        return half ? BF16_GAP : GAP;
    }

    /**
     * {@return the outputs of one launch}
     *
     * @param ties receives which of the kernel's comparisons compared equal numbers
     */
    double[] run(PtxModule module, int launch, @Nullable BitSet ties) {
        try (DeviceHeap heap = new DeviceHeap()) {
            return launches.get(launch).run(new Device(heap, module, kernel, ties));
        }
    }

    static long bits(double value) {
        return Float.floatToIntBits((float) value);
    }

    /** {@return a case for each kernel} */
    static List<KernelCase> all() {
        List<KernelCase> cases = new ArrayList<>(List.of(
                rows(
                        "ipk_head_information_f32",
                        SHAPES,
                        (d, width, warps) -> head(d, width, warps, NAN),
                        (d, width, warps) -> head(d, width, warps, CLAMPED)),
                rows("ipk_kl_f32", SHAPES, KernelCase::kl),
                rows(
                        "ipk_layer_norm_forward_f32",
                        SHAPES,
                        (d, width, warps) -> normForward(d, false, width, warps, true),
                        (d, width, warps) -> normForward(d, false, width, warps, false)),
                rows(
                        "ipk_layer_norm_forward_bf16",
                        BF16_SHAPES,
                        (d, width, warps) -> normForward(d, true, width, warps, true),
                        (d, width, warps) -> normForward(d, true, width, warps, false)),
                rows("ipk_layer_norm_backward_f32", SHAPES, (d, width, warps) -> normBackward(d, false, width, warps)),
                rows(
                        "ipk_layer_norm_backward_bf16",
                        BF16_SHAPES,
                        (d, width, warps) -> normBackward(d, true, width, warps)),
                sizes("ipk_cross_entropy_f32", KernelCase::crossEntropy, WIDTHS),
                new KernelCase(
                        "ipk_sum_of_squares_f32",
                        List.of(
                                d -> sumOfSquares(d, 333, 2),
                                d -> sumOfSquares(d, 256, 2),
                                d -> sumOfSquares(d, 100, 2),
                                d -> sumOfSquares(d, 500, 2),
                                d -> sumOfSquares(d, 600, 2),
                                d -> sumOfSquares(d, 40, 1),
                                d -> sumOfSquares(d, 600, 4)))));
        List<Launch> representation = new ArrayList<>();
        for (int[] shape : SHAPES) {
            representation.add(d -> representation(d, shape[0], shape[1], SAMPLES, false, NAN));
            representation.add(d -> representation(d, shape[0], shape[1], SAMPLES, false, CLAMPED));
        }
        representation.add(d -> representation(d, 560, 1, SAMPLES, false, NAN));
        representation.add(d -> representation(d, 37, 4, 3, false, NAN));
        for (int width : new int[] {5, 6, 7, 8}) {
            representation.add(d -> representation(d, width, 1, SAMPLES, true, NAN));
        }
        cases.add(new KernelCase("ipk_representation_information_f32", representation));
        cases.add(new KernelCase("ipk_info_nce_f32", infoNce(false)));
        cases.add(new KernelCase("ipk_info_nce_candidates_f32", infoNce(true)));
        cases.addAll(ElementCases.all());
        for (int width : new int[] {32, 64, 128}) {
            for (int pass = 0; pass < PASSES.size(); pass++) {
                cases.add(new KernelCase(PASSES.get(pass) + width + "_f32", attention(false, width, pass)));
                cases.add(new KernelCase(PASSES.get(pass) + width + "_bf16", attention(true, width, pass)));
            }
        }
        return cases;
    }

    /** Few rows and columns first, which end in each place of the unrolled loops; then several heads, sequences and tiles. */
    private static List<Launch> attention(boolean half, int width, int pass) {
        List<Launch> launches = new ArrayList<>();
        for (int i = 0; i < LENGTHS.length || 8 * i < width; i++) {
            int any = (8 * i + i % 7) % width;
            int size = half ? Math.max(any & -4, 4) : Math.max(any, 1);
            int length = LENGTHS[i % LENGTHS.length];
            int[] starts = {0, length};
            launches.add(d -> attention(d, half, width, 1, size, pass, starts, starts, 0));
            // The last row is the first or the second of a thread's two.
            int[] few = {0, length % 2 + 1};
            launches.add(d -> attention(d, half, width, 1, size, pass, few, few, 0));
        }
        for (int length : OPPOSED_LENGTHS) {
            int[] starts = {0, length};
            launches.add(d -> attention(d, half, width, 1, half ? 12 : 9, pass, starts, starts, OPPOSED));
        }
        launches.add(d -> attention(d, half, width, 1, width - 8, pass, WHOLE, WHOLE, 0));
        launches.add(
                d -> attention(d, half, width, 1, width - 8, pass, new int[] {0, 3, 3, 5}, new int[] {0, 0, 4, 7}, 0));
        int[] ragged = Arrays.stream(RAGGED).map(s -> s * tile(width) / 32).toArray();
        launches.add(d -> attention(d, half, width, 2, half ? width - 4 : width - 3, pass, ragged, ragged, 0));
        return launches;
    }

    private static int tile(int width) {
        return width <= 64 ? 32 : 16;
    }

    private static List<Launch> infoNce(boolean candidatesToo) {
        List<Launch> launches = new ArrayList<>();
        for (int[] shape : SHAPES) {
            launches.add(d -> infoNce(d, 5, 11, 3, shape[0], shape[1], candidatesToo));
        }
        launches.add(d -> infoNce(d, 1, 1, 3, 5, 1, candidatesToo));
        launches.add(d -> infoNce(d, 1, 2, 3, 5, 1, candidatesToo));
        launches.add(d -> infoNce(d, 6, 12, 3, 5, 2, candidatesToo));
        launches.add(d -> infoNce(d, 6, 12, 1, 37, 2, candidatesToo));
        return launches;
    }

    /** {@return a kernel on rows of several widths and blocks of several sizes} */
    private static KernelCase rows(String kernel, int[][] shapes, Shaped... runs) {
        List<Launch> launches = new ArrayList<>();
        for (Shaped run : runs) {
            for (int[] shape : shapes) {
                launches.add(d -> run.run(d, shape[0], shape[1]));
            }
        }
        return new KernelCase(kernel, launches);
    }

    /** A launch of rows of a width by blocks of some warps. */
    interface Shaped {
        double[] run(Device device, int width, int warps);
    }

    /** A launch of a size. */
    interface Sized {
        double[] run(Device device, int size);
    }

    /** {@return a kernel on several sizes: ragged ones, and such as end where a loop ends} */
    static KernelCase sizes(String kernel, Sized run, int... sizes) {
        return new KernelCase(
                kernel,
                Arrays.stream(sizes)
                        .mapToObj(size -> (Launch) d -> run.run(d, size))
                        .toList());
    }

    private static double[] head(Device d, int width, int warps, int floor) {
        int rows = 3;
        long losses = d.zeros(rows);
        long dPrompts = d.normals(rows * width, 1);
        long dClass = d.zeros(rows * width);
        d.launch(
                "ipk_head_information_f32",
                rows,
                1,
                32 * warps,
                2 * warps * width,
                width,
                d.normals(rows * width, 1),
                d.normals(11 * width, 1),
                d.ints(IntStream.range(0, 22).map(t -> (3 * t + 10) % 11).toArray()),
                d.ints(0, 19, 19, 22),
                d.normals(width, 1),
                floor,
                bits(0.7),
                losses,
                dPrompts,
                dClass);
        return d.read(losses, rows, dPrompts, rows * width, dClass, rows * width);
    }

    private static double[] infoNce(
            Device d, int rows, int candidates, int tile, int width, int warps, boolean candidatesToo) {
        long queries = d.normals(rows * width, 1);
        long keys = d.normals(candidates * width, 1);
        long positives = d.ints(
                IntStream.range(0, rows).map(r -> (7 * r + 3) % candidates).toArray());
        long losses = d.zeros(rows);
        long dQueries = d.zeros(rows * width);
        long scores = d.zeros(rows * candidates);
        long logSumExp = d.zeros(rows);
        d.launch(
                "ipk_info_nce_f32",
                (rows + warps - 1) / warps,
                1,
                32 * warps,
                (2 * warps + tile) * width,
                rows,
                candidates,
                width,
                tile,
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
                (candidates + warps - 1) / warps,
                1,
                32 * warps,
                (warps + tile) * width,
                rows,
                candidates,
                width,
                tile,
                queries,
                positives,
                scores,
                logSumExp,
                bits(0.21),
                dKeys);
        return d.read(dKeys, candidates * width);
    }

    private static double[] representation(Device d, int width, int warps, int samples, boolean explicit, int floor) {
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
                32 * warps,
                (1 + 2 * warps) * ((width + 3) & -4),
                width,
                samples,
                d.normals(rows * width, 0.1),
                d.normals(rows * width, 1),
                d.normals(rows * width, 1.5),
                d.normals(rows * width, 1),
                d.normals(rows * width, 1.5),
                d.ints(4, 9),
                0x123456789abcdefL,
                3,
                explicit ? d.normals(rows * (1 + samples) * width, 1) : 0,
                floor,
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

    private static double[] normForward(Device d, boolean half, int width, int warps, boolean all) {
        int rows = 2;
        int n = rows * width;
        long y = d.zeros(n);
        long copy = d.zeros(half, n);
        long normalized = d.zeros(half, n);
        long rstd = d.zeros(rows);
        long[] common = {
            width, d.normals(n, 1), all ? d.normals(n, 1) : 0, d.normals(width, 1), d.normals(width, 1), bits(1e-5), y
        };
        long[] kept = {all ? normalized : 0, all ? rstd : 0};
        d.launch(
                "ipk_layer_norm_forward_" + (half ? "bf16" : "f32"),
                rows,
                1,
                32 * warps,
                width,
                half ? concat(concat(common, all ? copy : 0), kept) : concat(common, kept));
        return both(d.read(y, n, rstd, rows), d.read(half, copy, n), d.read(half, normalized, n));
    }

    /** In bf16 with a copy and without one. */
    private static double[] normBackward(Device d, boolean half, int width, int warps) {
        int rows = 2;
        int n = rows * width;
        long dx = d.zeros(n);
        long alone = d.zeros(n);
        long copy = d.zeros(half, n);
        long[] operands = {
            width, d.normals(n, 1), d.normals(width, 1), half ? d.halves(n, 1) : d.normals(n, 1), d.normals(rows, 1)
        };
        String name = "ipk_layer_norm_backward_" + (half ? "bf16" : "f32");
        long[] arguments = half ? concat(operands, dx, copy) : concat(operands, dx);
        d.launch(name, rows, 1, 32 * warps, 2 * width, arguments);
        if (half) {
            d.launch(name, rows, 1, 32 * warps, 2 * width, concat(operands, alone, 0));
        }
        return both(d.read(dx, n, alone, n), d.read(half, copy, n));
    }

    private static double[] kl(Device d, int width, int warps) {
        int rows = 2;
        long losses = d.normals(rows, 1);
        long dMu = d.normals(rows * width, 1);
        long dLogStd = d.normals(rows * width, 1);
        long mu = d.normals(rows * width, 1);
        d.launch(
                "ipk_kl_f32",
                rows,
                1,
                32 * warps,
                0,
                width,
                mu,
                d.normals(rows * width, 2),
                bits(0.3),
                losses,
                dMu,
                dLogStd);
        return d.read(losses, rows, dMu, rows * width, dLogStd, rows * width);
    }

    private static double[] crossEntropy(Device d, int width) {
        int rows = 5;
        int classes = width;
        long losses = d.zeros(rows);
        long dLogits = d.zeros(rows * classes);
        long logits = d.spiked(rows, classes);
        d.launch(
                "ipk_cross_entropy_f32",
                2,
                1,
                128,
                0,
                rows,
                classes,
                logits,
                d.ints(0, classes - 1, 7 % classes, 31 % classes, 32 % classes),
                bits(0.2),
                losses,
                dLogits);
        return d.read(losses, rows, dLogits, rows * classes);
    }

    private static double[] sumOfSquares(Device d, int n, int warps) {
        long partials = d.zeros(4);
        d.launch("ipk_sum_of_squares_f32", 2, 1, 32 * warps, 0, n, d.normals(n, 1), partials);
        // Read as floats: any change of a double shows in one of its halves.
        return d.read(partials, 4);
    }

    /**
     * Sequences whose queries and keys start as said; {@code which} is 0 for forward, 1 and 2 for backward. The upstream gradient of the
     * last of several heads is NaN, which must not reach the others.
     */
    private static double[] attention(
            Device d,
            boolean half,
            int width,
            int heads,
            int size,
            int which,
            int[] queryStarts,
            int[] keyStarts,
            double opposed) {
        int tile = tile(width);
        int all = heads * size;
        int sequences = queryStarts.length - 1;
        int rows = queryStarts[sequences];
        int keys = keyStarts[sequences];
        int column = all + gap(half);
        int stride = 3 * column;
        // Queries are a layout's first column, keys and values the other two.
        long q = d.columns(half, Math.max(rows, keys), all, opposed, -opposed, 0);
        long lse = d.zeros(rows * heads);
        long out = d.zeros(half, rows * all);
        long delta = d.zeros(rows * heads);
        int longest = IntStream.range(0, sequences)
                .map(i -> Math.max(queryStarts[i + 1] - queryStarts[i], keyStarts[i + 1] - keyStarts[i]))
                .max()
                .orElseThrow();
        // One tile more than there is, as short sequences beside a long one have.
        int tiles = longest / tile + 1;
        long[] common = {heads, size, d.ints(queryStarts), d.ints(keyStarts), q, stride, q, stride, column, 2L * column
        };
        int grid = heads * sequences;
        int block = tile / 2 * 8;
        String name = width + (half ? "_bf16" : "_f32");
        d.launch(PASSES.get(0) + name, tiles, grid, block, 0, concat(common, out, lse));
        if (which == 0) {
            return both(d.read(half, out, rows * all), d.read(lse, rows * heads));
        }
        long dq = d.columns(half, Math.max(rows, keys), all, 0, 0, 0);
        double[] upstream = d.read(d.normals(rows * all, 1), rows * all);
        for (int i = 0; heads > 1 && i < upstream.length; i++) {
            upstream[i] = i % all >= all - size ? Double.NaN : upstream[i];
        }
        long floats = d.floats(upstream);
        long gradient = half ? d.heap.rounded(floats, upstream.length) : floats;
        d.launch(PASSES.get(1) + name, tiles, grid, block, 0, concat(common, lse, gradient, dq, delta));
        if (which == 2) {
            d.launch(PASSES.get(2) + name, tiles, grid, block, 0, concat(common, lse, gradient, delta, dq));
        }
        return both(d.read(half, dq, Math.max(rows, keys) * stride - gap(half)), d.read(delta, rows * heads));
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
