package org.infoprompt.bench.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.infoprompt.bench.gpu.Report.Outcome;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.cuda.CudaBackend;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.WorkspaceMemory;

/** Every kernel against the processor's double precision, in device memory. */
final class KernelCheck {
    /** Of what plain float32 code is away from double: libraries order their sums and approximate functions otherwise. */
    private static final double FACTOR = 8;

    private static final double FLOAT_SLACK = 2e-5;
    private static final double BF16_SLACK = 2e-2;

    private final Backend exact = Backends.byName("reference");
    private final Backend plain = Backends.byName("scalar");

    /**
     * {@return whether all results are near}
     *
     * @param backend under test
     * @param memory its own
     * @param problems the calls
     */
    Outcome run(Backend backend, WorkspaceMemory memory, List<KernelProblem> problems) {
        double slack = backend.precision() == org.infoprompt.ops.Precision.BF16 ? BF16_SLACK : FLOAT_SLACK;
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        double worst = 0;
        String worstName = "";
        for (KernelProblem problem : problems) {
            List<double[]> right = results(exact, KernelCheck::onHost, problem);
            List<double[]> single = results(plain, KernelCheck::onHost, problem);
            List<double[]> actual = results(backend, memory::allocate, problem);
            for (int i = 0; i < right.size(); i++) {
                double scale = 1e-6;
                double error = 0;
                double usual = 0;
                for (int j = 0; j < right.get(i).length; j++) {
                    double r = right.get(i)[j];
                    scale = Math.max(scale, Math.abs(r));
                    error = worse(error, Math.abs(actual.get(i)[j] - r));
                    usual = worse(usual, Math.abs(single.get(i)[j] - r));
                }
                double share = error / (FACTOR * usual + slack * scale);
                if (!(share <= worst)) {
                    worst = share;
                    worstName = problem.name();
                }
                if (!(share <= 1)) {
                    values.put("error", error);
                    values.put("float32Error", usual);
                    values.put("scale", scale);
                    return Outcome.failed("result " + i + " of " + problem.name() + " is wrong", values);
                }
            }
        }
        values.put("numKernels", problems.size());
        values.put("worstShareOfAllowed", worst);
        values.put("worstKernel", worstName);
        return Outcome.passed(values);
    }

    /** NaN is worse than all. */
    private static double worse(double a, double b) {
        return Double.isNaN(a) || a >= b ? a : b;
    }

    static MemorySegment onHost(long bytes, long alignment, Arena arena) {
        return arena.allocate(bytes, alignment);
    }

    /** What allocates for a problem. */
    interface Allocator {
        /** {@return memory that is all zero} */
        MemorySegment allocate(long bytes, long alignment, Arena arena);
    }

    private static List<double[]> results(Backend backend, Allocator memory, KernelProblem problem) {
        try (Arena arena = Arena.ofShared()) {
            List<MemorySegment> in = new ArrayList<>();
            List<MemorySegment> out = new ArrayList<>();
            DType inner = KernelProblem.innerType(backend);
            for (int i = 0; i < problem.inputs().size(); i++) {
                DType type = problem.innerInputs().contains(i) ? inner : backend.dtype();
                in.add(filled(problem.inputs().get(i), type, memory, arena));
            }
            for (int i = 0; i < problem.outputs().size(); i++) {
                DType type = problem.innerOutputs().contains(i) ? inner : backend.dtype();
                out.add(filled(problem.outputs().get(i), type, memory, arena));
            }
            Kernels kernels = backend.newKernels();
            problem.body().run(backend, kernels, in, out);
            kernels.await();
            List<double[]> results = new ArrayList<>();
            for (int i = 0; i < out.size(); i++) {
                DType type = problem.innerOutputs().contains(i) ? inner : backend.dtype();
                results.add(read(out.get(i), problem.outputs().get(i).length, type));
            }
            return results;
        }
    }

    /** Numbers for bf16 are such as it has. */
    static MemorySegment filled(double[] values, DType type, Allocator memory, Arena arena) {
        MemorySegment segment = memory.allocate(Math.max(1, (long) values.length * type.bytes()), 64, arena);
        for (int i = 0; i < values.length; i++) {
            if (type == DType.F64) {
                segment.setAtIndex(ValueLayout.JAVA_DOUBLE, i, values[i]);
            } else if (type == DType.BF16) {
                segment.setAtIndex(
                        ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits((float) values[i]) >>> Short.SIZE));
            } else {
                segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
            }
        }
        return segment;
    }

    static double[] read(MemorySegment segment, int n, DType type) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = switch (type) {
                case F64 -> segment.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
                case BF16 -> Float.intBitsToFloat(segment.getAtIndex(ValueLayout.JAVA_SHORT, i) << Short.SIZE);
                default -> segment.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            };
        }
        return values;
    }

    /** {@return whether InfoNCE agrees, which only the device has} */
    Outcome infoNce(CudaBackend backend, Sizes sizes) {
        int m = sizes.kernelRows();
        int k = m + 9;
        int d = sizes.kernelWidth();
        double scale = 1 / Math.sqrt(d);
        java.util.Random random = new java.util.Random(8);
        double[] queries =
                random.doubles((long) m * d, -2, 2).map(v -> (float) v).toArray();
        double[] keys = random.doubles((long) k * d, -2, 2).map(v -> (float) v).toArray();
        int[] own = random.ints(m, 0, k).toArray();
        double[] losses = new double[m];
        double[] dQueries = new double[m * d];
        double[] dKeys = new double[k * d];
        double[] p = new double[k];
        for (int r = 0; r < m; r++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < k; c++) {
                p[c] = 0;
                for (int i = 0; i < d; i++) {
                    p[c] += scale * queries[r * d + i] * keys[c * d + i];
                }
                max = Math.max(max, p[c]);
            }
            double sum = 0;
            for (int c = 0; c < k; c++) {
                sum += Math.exp(p[c] - max);
            }
            losses[r] = max + Math.log(sum) - p[own[r]];
            for (int c = 0; c < k; c++) {
                double g = scale * (Math.exp(p[c] - max) / sum - (c == own[r] ? 1 : 0));
                for (int i = 0; i < d; i++) {
                    dQueries[r * d + i] += g * keys[c * d + i];
                    dKeys[c * d + i] += g * queries[r * d + i];
                }
            }
        }
        try (Arena arena = Arena.ofShared()) {
            Allocator memory = backend.memory()::allocate;
            MemorySegment q = filled(queries, DType.F32, memory, arena);
            MemorySegment c = filled(keys, DType.F32, memory, arena);
            MemorySegment l = filled(losses, DType.F32, memory, arena).fill((byte) 0);
            MemorySegment dq = filled(dQueries, DType.F32, memory, arena).fill((byte) 0);
            MemorySegment dk = filled(dKeys, DType.F32, memory, arena).fill((byte) 0);
            backend.infoNce().run(m, k, d, q, c, own, scale, 1, l, dq, dk);
            backend.memory().await();
            SequencedMap<String, Object> values = new LinkedHashMap<>();
            double worst = Math.max(
                    relative(read(l, m, DType.F32), losses),
                    Math.max(
                            relative(read(dq, m * d, DType.F32), dQueries),
                            relative(read(dk, k * d, DType.F32), dKeys)));
            values.put("worstRelativeError", worst);
            return worst <= 1e-4 ? Outcome.passed(values) : Outcome.failed("InfoNCE is wrong", values);
        }
    }

    private static double relative(double[] actual, double[] expected) {
        double scale = 1e-6;
        double error = 0;
        for (int i = 0; i < expected.length; i++) {
            scale = Math.max(scale, Math.abs(expected[i]));
            error = worse(error, Math.abs(actual[i] - expected[i]));
        }
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error / scale;
    }
}
