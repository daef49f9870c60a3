package org.infoprompt.ops.cuda;

/** Sizes of launches that depend on nothing but a row's width, so that a row's result does not depend on its neighbours. */
final class Blocks {
    static final int WARP = 32;
    private static final int MAX_SIZE = 256;
    private static final int MAX_WARPS = 8;

    /** Static shared memory of any kernel with dynamic memory is below 512 bytes. */
    private static final int DYNAMIC_BYTES = 48 * 1024 - 512;

    private Blocks() {}

    /** {@return threads for a row: its width in whole warps} */
    static int size(int width) {
        return Math.clamp((width + WARP - 1L) / WARP * WARP, WARP, MAX_SIZE);
    }

    /**
     * {@return bytes of shared memory for a number of rows}
     *
     * @throws IllegalArgumentException if a block has less
     */
    static int shared(String name, int width, int rows) {
        long bytes = (long) width * rows * Float.BYTES;
        if (bytes > DYNAMIC_BYTES) {
            throw new IllegalArgumentException(
                    name + " " + width + " must be at most " + DYNAMIC_BYTES / Float.BYTES / rows + " on cuda");
        }
        return (int) bytes;
    }

    /** {@return how many rows of a width a block's shared memory has room for} */
    static int rows(int width) {
        return DYNAMIC_BYTES / Float.BYTES / width;
    }

    /**
     * {@return how many warps of a block have room for their rows of shared memory, 1 to 8}
     *
     * @param width elements of a row
     * @param common rows that all warps share
     * @param perWarp rows of each warp
     * @throws IllegalArgumentException if there is not even room for one
     */
    static int warps(String name, int width, int common, int perWarp) {
        shared(name, width, common + perWarp);
        if (width == 0) {
            return 1;
        }
        return Math.min((DYNAMIC_BYTES / Float.BYTES / width - common) / perWarp, MAX_WARPS);
    }
}
