package org.infoprompt.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Off-heap float32 numbers of a benchmark. */
final class Floats {
    private Floats() {}

    static MemorySegment zeros(long n) {
        return Arena.ofAuto().allocate(n * Float.BYTES, 64);
    }

    /** Returns normals of a fixed seed. */
    static MemorySegment normals(long n, double scale) {
        MemorySegment segment = zeros(n);
        Random random = new Random(n);
        for (long i = 0; i < n; i++) {
            segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (scale * random.nextGaussian()));
        }
        return segment;
    }

    /**
     * Fails unless two results agree.
     *
     * @throws IllegalStateException if they differ by more than the tolerance
     */
    static void requireClose(String what, MemorySegment actual, MemorySegment expected, double tolerance) {
        for (long i = 0; i < expected.byteSize() / Float.BYTES; i++) {
            float a = actual.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            float e = expected.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            if (!(Math.abs(a - e) <= tolerance)) {
                throw new IllegalStateException(what + "[" + i + "] is " + a + ", expected " + e + " ± " + tolerance);
            }
        }
    }
}
