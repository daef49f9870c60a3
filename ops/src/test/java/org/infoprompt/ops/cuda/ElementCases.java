package org.infoprompt.ops.cuda;

import static org.infoprompt.ops.cuda.KernelCase.bits;
import static org.infoprompt.ops.cuda.KernelCase.sizes;

import java.util.List;
import org.infoprompt.ops.cuda.KernelCase.Device;

/** Cases of the kernels whose threads share nothing: a thread per element, column, group or row. */
@SuppressWarnings("NarrowCalculation") // sizes are small
final class ElementCases {
    private static final int BLOCK = 64;

    private ElementCases() {}

    static List<KernelCase> all() {
        return List.of(
                sizes("ipk_activation_forward_f32", (d, n) -> activationForward(d, false, n), 100, 128, 300),
                sizes("ipk_activation_forward_bf16", (d, n) -> activationForward(d, true, n), 400, 512, 1200),
                sizes("ipk_activation_backward_f32", ElementCases::activationBackward, 100, 128, 300),
                sizes("ipk_multiply_f32", (d, n) -> multiply(d, false, n), 100, 128, 300, 500, 640),
                sizes("ipk_multiply_bf16", (d, n) -> multiply(d, true, n), 400, 512, 1200, 2000, 2560),
                sizes("ipk_axpby_f32", ElementCases::axpby, 100, 128, 300, 500, 640),
                sizes("ipk_adamw_f32", ElementCases::adamW, 100, 128, 300, 500, 640),
                sizes("ipk_to_bf16_f32", ElementCases::toBf16, 100, 128, 300),
                sizes("ipk_add_bias_f32", ElementCases::addBias, 100, 128, 300, 500, 640),
                sizes("ipk_group_spread_f32", ElementCases::groupSpread, 4, 32, 30, 83, 100),
                sizes("ipk_sample_forward_f32", ElementCases::sampleForward, 100, 128, 300, 500, 640),
                sizes("ipk_sample_backward_f32", ElementCases::sampleBackward, 100, 128, 300, 500, 640),
                sizes("ipk_gaussian_f32", ElementCases::gaussian, 1, 2, 3, 4, 16, 37, 44),
                sizes("ipk_softmax_f32", ElementCases::softmax, KernelCase.WIDTHS),
                sizes("ipk_embed_f32", ElementCases::embed, 37, 64, 100, 128),
                sizes("ipk_gather_f32", (d, width) -> gather(d, false, width), 37, 64, 100, 128),
                sizes("ipk_gather_bf16", (d, width) -> gather(d, true, width), 148, 256, 400, 512),
                sizes("ipk_join_rows_f32", (d, width) -> joinRows(d, false, width), 37, 64, 100, 128),
                sizes("ipk_join_rows_bf16", (d, width) -> joinRows(d, true, width), 148, 256, 400, 512),
                sizes("ipk_split_rows_f32", (d, width) -> splitRows(d, false, width), 37, 64, 100, 128),
                sizes("ipk_split_rows_bf16", (d, width) -> splitRows(d, true, width), 148, 256, 400, 512),
                sizes("ipk_scatter_add_f32", ElementCases::scatterAdd, 37, 64, 100, 128),
                sizes("ipk_column_sums_f32", ElementCases::columnSums, 37, 64, 100, 128),
                sizes("ipk_group_mean_f32", ElementCases::groupMean, 37, 64, 100, 128));
    }

    /** Every activation, with and without bias and slope; two blocks, so that some sizes take several turns. */
    private static double[] activationForward(Device d, boolean half, int n) {
        int width = n / 4;
        long x = operand(d, half, n, 3);
        double[][] results = new double[12][];
        for (int kind = 0; kind < 3; kind++) {
            for (int with = 0; with < 2; with++) {
                long slope = d.zeros(half, n);
                long y = d.zeros(half, n);
                long bias = with == 1 ? d.normals(width, 1) : 0;
                d.launch(
                        "ipk_activation_forward_" + type(half),
                        2,
                        1,
                        BLOCK,
                        0,
                        n,
                        width,
                        kind,
                        x,
                        bias,
                        with == 1 ? slope : 0,
                        y);
                results[4 * kind + 2 * with] = d.read(half, slope, n);
                results[4 * kind + 2 * with + 1] = d.read(half, y, n);
            }
        }
        return KernelCase.both(results);
    }

    private static String type(boolean half) {
        return half ? "bf16" : "f32";
    }

    private static long operand(Device d, boolean half, int n, double scale) {
        return half ? d.halves(n, scale) : d.normals(n, scale);
    }

    private static double[] activationBackward(Device d, int n) {
        long x = d.normals(n, 3);
        long dy = d.normals(n, 1);
        long[] results = new long[3];
        for (int kind = 0; kind < 3; kind++) {
            results[kind] = d.zeros(n);
            d.launch("ipk_activation_backward_f32", 2, 1, BLOCK, 0, n, kind, x, dy, results[kind]);
        }
        return read(d, n, results);
    }

    private static double[] multiply(Device d, boolean half, int n) {
        long y = d.zeros(half, n);
        d.launch("ipk_multiply_" + type(half), 2, 1, BLOCK, 0, n, operand(d, half, n, 1), operand(d, half, n, 1), y);
        return d.read(half, y, n);
    }

    private static double[] axpby(Device d, int n) {
        long x = d.normals(n, 1);
        long y = d.normals(n, 1);
        long z = d.zeros(n);
        d.launch("ipk_axpby_f32", 2, 1, BLOCK, 0, n, bits(0.3), x, bits(0.7), y);
        d.launch("ipk_axpby_f32", 2, 1, BLOCK, 0, n, bits(0.3), x, bits(0), z);
        return d.read(y, n, z, n);
    }

    private static double[] adamW(Device d, int n) {
        long parameter = d.normals(n, 1);
        long first = d.normals(n, 1);
        double[] squares = d.read(d.normals(n, 1), n);
        for (int i = 0; i < n; i++) {
            squares[i] *= squares[i];
        }
        long second = d.floats(squares);
        d.launch(
                "ipk_adamw_f32",
                2,
                1,
                BLOCK,
                0,
                n,
                parameter,
                d.normals(n, 1),
                bits(0.5),
                first,
                second,
                bits(0.9),
                bits(0.1),
                bits(0.99),
                bits(0.01),
                bits(0.1),
                bits(0.3),
                bits(1e-8),
                bits(0.99));
        return d.read(parameter, n, first, n, second, n);
    }

    private static double[] toBf16(Device d, int n) {
        long out = d.zeros((n + 1) / 2);
        d.launch("ipk_to_bf16_f32", 2, 1, BLOCK, 0, n, d.normals(n, 1), out);
        return d.read(out, (n + 1) / 2);
    }

    private static double[] addBias(Device d, int n) {
        int width = n / 4;
        long y = d.normals(n, 1);
        d.launch("ipk_add_bias_f32", 2, 1, BLOCK, 0, n, width, d.normals(width, 1), y);
        return d.read(y, n);
    }

    private static double[] groupSpread(Device d, int width) {
        int rows = 2;
        int group = 3;
        int n = rows * group * width;
        long x = d.normals(n, 1);
        d.launch("ipk_group_spread_f32", 2, 1, BLOCK, 0, n, group, width, bits(0.3), d.normals(rows * width, 1), x);
        return d.read(x, n);
    }

    private static double[] sampleForward(Device d, int n) {
        long z = d.zeros(n);
        d.launch("ipk_sample_forward_f32", 2, 1, BLOCK, 0, n, d.normals(n, 1), d.normals(n, 2), d.normals(n, 1), z);
        return d.read(z, n);
    }

    private static double[] sampleBackward(Device d, int n) {
        long dMu = d.normals(n, 1);
        long dLogStd = d.normals(n, 1);
        d.launch(
                "ipk_sample_backward_f32",
                2,
                1,
                BLOCK,
                0,
                n,
                d.normals(n, 2),
                d.normals(n, 1),
                d.normals(n, 1),
                dMu,
                dLogStd);
        return d.read(dMu, n, dLogStd, n);
    }

    private static double[] gaussian(Device d, int width) {
        int rows = 2;
        int samples = 3;
        int n = rows * samples * width;
        long out = d.zeros(n);
        d.launch("ipk_gaussian_f32", 1, 1, BLOCK, 0, rows, samples, width, d.ints(4, 9), 0x123456789abcdefL, 3, 1, out);
        return d.read(out, n);
    }

    private static double[] softmax(Device d, int width) {
        int rows = 5;
        long y = d.zeros(rows * width);
        d.launch("ipk_softmax_f32", 2, 1, 128, 0, rows, width, d.spiked(rows, width), y);
        return d.read(y, rows * width);
    }

    /** Words and prompts, the first and the last of each. */
    private static double[] embed(Device d, int width) {
        int rows = 5;
        long words = d.normals(4 * width, 1);
        long prompts = d.normals(2 * width, 1);
        long positions = d.normals(6 * width, 1);
        long source = d.ints(0, 3, -1, -2, 1);
        long positionIds = d.ints(5, 0, 1, 2, 3);
        long typed = d.zeros(rows * width);
        long plain = d.zeros(rows * width);
        d.launch(
                "ipk_embed_f32",
                rows,
                1,
                BLOCK,
                0,
                width,
                words,
                prompts,
                source,
                positions,
                positionIds,
                d.normals(2 * width, 1),
                d.ints(0, 1, 0, 1, 1),
                typed);
        d.launch(
                "ipk_embed_f32", rows, 1, BLOCK, 0, width, words, prompts, source, positions, positionIds, 0, 0, plain);
        return d.read(typed, rows * width, plain, rows * width);
    }

    private static double[] gather(Device d, boolean half, int width) {
        long out = d.zeros(half, 3 * width);
        d.launch(
                "ipk_gather_" + type(half),
                3,
                1,
                BLOCK,
                0,
                width,
                operand(d, half, 4 * width, 1),
                d.ints(3, 0, 2),
                out);
        return d.read(half, out, 3 * width);
    }

    /** Rows of a table and of the last columns of a buffer, the first and the last of each. */
    private static double[] joinRows(Device d, boolean half, int width) {
        int stride = width + 8;
        long joined = d.zeros(half, 5 * width);
        d.launch(
                "ipk_join_rows_" + type(half),
                5,
                1,
                BLOCK,
                0,
                width,
                d.normals(2 * width, 1),
                operand(d, half, 3 * stride, 1),
                stride,
                8,
                d.ints(2, -1, 0, -2, 1),
                joined);
        return d.read(half, joined, 5 * width);
    }

    private static double[] splitRows(Device d, boolean half, int width) {
        int stride = width + 8;
        long table = d.zeros(2 * width);
        long buffer = d.zeros(half, 3 * stride);
        d.launch(
                "ipk_split_rows_" + type(half),
                5,
                1,
                BLOCK,
                0,
                width,
                operand(d, half, 5 * width, 1),
                d.ints(2, -1, 0, -2, 1),
                table,
                buffer,
                stride,
                8);
        return KernelCase.both(d.read(table, 2 * width), d.read(half, buffer, 3 * stride));
    }

    /** Numbers of rows that a loop taken by fours ends in each way. */
    private static double[] scatterAdd(Device d, int width) {
        long table = d.normals(3 * width, 1);
        for (int rows : new int[] {0, 1, 4, 7}) {
            long index = rows == 0 ? 0 : d.ints(java.util.Arrays.copyOf(new int[] {2, 0, 2, 1, 1, 0, 2}, rows));
            long source = rows == 0 ? 0 : d.normals(rows * width, 1);
            d.launch("ipk_scatter_add_f32", 3, 1, BLOCK, 0, rows, width, source, index, table);
        }
        return d.read(table, 3 * width);
    }

    private static double[] columnSums(Device d, int width) {
        long[] results = new long[4];
        int[] rows = {0, 1, 4, 7};
        for (int i = 0; i < rows.length; i++) {
            results[i] = d.normals(width, 1);
            long x = rows[i] == 0 ? 0 : d.normals(rows[i] * width, 1);
            long beta = Double.doubleToLongBits(i == 1 ? 0 : 0.7);
            d.launch(
                    "ipk_column_sums_f32",
                    3,
                    1,
                    BLOCK,
                    0,
                    rows[i],
                    width,
                    Double.doubleToLongBits(0.3),
                    x,
                    beta,
                    results[i]);
        }
        return read(d, width, results);
    }

    private static double[] groupMean(Device d, int width) {
        long[] results = new long[4];
        int[] groups = {1, 4, 7, 0};
        for (int i = 0; i < groups.length; i++) {
            results[i] = d.zeros(2 * width);
            d.launch(
                    "ipk_group_mean_f32",
                    2,
                    1,
                    BLOCK,
                    0,
                    groups[i],
                    width,
                    d.normals(Math.max(2 * groups[i] * width, 1), 1),
                    results[i]);
        }
        return read(d, 2 * width, results);
    }

    private static double[] read(Device d, int n, long... addresses) {
        long[] all = new long[2 * addresses.length];
        for (int i = 0; i < addresses.length; i++) {
            all[2 * i] = addresses[i];
            all[2 * i + 1] = n;
        }
        return d.read(all);
    }
}
