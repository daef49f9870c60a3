package org.infoprompt.ops.check;

import java.lang.foreign.MemorySegment;

/** The checks that the families' checks are made of. */
public final class Arguments {
    private Arguments() {}

    /**
     * Checks a size.
     *
     * @param name the argument's name
     * @param value its value
     * @throws IllegalArgumentException if it is negative
     */
    public static void size(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " " + value + " must not be negative");
        }
    }

    /**
     * Checks a size that is divided by.
     *
     * @param name the argument's name
     * @param value its value
     * @throws IllegalArgumentException if it is not positive
     */
    public static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " " + value + " must be at least 1");
        }
    }

    /**
     * Checks that a segment is long enough.
     *
     * @param name the argument's name
     * @param segment the argument
     * @param elements how many elements it needs
     * @param bytes size of one
     * @throws IndexOutOfBoundsException if it is shorter
     */
    public static void segment(String name, MemorySegment segment, long elements, int bytes) {
        long needed = Math.multiplyExact(elements, (long) bytes);
        if (segment.byteSize() < needed) {
            throw new IndexOutOfBoundsException(
                    name + " of " + segment.byteSize() + " bytes must have at least " + needed);
        }
    }

    /**
     * Checks a range of row numbers.
     *
     * @param name the argument's name
     * @param array the row numbers
     * @param from first one read
     * @param to one past the last one read
     * @param bound the number of rows there are
     * @throws IndexOutOfBoundsException if the array is too short or a number is not in [0, bound)
     */
    public static void indices(String name, int[] array, int from, int to, long bound) {
        length(name, array, to);
        for (int i = from; i < to; i++) {
            if (array[i] < 0 || array[i] >= bound) {
                throw new IndexOutOfBoundsException(
                        name + "[" + i + "] = " + array[i] + " must be in [0, " + bound + ")");
            }
        }
    }

    /**
     * Checks that an array is long enough.
     *
     * @param name the argument's name
     * @param array the array
     * @param needed how many elements it needs
     * @throws IndexOutOfBoundsException if it is shorter
     */
    public static void length(String name, int[] array, int needed) {
        if (array.length < needed) {
            throw new IndexOutOfBoundsException(
                    name + " of length " + array.length + " must have at least " + needed + " elements");
        }
    }

    /**
     * Checks starts of consecutive ranges.
     *
     * @param name the argument's name
     * @param starts count+1 starts
     * @param count how many ranges
     * @throws IndexOutOfBoundsException if the array is too short, starts below 0 or decreases
     */
    public static void starts(String name, int[] starts, int count) {
        length(name, starts, count + 1);
        for (int i = 0; i <= count; i++) {
            if (starts[i] < (i == 0 ? 0 : starts[i - 1])) {
                throw new IndexOutOfBoundsException(
                        name + "[" + i + "] = " + starts[i] + " must be at least " + (i == 0 ? 0 : starts[i - 1]));
            }
        }
    }

    /**
     * Returns how many rows a table has.
     *
     * @param table the table
     * @param width elements of a row
     * @param bytes size of an element
     */
    public static long tableRows(MemorySegment table, int width, int bytes) {
        return table.byteSize() / Math.max(1L, (long) width * bytes);
    }
}
