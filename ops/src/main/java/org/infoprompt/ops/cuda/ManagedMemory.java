package org.infoprompt.ops.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.infoprompt.ffi.cuda.DeviceMemory;
import org.infoprompt.tensor.WorkspaceMemory;

/** The managed memory of a device, and which addresses are of it. Safe for all threads. */
final class ManagedMemory implements WorkspaceMemory {
    private final CudaDevice device;

    /** Start and end of every allocation, by address; replaced as a whole, so that looking up takes no lock. */
    private volatile long[] ranges = {};

    ManagedMemory(CudaDevice device) {
        this.device = device;
    }

    @Override
    public MemorySegment allocate(long bytes, long alignment, Arena arena) {
        device.context().makeCurrent();
        long words = (bytes + Integer.BYTES - 1) / Integer.BYTES;
        DeviceMemory memory = device.allocateManaged(words * Integer.BYTES); // the driver aligns to 256 bytes
        Runnable close = device.own(memory::close);
        boolean filled = false;
        try {
            // By the device, so that the pages are its own from the beginning.
            device.stream().fill(memory.address(), 0, words);
            device.note();
            device.await();
            filled = true;
        } finally {
            if (!filled) {
                device.disown(close);
            }
        }
        long address = memory.address();
        add(address, memory.byteSize());
        return memory.segment(arena, () -> {
                    remove(address);
                    device.disown(close);
                })
                .asSlice(0, bytes);
    }

    @Override
    public void await() {
        device.await();
    }

    /** {@return whether memory belongs to the device, all of it in one allocation} */
    boolean contains(long address, long bytes) {
        long[] all = ranges;
        int low = 0;
        int high = all.length / 2 - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (all[2 * middle + 1] <= address) {
                low = middle + 1;
            } else if (all[2 * middle] > address) {
                high = middle - 1;
            } else {
                return address + bytes <= all[2 * middle + 1];
            }
        }
        return false;
    }

    private synchronized void add(long address, long bytes) {
        long[] old = ranges;
        int at = 0;
        while (at < old.length && old[at] < address) {
            at += 2;
        }
        long[] all = new long[old.length + 2];
        System.arraycopy(old, 0, all, 0, at);
        all[at] = address;
        all[at + 1] = address + bytes;
        System.arraycopy(old, at, all, at + 2, old.length - at);
        ranges = all;
    }

    private synchronized void remove(long address) {
        long[] old = ranges;
        for (int at = 0; at < old.length; at += 2) {
            if (old[at] == address) {
                long[] all = Arrays.copyOf(old, old.length - 2);
                System.arraycopy(old, at + 2, all, at, old.length - at - 2);
                ranges = all;
                return;
            }
        }
    }
}
