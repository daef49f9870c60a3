package org.infoprompt.bench.gpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.WeightUse;
import org.jspecify.annotations.Nullable;

/** A problem for every kernel that reads or writes inner activations in the type that a backend keeps them in. */
@SuppressWarnings("NarrowCalculation") // sizes are small
final class InnerProblems {
    private final Random random = new Random(20261129);
    private final List<KernelProblem> problems = new ArrayList<>();
    private final int rows;
    private final int width;

    private InnerProblems(Sizes sizes) {
        rows = sizes.kernelRows();
        width = sizes.kernelWidth() & -4;
    }

    static List<KernelProblem> all(Sizes sizes) {
        InnerProblems all = new InnerProblems(sizes);
        all.products();
        all.attention();
        all.norms();
        all.rows();
        return all.problems;
    }

    /** Numbers that bf16 has, so that what is stored in it is what the other backends get. */
    private double[] halves(int n, double scale) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = Float.intBitsToFloat(
                    Float.floatToRawIntBits((float) (scale * random.nextGaussian())) & -1 << Short.SIZE);
        }
        return values;
    }

    private static double[] zeros(int n) {
        return new double[n];
    }

    private void add(
            String name,
            List<double[]> in,
            Set<Integer> innerIn,
            List<double[]> out,
            Set<Integer> innerOut,
            KernelProblem.Body body) {
        problems.add(new KernelProblem(name, in, out, innerIn, innerOut, body));
    }

    private static MatmulKernels inward(Backend backend, Kernels kernels) {
        return kernels.matmul(KernelProblem.innerType(backend), KernelProblem.innerType(backend));
    }

    private void products() {
        int k = width;
        int n = width + 12;
        double[] x = halves(rows * k, 1);
        double[] w = halves(n * k, 1 / Math.sqrt(k));
        double[] bias = halves(n, 1);
        add(
                "inner linear",
                List.of(x, w, bias),
                Set.of(0),
                List.of(zeros(rows * n)),
                Set.of(0),
                (b, kernels, in, out) -> inward(b, kernels)
                        .linear(b.pack(in.get(1), n, k, WeightUse.FORWARD), rows, in.get(0), in.get(2), out.get(0)));
        add(
                "inner linear add",
                List.of(x, w, bias, halves(rows * n, 1)),
                Set.of(0),
                List.of(zeros(rows * n)),
                Set.of(),
                (b, kernels, in, out) -> kernels.matmul(KernelProblem.innerType(b), b.dtype())
                        .linearAdd(
                                b.pack(in.get(1), n, k, WeightUse.FORWARD),
                                rows,
                                in.get(0),
                                in.get(2),
                                in.get(3),
                                out.get(0)));
        for (Activation activation : Activation.values()) {
            add(
                    "inner linear " + activation,
                    List.of(x, w, bias),
                    Set.of(0),
                    List.of(zeros(rows * n), zeros(rows * n), zeros(rows * n)),
                    Set.of(0, 1, 2),
                    (b, kernels, in, out) -> {
                        var packed = b.pack(in.get(1), n, k, WeightUse.FORWARD);
                        inward(b, kernels)
                                .linearActivation(
                                        packed, rows, in.get(0), in.get(2), activation, out.get(1), out.get(0));
                        inward(b, kernels)
                                .linearActivation(packed, rows, in.get(0), in.get(2), activation, null, out.get(2));
                    });
        }
        add(
                "inner linear activation backward",
                List.of(halves(rows * n, 1), w, halves(rows * k, 1)),
                Set.of(0, 2),
                List.of(zeros(rows * k)),
                Set.of(0),
                (b, kernels, in, out) -> inward(b, kernels)
                        .linearActivationBackward(
                                b.pack(in.get(1), n, k, WeightUse.BACKWARD), rows, in.get(0), in.get(2), out.get(0)));
    }

    private void attention() {
        for (int headSize : new int[] {24, 64, 100}) {
            int heads = 2;
            int d = heads * headSize;
            int[] starts = {0, Math.max(1, rows / 7), Math.max(1, rows / 7), rows / 2, rows};
            add(
                    "inner attention " + headSize,
                    List.of(halves(rows * 3 * d, 1), halves(rows * d, 1)),
                    Set.of(0, 1),
                    List.of(zeros(rows * 3 * d), zeros(rows * d), zeros(rows * heads)),
                    Set.of(0, 1),
                    (b, kernels, in, out) -> {
                        var attention = kernels.attention(KernelProblem.innerType(b));
                        var qkv = in.get(0);
                        attention.forward(
                                heads,
                                headSize,
                                4,
                                starts,
                                starts,
                                qkv,
                                3 * d,
                                qkv,
                                3 * d,
                                d,
                                2 * d,
                                out.get(1),
                                out.get(2));
                        attention.backward(
                                heads,
                                headSize,
                                4,
                                starts,
                                starts,
                                qkv,
                                3 * d,
                                qkv,
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
                "inner layer norm",
                List.of(halves(n, 2), halves(width, 1), halves(width, 1)),
                Set.of(),
                List.of(zeros(n), zeros(n), zeros(rows), zeros(n)),
                Set.of(1, 3),
                (b, kernels, in, out) -> {
                    kernels.norm(KernelProblem.innerType(b))
                            .layerNormForward(
                                    rows,
                                    width,
                                    in.get(0),
                                    in.get(1),
                                    in.get(2),
                                    1e-5,
                                    out.get(0),
                                    copy(b, out.get(3)),
                                    out.get(1),
                                    out.get(2));
                    copyWhereThereIsNone(b, kernels, n, out.get(0), out.get(3));
                });
        add(
                "inner layer norm backward",
                List.of(halves(n, 1), halves(width, 1), halves(n, 1), halves(rows, 1)),
                Set.of(2),
                List.of(zeros(n), zeros(n)),
                Set.of(1),
                (b, kernels, in, out) -> {
                    kernels.norm(KernelProblem.innerType(b))
                            .layerNormBackward(
                                    rows,
                                    width,
                                    in.get(0),
                                    in.get(1),
                                    in.get(2),
                                    in.get(3),
                                    out.get(0),
                                    copy(b, out.get(1)));
                    copyWhereThereIsNone(b, kernels, n, out.get(0), out.get(1));
                });
    }

    /** {@return where a norm leaves a copy, null on backends of one type} */
    private static @Nullable MemorySegment copy(Backend backend, MemorySegment wanted) {
        return KernelProblem.innerType(backend) == backend.dtype() ? null : wanted;
    }

    private static void copyWhereThereIsNone(
            Backend backend, Kernels kernels, int n, MemorySegment from, MemorySegment to) {
        if (copy(backend, to) == null) {
            kernels.rows().copy(n, 1, from, 0, to, 0);
        }
    }

    private void rows() {
        int table = 7;
        int[] index = random.ints(rows, 0, table).toArray();
        int[] source = new int[rows];
        for (int r = 0; r < rows; r++) {
            source[r] = r % 3 == 0 ? -1 - r : r;
        }
        int stride = 2 * width;
        add(
                "inner gather",
                List.of(halves(table * width, 1)),
                Set.of(0),
                List.of(zeros(rows * width)),
                Set.of(0),
                (b, kernels, in, out) ->
                        kernels.rows().gather(KernelProblem.innerType(b), rows, width, in.get(0), index, out.get(0)));
        add(
                "join and split rows",
                List.of(halves(rows * width, 1), halves(rows * stride, 1)),
                Set.of(1),
                List.of(zeros(rows * width), zeros(rows * width), zeros(rows * stride)),
                Set.of(0, 2),
                (b, kernels, in, out) -> {
                    var type = KernelProblem.innerType(b);
                    var joined = out.get(0);
                    kernels.rows()
                            .joinRows(type, 0, rows, width, in.get(0), 0, in.get(1), stride, width, source, joined);
                    kernels.rows()
                            .splitRows(type, 0, rows, width, joined, source, out.get(1), 0, out.get(2), stride, width);
                });
    }
}
