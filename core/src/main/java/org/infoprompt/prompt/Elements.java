package org.infoprompt.prompt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.infoprompt.ops.Kernels;
import org.infoprompt.tensor.DType;

/**
 * Element-wise arithmetic of small trainable modules that the kernel families have no function for, one element at a time in
 * double precision.
 */
public final class Elements {
    private final DType type;
    private final Kernels kernels;

    /**
     * Chooses the element type.
     *
     * @param type F32 or F64
     * @param kernels the thread's, which are waited for before the host takes its turn
     */
    public Elements(DType type, Kernels kernels) {
        this.type = type;
        this.kernels = kernels;
    }

    /**
     * {@return an element}
     *
     * @param x the segment
     * @param index which
     */
    public double get(MemorySegment x, long index) {
        kernels.await();
        return type == DType.F64
                ? x.getAtIndex(ValueLayout.JAVA_DOUBLE, index)
                : x.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    /**
     * Sets an element.
     *
     * @param x the segment
     * @param index which
     * @param value the value
     */
    public void set(MemorySegment x, long index, double value) {
        kernels.await();
        if (type == DType.F64) {
            x.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
        } else {
            x.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
        }
    }

    /**
     * y = tanh(x); may run in place.
     *
     * @param n number of elements
     * @param x input
     * @param y output
     */
    public void tanh(long n, MemorySegment x, MemorySegment y) {
        for (long i = 0; i < n; i++) {
            set(y, i, Math.tanh(get(x, i)));
        }
    }

    /**
     * dx = dy·(1 - y²); may run in place of dy.
     *
     * @param n number of elements
     * @param y as written by {@link #tanh}
     * @param dy gradient to the output
     * @param dx gradient to the input, overwritten
     */
    public void tanhBackward(long n, MemorySegment y, MemorySegment dy, MemorySegment dx) {
        for (long i = 0; i < n; i++) {
            double v = get(y, i);
            set(dx, i, get(dy, i) * (1 - v * v));
        }
    }

    /**
     * y = y·x.
     *
     * @param n number of elements
     * @param x factors
     * @param y updated
     */
    public void multiply(long n, MemorySegment x, MemorySegment y) {
        for (long i = 0; i < n; i++) {
            set(y, i, get(y, i) * get(x, i));
        }
    }
}
