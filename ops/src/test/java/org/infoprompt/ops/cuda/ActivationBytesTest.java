package org.infoprompt.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.cudasim.ptx.DeviceHeap;
import org.infoprompt.cudasim.ptx.LaunchReport;
import org.infoprompt.cudasim.ptx.PtxMachine;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the encoder's kernels must move between memory and chip, counted: each operand once, and inner activations in bf16 half as many bytes as
 * in float32.
 */
@DisabledIfSystemProperty(
        named = "infoprompt.test.expectedBackend",
        matches = "scalar",
        disabledReason = "does not depend on the backend; runs in the run with the vector module")
@SuppressWarnings({"NarrowCalculation", "IntLongMath"}) // sizes are small
class ActivationBytesTest {
    private static final int ROWS = 6;
    private static final int WIDTH = 64;
    private static final long N = ROWS * WIDTH;
    private static final long ONE = Float.floatToIntBits(1);

    /** Memory for one launch, whose inner operands are of a type. */
    private static final class Device implements AutoCloseable {
        private final DeviceHeap heap = new DeviceHeap();
        private final PtxMachine machine = new PtxMachine(heap);
        private final Storage type;

        Device(Storage type) {
            this.type = type;
        }

        long floats(long n) {
            double[] values = new double[(int) n];
            Arrays.setAll(values, i -> 0.25 * (i % 7) - 1);
            return heap.floats(values);
        }

        long inner(long n) {
            return type == Storage.BF16 ? heap.rounded(floats(n), (int) n) : floats(n);
        }

        LaunchReport launch(String kernel, int gridX, int gridY, int block, int sharedBytes, long... arguments) {
            return machine.launch(
                    FakeGpu.shipped(), kernel + type.suffix(), gridX, gridY, block, sharedBytes, arguments);
        }

        @Override
        public void close() {
            heap.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void activationsAndProductsWithSlopes(Storage type) {
        try (Device d = new Device(type)) {
            LaunchReport forward = d.launch(
                    "ipk_activation_forward",
                    2,
                    1,
                    64,
                    0,
                    N,
                    WIDTH,
                    0,
                    d.inner(N),
                    d.floats(WIDTH),
                    d.inner(N),
                    d.inner(N));
            assertThat(forward.bytesRead()).isEqualTo(type.bytes() * N + Float.BYTES * WIDTH);
            assertThat(forward.bytesWritten()).isEqualTo(2 * type.bytes() * N);
            LaunchReport backward = d.launch("ipk_multiply", 2, 1, 64, 0, N, d.inner(N), d.inner(N), d.inner(N));
            assertThat(backward.bytesRead()).isEqualTo(2 * type.bytes() * N);
            assertThat(backward.bytesWritten()).isEqualTo(type.bytes() * N);
        }
    }

    /** Rows are float32; what is kept of them, and what products read, is not. */
    @ParameterizedTest
    @EnumSource
    void norms(Storage type) {
        try (Device d = new Device(type)) {
            long[] rows = {WIDTH, d.floats(N), 0, d.floats(WIDTH), d.floats(WIDTH), ONE, d.floats(N)};
            long[] kept = {d.inner(N), d.floats(ROWS)};
            LaunchReport forward =
                    d.launch("ipk_layer_norm_forward", ROWS, 1, 64, Float.BYTES * WIDTH, withCopy(d, rows, kept));
            int copies = type == Storage.BF16 ? 1 : 0;
            assertThat(forward.bytesRead()).isEqualTo(Float.BYTES * (N + 2 * WIDTH));
            assertThat(forward.bytesWritten()).isEqualTo(Float.BYTES * (N + ROWS) + type.bytes() * (1 + copies) * N);
            long[] gradient = {WIDTH, d.floats(N), d.floats(WIDTH), d.inner(N), d.floats(ROWS), d.floats(N)};
            LaunchReport backward =
                    d.launch("ipk_layer_norm_backward", ROWS, 1, 64, 2 * Float.BYTES * WIDTH, withCopy(d, gradient));
            assertThat(backward.bytesRead()).isEqualTo(Float.BYTES * (N + WIDTH + ROWS) + type.bytes() * N);
            assertThat(backward.bytesWritten()).isEqualTo(Float.BYTES * N + type.bytes() * copies * N);
        }
    }

    /** Puts a copy between arguments where the kernels take one. */
    private static long[] withCopy(Device d, long[] first, long... last) {
        long[] all = Arrays.copyOf(first, first.length + last.length + (d.type == Storage.BF16 ? 1 : 0));
        if (d.type == Storage.BF16) {
            all[first.length] = d.inner(N);
        }
        System.arraycopy(last, 0, all, all.length - last.length, last.length);
        return all;
    }

    /** One tile of queries sees each key and value once. */
    @ParameterizedTest
    @EnumSource
    void attention(Storage type) {
        try (Device d = new Device(type)) {
            int heads = 2;
            int size = WIDTH / heads;
            long starts = d.heap.ints(0, ROWS);
            long qkv = d.inner(3 * N);
            long[] common = {heads, size, starts, starts, qkv, 3 * WIDTH, qkv, 3 * WIDTH, WIDTH, 2 * WIDTH};
            long indices = 2 * Integer.BYTES;
            long sums = Float.BYTES * ROWS * heads;
            long lse = d.floats(ROWS * heads);
            LaunchReport forward =
                    d.launch("ipk_attention_forward_32", 1, heads, 128, 0, concat(common, d.inner(N), lse));
            assertThat(forward.bytesRead()).isEqualTo(3 * type.bytes() * N + indices);
            assertThat(forward.bytesWritten()).isEqualTo(type.bytes() * N + sums);
            long dOut = d.inner(N);
            long dQkv = d.inner(3 * N);
            long delta = d.floats(ROWS * heads);
            LaunchReport queries = d.launch(
                    "ipk_attention_backward_queries_32", 1, heads, 128, 0, concat(common, lse, dOut, dQkv, delta));
            assertThat(queries.bytesRead()).isEqualTo(4 * type.bytes() * N + indices + sums);
            assertThat(queries.bytesWritten()).isEqualTo(type.bytes() * N + sums);
            LaunchReport keys = d.launch(
                    "ipk_attention_backward_keys_32", 1, heads, 128, 0, concat(common, lse, dOut, delta, dQkv));
            assertThat(keys.bytesRead()).isEqualTo(4 * type.bytes() * N + indices + 2 * sums);
            assertThat(keys.bytesWritten()).isEqualTo(2 * type.bytes() * N);
        }
    }

    @ParameterizedTest
    @EnumSource
    void movedRows(Storage type) {
        try (Device d = new Device(type)) {
            LaunchReport gather =
                    d.launch("ipk_gather", 2, 1, 64, 0, WIDTH, d.inner(N), d.heap.ints(1, 3), d.inner(2 * WIDTH));
            assertThat(gather.bytesRead()).isEqualTo(2 * type.bytes() * WIDTH + 2 * Integer.BYTES);
            assertThat(gather.bytesWritten()).isEqualTo(2 * type.bytes() * WIDTH);
            LaunchReport join = d.launch(
                    "ipk_join_rows",
                    3,
                    1,
                    64,
                    0,
                    WIDTH,
                    d.floats(2 * WIDTH),
                    d.inner(4 * WIDTH),
                    2 * WIDTH,
                    WIDTH,
                    d.heap.ints(-1, 0, 1),
                    d.inner(3 * WIDTH));
            assertThat(join.bytesRead()).isEqualTo(Float.BYTES * WIDTH + 2 * type.bytes() * WIDTH + 3 * Integer.BYTES);
            assertThat(join.bytesWritten()).isEqualTo(3 * type.bytes() * WIDTH);
        }
    }

    private static long[] concat(long[] first, long... second) {
        long[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
