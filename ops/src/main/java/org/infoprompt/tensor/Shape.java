package org.infoprompt.tensor;

import java.util.Arrays;

/** Sizes of a tensor's dimensions, outermost first, as in PyTorch; row-major. Immutable. */
public final class Shape {
    private final long[] sizes;
    private final long numElements;

    private Shape(long[] sizes) {
        long n = 1;
        for (long s : sizes) {
            if (s < 0) {
                throw new IllegalArgumentException("shape " + Arrays.toString(sizes) + " has a negative size");
            }
            n = Math.multiplyExact(n, s);
        }
        this.sizes = sizes;
        this.numElements = n;
    }

    /**
     * {@return the shape with these sizes; none means a scalar}
     *
     * @param sizes outermost first
     * @throws IllegalArgumentException if a size is negative
     * @throws ArithmeticException if the number of elements exceeds a long
     */
    public static Shape of(long... sizes) {
        return new Shape(sizes.clone());
    }

    /** {@return the number of dimensions} */
    public int rank() {
        return sizes.length;
    }

    /**
     * {@return the size of a dimension}
     *
     * @param dimension which; negative numbers count from the end
     */
    public long size(int dimension) {
        return sizes[dimension < 0 ? dimension + sizes.length : dimension];
    }

    /** {@return the number of elements} */
    public long numElements() {
        return numElements;
    }

    /** {@return a copy of the sizes} */
    public long[] sizes() {
        return sizes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape s && Arrays.equals(sizes, s.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    @Override
    public String toString() {
        return Arrays.toString(sizes);
    }
}
