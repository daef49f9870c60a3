package org.infoprompt.bench.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.Noise;
import org.infoprompt.ops.WeightUse;

/** A problem for every kernel, with ragged sizes. */
@SuppressWarnings("NarrowCalculation") // sizes are small
final class KernelProblems {
    private final Random random = new Random(20261128);
    private final List<KernelProblem> problems = new ArrayList<>();
    private final int rows;
    private final int width;

    private KernelProblems(Sizes sizes) {
        rows = sizes.kernelRows();
        width = sizes.kernelWidth();
    }

    static List<KernelProblem> all(Sizes sizes) {
        KernelProblems all = new KernelProblems(sizes);
        all.products();
        all.attention();
        all.norms();
        all.activations();
        all.rows();
        all.losses();
        all.information();
        all.optimizer();
        return all.problems;
    }

    /** Products with packed weights alone, which differ between precisions. */
    static List<KernelProblem> products(Sizes sizes) {
        KernelProblems all = new KernelProblems(sizes);
        all.products();
        return all.problems.stream().filter(p -> !p.name().startsWith("gemm")).toList();
    }

    private double[] normals(int n, double scale) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    private static double[] zeros(int n) {
        return new double[n];
    }

    private int[] indices(int n, int bound) {
        return random.ints(n, 0, bound).toArray();
    }

    private void add(String name, List<double[]> in, List<double[]> out, KernelProblem.Body body) {
        problems.add(new KernelProblem(name, in, out, Set.of(), Set.of(), body));
    }

    private void products() {
        int k = width;
        int n = width + 13;
        double[] x = normals(rows * k, 1);
        double[] w = normals(n * k, 1 / Math.sqrt(k));
        double[] bias = normals(n, 1);
        add(
                "linear",
                List.of(x, w, bias),
                List.of(zeros(rows * n)),
                (b, kernels, in, out) -> kernels.matmul()
                        .linear(b.pack(in.get(1), n, k, WeightUse.FORWARD), rows, in.get(0), in.get(2), out.get(0)));
        double[] dy = normals(rows * n, 1);
        add(
                "linear backward",
                List.of(dy, w),
                List.of(zeros(rows * k)),
                (b, kernels, in, out) -> kernels.matmul()
                        .linear(b.pack(in.get(1), n, k, WeightUse.BACKWARD), rows, in.get(0), null, out.get(0)));
        add(
                "linear add",
                List.of(x, w, bias, normals(rows * n, 1)),
                List.of(zeros(rows * n)),
                (b, kernels, in, out) -> kernels.matmul()
                        .linearAdd(
                                b.pack(in.get(1), n, k, WeightUse.FORWARD),
                                rows,
                                in.get(0),
                                in.get(2),
                                in.get(3),
                                out.get(0)));
        for (Activation activation : Activation.values()) {
            add(
                    "linear " + activation + " with slope",
                    List.of(x, w, bias),
                    List.of(zeros(rows * n), zeros(rows * n)),
                    (b, kernels, in, out) -> kernels.matmul()
                            .linearActivation(
                                    b.pack(in.get(1), n, k, WeightUse.FORWARD),
                                    rows,
                                    in.get(0),
                                    in.get(2),
                                    activation,
                                    out.get(1),
                                    out.get(0)));
            add(
                    "linear " + activation,
                    List.of(x, w, bias),
                    List.of(zeros(rows * n)),
                    (b, kernels, in, out) -> kernels.matmul()
                            .linearActivation(
                                    b.pack(in.get(1), n, k, WeightUse.FORWARD),
                                    rows,
                                    in.get(0),
                                    in.get(2),
                                    activation,
                                    null,
                                    out.get(0)));
        }
        add(
                "linear activation backward",
                List.of(dy, w, normals(rows * k, 1)),
                List.of(zeros(rows * k)),
                (b, kernels, in, out) -> kernels.matmul()
                        .linearActivationBackward(
                                b.pack(in.get(1), n, k, WeightUse.BACKWARD), rows, in.get(0), in.get(2), out.get(0)));
        for (int t = 0; t < 4; t++) {
            boolean left = t % 2 == 1;
            boolean right = t >= 2;
            add(
                    "gemm " + (left ? "T" : "N") + (right ? "T" : "N"),
                    List.of(normals(rows * k, 1), normals(k * n, 1 / Math.sqrt(k))),
                    List.of(normals(rows * n, 1)),
                    (b, kernels, in, out) ->
                            kernels.matmul().gemm(left, right, rows, n, k, 0.7, in.get(0), in.get(1), 0.3, out.get(0)));
        }
    }

    private void attention() {
        for (int headSize : new int[] {24, 64, 100}) {
            int heads = 2;
            int d = heads * headSize;
            int[] starts = {0, Math.max(1, rows / 7), Math.max(1, rows / 7), rows / 2, rows};
            double[] qkv = normals(rows * 3 * d, 1);
            double[] dOut = normals(rows * d, 1);
            add(
                    "attention " + headSize,
                    List.of(qkv),
                    List.of(zeros(rows * d), zeros(rows * heads)),
                    (b, kernels, in, out) -> kernels.attention()
                            .forward(
                                    heads,
                                    headSize,
                                    4,
                                    starts,
                                    starts,
                                    in.get(0),
                                    3 * d,
                                    in.get(0),
                                    3 * d,
                                    d,
                                    2 * d,
                                    out.get(0),
                                    out.get(1)));
            add(
                    "attention backward " + headSize,
                    List.of(qkv, dOut),
                    List.of(zeros(rows * 3 * d), zeros(rows * d), zeros(rows * heads)),
                    (b, kernels, in, out) -> {
                        kernels.attention()
                                .forward(
                                        heads,
                                        headSize,
                                        4,
                                        starts,
                                        starts,
                                        in.get(0),
                                        3 * d,
                                        in.get(0),
                                        3 * d,
                                        d,
                                        2 * d,
                                        out.get(1),
                                        out.get(2));
                        kernels.attention()
                                .backward(
                                        heads,
                                        headSize,
                                        4,
                                        starts,
                                        starts,
                                        in.get(0),
                                        3 * d,
                                        in.get(0),
                                        3 * d,
                                        d,
                                        2 * d,
                                        out.get(2),
                                        in.get(1),
                                        out.get(0),
                                        out.get(0));
                    });
        }
    }

    private void norms() {
        int n = rows * width;
        add(
                "layer norm",
                List.of(normals(n, 2), normals(width, 1), normals(width, 1)),
                List.of(zeros(n), zeros(n), zeros(rows)),
                (b, kernels, in, out) -> kernels.norm()
                        .layerNormForward(
                                rows,
                                width,
                                in.get(0),
                                in.get(1),
                                in.get(2),
                                1e-5,
                                out.get(0),
                                out.get(1),
                                out.get(2)));
        add(
                "layer norm backward",
                List.of(normals(n, 1), normals(width, 1), normals(n, 1), normals(rows, 1)),
                List.of(zeros(n)),
                (b, kernels, in, out) -> kernels.norm()
                        .layerNormBackward(rows, width, in.get(0), in.get(1), in.get(2), in.get(3), out.get(0)));
    }

    private void activations() {
        int n = rows * width;
        for (Activation activation : Activation.values()) {
            add(
                    "activation " + activation,
                    List.of(normals(n, 3)),
                    List.of(zeros(n)),
                    (b, kernels, in, out) -> kernels.activation().forward(n, activation, in.get(0), out.get(0)));
            add(
                    "activation backward " + activation,
                    List.of(normals(n, 3), normals(n, 1)),
                    List.of(zeros(n)),
                    (b, kernels, in, out) ->
                            kernels.activation().backward(n, activation, in.get(0), in.get(1), out.get(0)));
        }
    }

    private void rows() {
        int n = rows * width;
        int table = 50;
        int[] index = indices(rows, table);
        int[] source = Arrays.copyOf(index, rows);
        for (int i = 0; i < rows; i += 3) {
            source[i] = -1 - i % 4;
        }
        int[] types = indices(rows, 2);
        add(
                "embed",
                List.of(
                        normals(table * width, 1),
                        normals(4 * width, 1),
                        normals(60 * width, 1),
                        normals(2 * width, 1)),
                List.of(zeros(n)),
                (b, kernels, in, out) -> kernels.rows()
                        .embed(
                                rows,
                                width,
                                in.get(0),
                                in.get(1),
                                source,
                                in.get(2),
                                index,
                                in.get(3),
                                types,
                                out.get(0)));
        add(
                "gather",
                List.of(normals(table * width, 1)),
                List.of(zeros(n)),
                (b, kernels, in, out) -> kernels.rows().gather(rows, width, in.get(0), index, out.get(0)));
        add(
                "scatter add",
                List.of(normals(n, 1)),
                List.of(normals(table * width, 1)),
                (b, kernels, in, out) -> kernels.rows().scatterAdd(rows, width, in.get(0), index, out.get(0)));
        add(
                "copy",
                List.of(normals(n, 1)),
                List.of(zeros(n)),
                (b, kernels, in, out) -> kernels.rows().copy(rows - 1, width, in.get(0), 1, out.get(0), 0));
        add(
                "add bias",
                List.of(normals(width, 1)),
                List.of(normals(n, 1)),
                (b, kernels, in, out) -> kernels.rows().addBias(rows, width, in.get(0), out.get(0)));
        add(
                "column sums",
                List.of(normals(n, 1)),
                List.of(normals(width, 1)),
                (b, kernels, in, out) -> kernels.rows().columnSums(rows, width, 0.3, in.get(0), 0.5, out.get(0)));
        add(
                "group mean",
                List.of(normals(3 * n, 1)),
                List.of(zeros(n)),
                (b, kernels, in, out) -> kernels.rows().groupMean(rows, 3, width, in.get(0), out.get(0)));
        add(
                "group spread",
                List.of(normals(n, 1)),
                List.of(normals(3 * n, 1)),
                (b, kernels, in, out) -> kernels.rows().groupSpread(rows, 3, width, 0.2, in.get(0), out.get(0)));
        add(
                "axpby",
                List.of(normals(n, 1)),
                List.of(normals(n, 1)),
                (b, kernels, in, out) -> kernels.rows().axpby(n, 0.3, in.get(0), -0.7, out.get(0)));
        add(
                "fill",
                List.of(),
                List.of(normals(n, 1)),
                (b, kernels, in, out) -> kernels.rows().fill(n - 1, 0.25, out.get(0)));
        add("sum of squares", List.of(normals(n, 1)), List.of(zeros(1)), (b, kernels, in, out) -> {
            double sum = kernels.rows().sumOfSquares(n, in.get(0));
            kernels.rows().fill(1, sum, out.get(0));
        });
    }

    private void losses() {
        int classes = 37;
        int[] labels = indices(rows, classes);
        add(
                "cross-entropy",
                List.of(normals(rows * classes, 3)),
                List.of(zeros(rows), zeros(rows * classes)),
                (b, kernels, in, out) ->
                        kernels.loss().crossEntropy(rows, classes, in.get(0), labels, 0.1, out.get(0), out.get(1)));
        add(
                "softmax",
                List.of(normals(rows * width, 3)),
                List.of(zeros(rows * width)),
                (b, kernels, in, out) -> kernels.loss().softmax(rows, width, in.get(0), out.get(0)));
    }

    private Noise noise(int count) {
        Noise noise = new Noise(count);
        noise.set(99, 7);
        for (int r = 0; r < count; r++) {
            noise.setRow(r, 2 * r + 1);
        }
        return noise;
    }

    private void information() {
        int z = Math.min(width, 48);
        int n = rows * z;
        int samples = 12;
        Noise noise = noise(rows);
        add(
                "gaussian",
                List.of(),
                List.of(zeros(n * samples)),
                (b, kernels, in, out) ->
                        kernels.information().gaussian(noise, Noise.NEGATIVE, rows, samples, z, out.get(0)));
        add(
                "sample",
                List.of(normals(n, 1), normals(n, 1), normals(n, 1)),
                List.of(zeros(n)),
                (b, kernels, in, out) ->
                        kernels.information().sampleForward(rows, z, in.get(0), in.get(1), in.get(2), out.get(0)));
        add(
                "sample backward",
                List.of(normals(n, 1), normals(n, 1), normals(n, 1)),
                List.of(normals(n, 1), normals(n, 1)),
                (b, kernels, in, out) -> kernels.information()
                        .sampleBackward(rows, z, in.get(0), in.get(1), in.get(2), out.get(0), out.get(1)));
        add(
                "KL",
                List.of(normals(n, 1), normals(n, 1)),
                List.of(normals(rows, 1), normals(n, 1), normals(n, 1)),
                (b, kernels, in, out) -> kernels.information()
                        .kl(rows, z, in.get(0), in.get(1), 0.3, out.get(0), out.get(1), out.get(2)));
        int words = 90;
        int[] starts = new int[rows + 1];
        for (int r = 0; r < rows; r++) {
            starts[r + 1] = starts[r] + r % 5 * 3;
        }
        int[] ids = indices(Math.max(1, starts[rows]), words);
        add(
                "head information",
                List.of(normals(rows * width, 1), normals(words * width, 1), normals(width, 1)),
                List.of(zeros(rows), normals(rows * width, 1), zeros(rows * width)),
                (b, kernels, in, out) -> kernels.information()
                        .headInformation(
                                rows,
                                width,
                                in.get(0),
                                in.get(1),
                                ids,
                                starts,
                                in.get(2),
                                Double.NaN,
                                0.3,
                                out.get(0),
                                out.get(1),
                                out.get(2)));
        add(
                "representation information",
                List.of(normals(n, 0.5), normals(n, 1), normals(n, 1), normals(n, 1), normals(n, 1)),
                List.of(zeros(rows), zeros(n), normals(n, 1), normals(n, 1), normals(n, 1), normals(n, 1)),
                (b, kernels, in, out) -> kernels.information()
                        .representationInformation(
                                rows,
                                z,
                                samples,
                                in.get(0),
                                in.get(1),
                                in.get(2),
                                in.get(3),
                                in.get(4),
                                noise,
                                null,
                                Double.NaN,
                                0.3,
                                out.get(0),
                                out.get(1),
                                out.get(2),
                                out.get(3),
                                out.get(4),
                                out.get(5)));
    }

    private void optimizer() {
        int n = rows * width;
        double[] second = normals(n, 1);
        for (int i = 0; i < n; i++) {
            second[i] = Math.abs(second[i]);
        }
        add(
                "AdamW",
                List.of(normals(n, 1)),
                List.of(normals(n, 1), normals(n, 1), second),
                (b, kernels, in, out) -> kernels.optimizer()
                        .adamW(n, out.get(0), in.get(0), 0.5, out.get(1), out.get(2), 1e-2, 0.9, 0.999, 1e-8, 0.01, 3));
    }
}
