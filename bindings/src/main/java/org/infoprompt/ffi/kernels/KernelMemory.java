package org.infoprompt.ffi.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.WeakReference;
import org.infoprompt.ffi.Downcalls;
import org.jspecify.annotations.Nullable;

/**
 * Zeroed memory for packed weights, in large pages where the system has them: a product walks over a whole weight, and with
 * small pages the processor would spend its time on looking up addresses. Small pieces share blocks. Freed by the garbage collector
 * when nothing refers to the object or its segment.
 */
public final class KernelMemory {
    private static final long BLOCK_BYTES = 32L << 20;
    private static final long LINE = 64;

    private static @Nullable WeakReference<Block> current;

    /** Kept whole, so that the block stays open to further pieces while one of its pieces is alive. */
    private final Block block;

    private final MemorySegment segment;

    private KernelMemory(Block block, MemorySegment segment) {
        this.block = block;
        this.segment = segment;
    }

    /** Apart, so that the rest of the class can be read without the library. */
    private static final class Functions {
        private static final MethodHandle allocate$mh = KernelLibrary.link("ipk_allocate");
        private static final MethodHandle release$mh = KernelLibrary.link("ipk_release");

        private static MemorySegment allocate(long bytes) {
            try {
                return (MemorySegment) allocate$mh.invokeExact(bytes);
            } catch (Throwable e) {
                throw KernelLibrary.unexpected(e);
            }
        }

        private static void release(MemorySegment memory, long bytes) {
            try {
                release$mh.invokeExact(memory, bytes);
            } catch (Throwable e) {
                throw KernelLibrary.unexpected(e);
            }
        }
    }

    /**
     * {@return memory that starts on a cache line}
     *
     * @param bytes its size
     * @throws OutOfMemoryError if the system has none
     */
    public static synchronized KernelMemory allocate(long bytes) {
        Block open = current == null ? null : current.get();
        long start = open == null ? 0 : (open.used + LINE - 1) / LINE * LINE;
        if (open == null || start + bytes > open.memory.byteSize()) {
            open = new Block(Math.max(bytes, BLOCK_BYTES));
            start = 0;
            current = new WeakReference<>(open);
        }
        open.used = start + bytes;
        return new KernelMemory(open, open.memory.asSlice(start, bytes));
    }

    /** {@return the memory} */
    public MemorySegment segment() {
        return segment;
    }

    /** {@return how many bytes the block has that holds it, for tests} */
    long blockBytes() {
        return block.memory.byteSize();
    }

    private static final class Block {
        private final MemorySegment memory;
        private long used;

        Block(long bytes) {
            MemorySegment address = Functions.allocate(bytes);
            if (address.address() == 0) {
                throw new OutOfMemoryError("no " + bytes + " bytes for packed weights");
            }
            memory = Downcalls.adopt(address, bytes, Arena.ofAuto(), m -> Functions.release(m, bytes));
        }
    }
}
