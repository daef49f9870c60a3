package org.infoprompt.ops.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.infoprompt.tensor.DType;

/** Reads and writes elements as doubles, whatever they are stored as; little-endian, at any alignment. */
abstract sealed class Elements {
    /**
     * Returns the access to elements of a type.
     *
     * @throws IllegalArgumentException if it is neither F32 nor F64
     */
    static Elements of(DType dtype) {
        return switch (dtype) {
            case F32 -> Singles.INSTANCE;
            case F64 -> Doubles.INSTANCE;
            default -> throw new IllegalArgumentException("element type " + dtype + " must be F32 or F64");
        };
    }

    /** Returns the size of an element in bytes. */
    abstract int bytes();

    abstract double get(MemorySegment segment, long index);

    abstract void set(MemorySegment segment, long index, double value);

    final void add(MemorySegment segment, long index, double value) {
        set(segment, index, get(segment, index) + value);
    }

    private static final class Singles extends Elements {
        static final Elements INSTANCE = new Singles();
        private static final ValueLayout.OfFloat LAYOUT =
                ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

        @Override
        int bytes() {
            return Float.BYTES;
        }

        @Override
        double get(MemorySegment segment, long index) {
            return segment.getAtIndex(LAYOUT, index);
        }

        @Override
        void set(MemorySegment segment, long index, double value) {
            segment.setAtIndex(LAYOUT, index, (float) value);
        }
    }

    private static final class Doubles extends Elements {
        static final Elements INSTANCE = new Doubles();
        private static final ValueLayout.OfDouble LAYOUT =
                ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

        @Override
        int bytes() {
            return Double.BYTES;
        }

        @Override
        double get(MemorySegment segment, long index) {
            return segment.getAtIndex(LAYOUT, index);
        }

        @Override
        void set(MemorySegment segment, long index, double value) {
            segment.setAtIndex(LAYOUT, index, value);
        }
    }
}
