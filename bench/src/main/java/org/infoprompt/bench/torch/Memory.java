package org.infoprompt.bench.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;

/** Operands of benchmarks. */
final class Memory {
    private Memory() {}

    /** Returns float32 numbers of the size of weights or activations; no subnormal ones. */
    static MemorySegment random(Arena arena, long length) {
        Random random = new Random(length);
        MemorySegment memory = arena.allocate(length * Float.BYTES, 64);
        for (long i = 0; i < length; i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian() / 4);
        }
        return memory;
    }

    /** Returns float32 numbers cut to bfloat16. */
    static MemorySegment halves(Arena arena, MemorySegment from) {
        long length = from.byteSize() / Float.BYTES;
        MemorySegment memory = arena.allocate(length * Short.BYTES, 64);
        for (long i = 0; i < length; i++) {
            int bits = Float.floatToRawIntBits(from.getAtIndex(ValueLayout.JAVA_FLOAT, i));
            memory.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >>> 16));
        }
        return memory;
    }

    /** Returns x·weightᵀ + bias by plain loops: [rows, out]. */
    static MemorySegment product(
            Arena arena, MemorySegment x, MemorySegment weight, MemorySegment bias, int rows, int out, int in) {
        MemorySegment y = arena.allocate(4L * rows * out, 64);
        Backend scalar = Backends.byName("scalar");
        PackedWeight packed = scalar.pack(weight, out, in, WeightUse.FORWARD);
        scalar.newKernels().matmul().linear(packed, rows, x, bias, y);
        return y;
    }

    /** Throws unless two results are close. */
    static void check(MemorySegment actual, MemorySegment expected, double tolerance) {
        for (long i = 0; i < expected.byteSize() / Float.BYTES; i++) {
            double a = actual.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            double e = expected.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            if (!(Math.abs(a - e) <= tolerance)) {
                throw new IllegalStateException("element " + i + " is " + a + ", expected " + e);
            }
        }
    }
}
