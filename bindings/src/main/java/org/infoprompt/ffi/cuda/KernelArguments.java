package org.infoprompt.ffi.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The argument block of a launch, filled anew for each; belongs to one thread. A null pointer ends the list. */
public final class KernelArguments {
    /** The most arguments a kernel has. */
    public static final int CAPACITY = 48;

    private final MemorySegment values;
    private final MemorySegment pointers;
    private int count;

    /**
     * Creates a block.
     *
     * @param arena how long it lives
     */
    public KernelArguments(Arena arena) {
        values = arena.allocate(ValueLayout.JAVA_LONG, CAPACITY);
        pointers = arena.allocate(ValueLayout.ADDRESS, CAPACITY + 1L);
    }

    /** {@return this block, empty} */
    public KernelArguments start() {
        count = 0;
        pointers.set(ValueLayout.JAVA_LONG, 0, 0);
        return this;
    }

    /**
     * Adds a device address.
     *
     * @param value the address, 0 for none
     * @return this block
     */
    public KernelArguments pointer(long value) {
        values.setAtIndex(ValueLayout.JAVA_LONG, next(), value);
        return this;
    }

    /**
     * Adds an int.
     *
     * @param value the value
     * @return this block
     */
    public KernelArguments int32(int value) {
        values.set(ValueLayout.JAVA_INT, (long) next() * Long.BYTES, value);
        return this;
    }

    /**
     * Adds a long.
     *
     * @param value the value
     * @return this block
     */
    public KernelArguments int64(long value) {
        return pointer(value);
    }

    /**
     * Adds a float.
     *
     * @param value the value
     * @return this block
     */
    public KernelArguments float32(float value) {
        values.set(ValueLayout.JAVA_FLOAT, (long) next() * Long.BYTES, value);
        return this;
    }

    /**
     * Adds a double.
     *
     * @param value the value
     * @return this block
     */
    public KernelArguments float64(double value) {
        values.set(ValueLayout.JAVA_DOUBLE, (long) next() * Long.BYTES, value);
        return this;
    }

    /** {@return the array of pointers that a launch takes} */
    MemorySegment pointers() {
        return pointers;
    }

    private int next() {
        if (count == CAPACITY) {
            throw new IllegalStateException("a kernel has at most " + CAPACITY + " arguments");
        }
        int slot = count++;
        pointers.setAtIndex(ValueLayout.JAVA_LONG, slot, values.address() + (long) slot * Long.BYTES);
        pointers.setAtIndex(ValueLayout.JAVA_LONG, count, 0);
        return slot;
    }
}
