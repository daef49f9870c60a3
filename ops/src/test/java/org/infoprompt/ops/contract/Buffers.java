package org.infoprompt.ops.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.infoprompt.tensor.DType;

/**
 * Segments of one element type for one kernel call, each longer than needed and off any vector boundary. Afterwards the
 * excess must be as it was, and inputs unchanged.
 */
final class Buffers {
    private static final int GUARD = 37;
    private static final double CANARY = -12345.5;
    private static final double GARBAGE = 777;

    private final DType dtype;
    private final List<Buffer> buffers = new ArrayList<>();
    private final Map<String, Result> results = new LinkedHashMap<>();

    Buffers(DType dtype) {
        this.dtype = dtype;
    }

    /** One segment: {@code memory} is what the kernel gets. */
    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    record Buffer(MemorySegment memory, double[] initial, boolean isInput) {}

    /** An output's values and what its errors are measured against. */
    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    record Result(double[] values, double leastScale) {}

    MemorySegment in(double... values) {
        return add(values, true);
    }

    MemorySegment inOut(double... values) {
        return add(values, false);
    }

    MemorySegment out(int n) {
        double[] garbage = new double[n];
        Arrays.fill(garbage, GARBAGE);
        return add(garbage, false);
    }

    /** Notes an output; its errors are measured against its largest value. */
    void result(String name, MemorySegment memory) {
        result(name, memory, 0);
    }

    /** Notes an output whose terms are larger than its values, such as a loss near 0. */
    void result(String name, MemorySegment memory, double leastScale) {
        results.put(name, new Result(read(memory), leastScale));
    }

    Map<String, Result> results() {
        return results;
    }

    double[] read(MemorySegment memory) {
        for (Buffer b : buffers) {
            if (b.memory.equals(memory)) {
                return read(memory, 0, b.initial.length);
            }
        }
        throw new AssertionError("unknown buffer");
    }

    /** Checks that nothing but outputs changed. */
    void assertGuards() {
        for (Buffer b : buffers) {
            int n = b.initial.length;
            assertThat(read(b.memory, n, n + GUARD)).as("beyond the end").containsOnly(CANARY);
            if (b.isInput) {
                assertThat(read(b.memory, 0, n)).as("input").isEqualTo(b.initial);
            }
        }
    }

    /** Checks that nothing at all changed. */
    void assertUntouched() {
        assertGuards();
        for (Buffer b : buffers) {
            assertThat(read(b.memory, 0, b.initial.length)).isEqualTo(b.initial);
        }
    }

    private MemorySegment add(double[] values, boolean isInput) {
        long bytes = dtype.bytes();
        MemorySegment memory =
                Arena.ofAuto().allocate((values.length + GUARD + 1) * bytes, 64).asSlice(bytes);
        double[] stored = new double[values.length];
        for (int i = 0; i < values.length + GUARD; i++) {
            double value = i < values.length ? values[i] : CANARY;
            if (dtype == DType.F64) {
                memory.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i, value);
            } else {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) value);
            }
            if (i < values.length) {
                stored[i] = get(memory, i);
            }
        }
        buffers.add(new Buffer(memory, stored, isInput));
        return memory;
    }

    private double[] read(MemorySegment memory, int from, int to) {
        double[] values = new double[to - from];
        for (int i = from; i < to; i++) {
            values[i - from] = get(memory, i);
        }
        return values;
    }

    private double get(MemorySegment memory, int i) {
        return dtype == DType.F64
                ? memory.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i)
                : memory.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
    }
}
