package org.infoprompt.cudasim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.infoprompt.cudasim.ptx.DeviceHeap;
import org.infoprompt.ffi.cublaslt.cublasLt_h;
import org.infoprompt.ops.reference.PlainActivationKernels;

/** cuBLASLt's products as its documentation defines them: column-major, in plain loops over the fake device's memory. */
public final class FakeCublasLt extends FakeLibrary {
    private static final int HEURISTIC_BYTES = 96;
    private static final int ALGO_BYTES = 64;
    private static final byte ALGO = 0x5A;
    private static final long WORKSPACE_BYTES = 4096;

    /** What the library assumes of operands of which nothing is said. */
    private static final long DEFAULT_ALIGNMENT = 256;

    private static final int[] ALIGNMENTS = {
        cublasLt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES(),
        cublasLt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES(),
        cublasLt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES(),
        cublasLt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES()
    };

    private final FakeDriver driver;
    private final Map<Long, Map<Integer, Long>> objects = new HashMap<>();
    private long handles = 0x9000;
    private int shift;

    /** A matrix of the library: column-major, {@code ld} elements from column to column. */
    private record Matrix(MemorySegment memory, long ld, boolean transposed, boolean half) {
        float get(long row, long column) {
            long index = transposed ? column + row * ld : row + column * ld;
            if (half) {
                return Float.intBitsToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, index) << 16);
            }
            return memory.getAtIndex(ValueLayout.JAVA_FLOAT, index);
        }

        void set(long row, long column, float value) {
            if (half) {
                memory.setAtIndex(ValueLayout.JAVA_SHORT, row + column * ld, DeviceHeap.bfloat16(value));
            } else {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, row + column * ld, value);
            }
        }

        /** {@return a row or a column as an array} */
        float[] vector(long number, boolean isRow, int length) {
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = isRow ? get(number, i) : get(i, number);
            }
            return values;
        }
    }

    FakeCublasLt(FakeDriver driver) {
        super(cublasLt_h.class, cublasLt_h.CUBLAS_STATUS_EXECUTION_FAILED());
        this.driver = driver;
        MemorySegment failed = text("a fake failure");
        define("cublasLtGetStatusName", a -> failed);
        define("cublasLtGetStatusString", a -> failed);
        define("cublasLtGetVersion", a -> 130000);
        define("cublasLtCreate", a -> create(a[0], Map.of()));
        define("cublasLtDestroy", a -> destroy(a[0]));
        define("cublasLtMatmulDescCreate", a -> create(a[0], Map.of()));
        define("cublasLtMatmulDescDestroy", a -> destroy(a[0]));
        define("cublasLtMatmulDescSetAttribute", a -> {
            MemorySegment value = memory(a[2], (long) a[3]);
            object(a[0])
                    .put(
                            (int) a[1],
                            (long) a[3] == 4
                                    ? value.get(ValueLayout.JAVA_INT, 0)
                                    : value.get(ValueLayout.JAVA_LONG, 0));
            return 0;
        });
        define(
                "cublasLtMatrixLayoutCreate",
                a -> create(
                        a[0],
                        Map.of(
                                cublasLt_h.CUBLASLT_MATRIX_LAYOUT_TYPE(), (long) (int) a[1],
                                cublasLt_h.CUBLASLT_MATRIX_LAYOUT_ROWS(), (long) a[2],
                                cublasLt_h.CUBLASLT_MATRIX_LAYOUT_COLS(), (long) a[3],
                                cublasLt_h.CUBLASLT_MATRIX_LAYOUT_LD(), (long) a[4])));
        define("cublasLtMatrixLayoutDestroy", a -> destroy(a[0]));
        define("cublasLtMatmulPreferenceCreate", a -> create(a[0], Map.of()));
        define("cublasLtMatmulPreferenceDestroy", a -> destroy(a[0]));
        define("cublasLtMatmulPreferenceSetAttribute", a -> {
            MemorySegment value = memory(a[2], (long) a[3]);
            object(a[0])
                    .put(
                            (int) a[1],
                            (long) a[3] == 4
                                    ? value.get(ValueLayout.JAVA_INT, 0)
                                    : value.get(ValueLayout.JAVA_LONG, 0));
            return 0;
        });
        define("cublasLtMatmulAlgoGetHeuristic", a -> {
            // The header's layout in plain numbers: algo 64 bytes, size_t workspaceSize, int state, float wavesCount.
            MemorySegment result = memory(a[8], HEURISTIC_BYTES);
            result.asSlice(shift, ALGO_BYTES).copyFrom(MemorySegment.ofArray(algo()));
            Map<Integer, Long> preference = object(a[6]);
            if (preference.getOrDefault(cublasLt_h.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES(), 0L) < WORKSPACE_BYTES) {
                return putInt(a[9], 0);
            }
            // The algorithm relies on the alignments that were promised.
            for (int i = 0; i < ALIGNMENTS.length; i++) {
                long promised = preference.getOrDefault(ALIGNMENTS[i], DEFAULT_ALIGNMENT);
                result.set(ValueLayout.JAVA_INT, shift + (long) i * Integer.BYTES, (int) promised);
            }
            result.set(ValueLayout.JAVA_LONG, shift + ALGO_BYTES, WORKSPACE_BYTES);
            result.set(ValueLayout.JAVA_INT, shift + ALGO_BYTES + Long.BYTES, 0);
            return putInt(a[9], 1);
        });
        define("cublasLtMatmul", this::matmul);
    }

    /** Makes the library lay its results out as an older or newer one might: everything this many bytes later. */
    public void shiftResults(int bytes) {
        shift = bytes;
    }

    /** {@return objects that were not destroyed} */
    public int liveObjects() {
        return objects.size();
    }

    private int matmul(Object[] a) {
        object(a[0]);
        MemorySegment algo = memory(a[12], ALGO_BYTES);
        long promises = (long) ALIGNMENTS.length * Integer.BYTES;
        if (algo.asSlice(promises).mismatch(MemorySegment.ofArray(algo()).asSlice(promises)) != -1
                || !a[14].equals(WORKSPACE_BYTES)) {
            throw new IllegalArgumentException("an algorithm that the heuristic did not give");
        }
        int[] operands = {3, 5, 8, 10};
        for (int i = 0; i < operands.length; i++) {
            int promised = algo.getAtIndex(ValueLayout.JAVA_INT, i);
            if (address(a[operands[i]]) % promised != 0) {
                throw new IllegalArgumentException("operand " + "ABCD".charAt(i) + " is not aligned to the " + promised
                        + " bytes that the algorithm was chosen for");
            }
        }
        driver.heap().segment(address(a[13]), WORKSPACE_BYTES);
        Map<Integer, Long> operation = new HashMap<>(object(a[1]));
        MemorySegment alpha = memory(a[2], 4);
        MemorySegment beta = memory(a[7], 4);
        float scale = alpha.get(ValueLayout.JAVA_FLOAT, 0);
        float keep = beta.get(ValueLayout.JAVA_FLOAT, 0);
        Map<Integer, Long> result = object(a[11]);
        long rows = size(result, cublasLt_h.CUBLASLT_MATRIX_LAYOUT_ROWS());
        long columns = size(result, cublasLt_h.CUBLASLT_MATRIX_LAYOUT_COLS());
        boolean transposeA = attribute(operation, cublasLt_h.CUBLASLT_MATMUL_DESC_TRANSA()) == 1;
        boolean transposeB = attribute(operation, cublasLt_h.CUBLASLT_MATMUL_DESC_TRANSB()) == 1;
        Matrix left = matrix(a[3], object(a[4]), transposeA);
        Matrix right = matrix(a[5], object(a[6]), transposeB);
        long inner = size(
                object(a[4]),
                transposeA ? cublasLt_h.CUBLASLT_MATRIX_LAYOUT_ROWS() : cublasLt_h.CUBLASLT_MATRIX_LAYOUT_COLS());
        Matrix old = matrix(a[8], object(a[9]), false);
        Matrix target = matrix(a[10], result, false);
        if (left.half != right.half || target.half != old.half || (target.half && !left.half)) {
            throw new IllegalArgumentException("no algorithm for these types");
        }
        int epilogue = (int) attribute(operation, cublasLt_h.CUBLASLT_MATMUL_DESC_EPILOGUE());
        long bias = operation.getOrDefault(cublasLt_h.CUBLASLT_MATMUL_DESC_BIAS_POINTER(), 0L);
        // The library takes a bias of the result's type.
        Matrix added = epilogue == cublasLt_h.CUBLASLT_EPILOGUE_DEFAULT()
                ? target
                : new Matrix(driver.heap().segment(bias, (target.half ? 2 : 4) * rows), rows, false, target.half);
        driver.product(() -> {
            float[][] lefts = new float[Math.toIntExact(rows)][];
            for (int r = 0; r < rows; r++) {
                lefts[r] = left.vector(r, true, (int) inner);
            }
            for (long c = 0; c < columns; c++) {
                float[] column = right.vector(c, false, (int) inner);
                for (int r = 0; r < rows; r++) {
                    float sum = 0;
                    for (int k = 0; k < inner; k++) {
                        sum = Math.fma(lefts[r][k], column[k], sum);
                    }
                    float value = scale * sum;
                    if (keep != 0) {
                        value += keep * old.get(r, c);
                    }
                    if (epilogue != cublasLt_h.CUBLASLT_EPILOGUE_DEFAULT()) {
                        value += added.get(r, 0);
                    }
                    target.set(r, c, finished(epilogue, value));
                }
            }
        });
        return 0;
    }

    private static byte[] algo() {
        byte[] bytes = new byte[ALGO_BYTES];
        Arrays.fill(bytes, ALGO);
        return bytes;
    }

    private static float finished(int epilogue, float value) {
        if (epilogue == cublasLt_h.CUBLASLT_EPILOGUE_RELU_BIAS()) {
            return Math.max(value, 0);
        }
        return epilogue == cublasLt_h.CUBLASLT_EPILOGUE_GELU_BIAS()
                ? (float) PlainActivationKernels.value(org.infoprompt.ops.Activation.GELU_TANH, value)
                : value;
    }

    /** Checks that the whole matrix lies in device memory. */
    private Matrix matrix(Object pointer, Map<Integer, Long> layout, boolean transposed) {
        long rows = size(layout, cublasLt_h.CUBLASLT_MATRIX_LAYOUT_ROWS());
        long columns = size(layout, cublasLt_h.CUBLASLT_MATRIX_LAYOUT_COLS());
        long ld = size(layout, cublasLt_h.CUBLASLT_MATRIX_LAYOUT_LD());
        long type = attribute(layout, cublasLt_h.CUBLASLT_MATRIX_LAYOUT_TYPE());
        boolean half = type == cublasLt_h.CUDA_R_16BF();
        if ((!half && type != cublasLt_h.CUDA_R_32F()) || ld < rows) {
            throw new IllegalArgumentException("layout " + layout);
        }
        long bytes = (half ? 2 : 4) * (ld * (columns - 1) + rows);
        return new Matrix(driver.heap().segment(address(pointer), bytes), ld, transposed, half);
    }

    private static long size(Map<Integer, Long> layout, int which) {
        return attribute(layout, which);
    }

    private static long attribute(Map<Integer, Long> object, int which) {
        Long value = object.get(which);
        if (value == null) {
            throw new IllegalArgumentException("attribute " + which + " is not set");
        }
        return value;
    }

    private int create(Object out, Map<Integer, Long> attributes) {
        objects.put(++handles, new HashMap<>(attributes));
        return putLong(out, handles);
    }

    private int destroy(Object handle) {
        return objects.remove(address(handle)) != null ? 0 : cublasLt_h.CUBLAS_STATUS_INVALID_VALUE();
    }

    private Map<Integer, Long> object(Object handle) {
        Map<Integer, Long> object = objects.get(address(handle));
        if (object == null) {
            throw new IllegalArgumentException("no such object: " + handle);
        }
        return object;
    }
}
