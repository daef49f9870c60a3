package org.infoprompt.ops.panel;

import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Part of an array in which packed weights begin on a cache line. An array starts on any eighth byte, except that G1 and
 * ZGC put large ones at the start of a region or page; small weights therefore share large arrays. Loads that
 * straddled cache lines cost 10 to 20 % at 64 to 512 rows (AVX-512, November 2026). Only speed depends on it.
 */
final class PanelMemory {
    /** Elements begin 16 bytes after the array, so that this one begins the next 64-byte line. */
    private static final int FIRST = 12;

    private static final int LINE = 16;
    /** With its header 16 MiB: G1 treats it as large up to a region of that size, as heaps up to 64 GiB have. */
    private static final int SHARED_FLOATS = (1 << 22) - 4;
    /** From here on (4 MiB) a weight has an array of its own, which bounds what is wasted at the end of shared ones. */
    private static final int OWN_FLOATS = 1 << 20;

    private static @Nullable WeakReference<Block> current;

    /** Kept whole, so that the block stays open to further weights while one of its weights is alive. */
    private final Block block;

    private final int start;

    private PanelMemory(Block block, int start) {
        this.block = block;
        this.start = start;
    }

    /** Returns room for this many floats, all zero. */
    static synchronized PanelMemory allocate(int floats) {
        if (floats >= OWN_FLOATS) {
            return new PanelMemory(new Block(FIRST + floats), FIRST);
        }
        Block open = current == null ? null : current.get();
        if (open == null || open.used + floats > SHARED_FLOATS) {
            open = new Block(SHARED_FLOATS);
            current = new WeakReference<>(open);
        }
        int start = open.used;
        open.used += (floats + LINE - 1) / LINE * LINE;
        return new PanelMemory(open, start);
    }

    float[] array() {
        return block.array;
    }

    int start() {
        return start;
    }

    private static final class Block {
        private final float[] array;
        private int used = FIRST;

        Block(int floats) {
            array = new float[floats];
        }
    }
}
