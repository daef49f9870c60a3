package org.infoprompt.cudasim.ptx;

/**
 * What the last launch did.
 *
 * @param instructions executed by all threads
 * @param heap the memory it worked on
 */
public record LaunchReport(long instructions, DeviceHeap heap) {
    /** {@return the bytes of global memory that were read, each counted once: what must come from DRAM at least} */
    public long bytesRead() {
        return heap.live().stream()
                .filter(DeviceHeap.Block::isTouched)
                .mapToLong(block -> block.shadow().bytesRead())
                .sum();
    }

    /** {@return the bytes of global memory that were written, each counted once} */
    public long bytesWritten() {
        return heap.live().stream()
                .filter(DeviceHeap.Block::isTouched)
                .mapToLong(block -> block.shadow().bytesWritten())
                .sum();
    }
}
