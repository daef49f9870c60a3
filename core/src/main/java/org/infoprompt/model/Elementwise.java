package org.infoprompt.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.infoprompt.tensor.DType;

/** Products of elements that the kernel families have no function for; plain loops that the compiler vectorises. */
final class Elementwise {
    private Elementwise() {}

    /**
     * y = y∘x.
     *
     * @param dtype element type
     * @param n number of elements
     * @param x factors
     * @param y updated
     */
    static void multiply(DType dtype, long n, MemorySegment x, MemorySegment y) {
        if (dtype == DType.F64) {
            for (long i = 0; i < n; i++) {
                double product = y.getAtIndex(ValueLayout.JAVA_DOUBLE, i) * x.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
                y.setAtIndex(ValueLayout.JAVA_DOUBLE, i, product);
            }
            return;
        }
        for (long i = 0; i < n; i++) {
            float product = y.getAtIndex(ValueLayout.JAVA_FLOAT, i) * x.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            y.setAtIndex(ValueLayout.JAVA_FLOAT, i, product);
        }
    }
}
