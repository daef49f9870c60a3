package org.infoprompt.ops.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.infoprompt.ffi.cuda.DeviceMemory;
import org.jspecify.annotations.Nullable;

/**
 * Copies of the host's index arrays on the device. An array is copied again only when its content has changed, so that all layers
 * of a pass share one copy of its sequence starts. Belongs to one thread.
 */
final class IntCopies {
    private static final int SLOTS = 24;

    private final CudaDevice device;
    private final Staging staging;
    private final Slot[] slots = new Slot[SLOTS];
    private long clock;

    /** A copy of a part of one array. */
    private static final class Slot {
        int @Nullable [] source;
        int from;
        int length;
        int[] content = new int[0];

        @Nullable
        DeviceMemory memory;

        long lastUse;
    }

    IntCopies(CudaDevice device, Staging staging) {
        this.device = device;
        this.staging = staging;
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Slot();
        }
    }

    /** {@return the device address of a copy, valid in the call under way} */
    long copy(int[] values, int from, int length) {
        Slot slot = slot(values, from);
        slot.lastUse = ++clock;
        if (slot.memory != null
                && slot.length == length
                && Arrays.equals(values, from, from + length, slot.content, 0, length)) {
            return slot.memory.address();
        }
        long bytes = (long) length * Integer.BYTES;
        DeviceMemory memory = slot.memory;
        if (memory == null || memory.byteSize() < bytes) {
            if (memory != null) {
                device.await(); // for what still reads it
                slot.memory = null;
                memory.close();
            }
            memory = device.allocate(Math.max(bytes, 256));
            slot.memory = memory;
        }
        if (slot.content.length < length) {
            slot.content = new int[length];
        }
        System.arraycopy(values, from, slot.content, 0, length);
        slot.source = values;
        slot.from = from;
        slot.length = -1; // until it is there
        // In the stream's order, so that work asked for before still reads the old content.
        staging.upload(memory.address(), MemorySegment.ofArray(slot.content), bytes);
        slot.length = length;
        return memory.address();
    }

    /** The array's own slot, or the one unused for longest. */
    @SuppressWarnings("ReferenceEquality") // arrays are told apart by who they are; their content is compared apart
    private Slot slot(int[] values, int from) {
        Slot oldest = slots[0];
        for (Slot slot : slots) {
            if (slot.source == values && slot.from == from) {
                return slot;
            }
            if (slot.lastUse < oldest.lastUse) {
                oldest = slot;
            }
        }
        return oldest;
    }

    /** Frees all memory; the device must be done with it. */
    void close() {
        for (Slot slot : slots) {
            if (slot.memory != null) {
                slot.memory.close();
                slot.memory = null;
            }
            slot.source = null;
        }
    }
}
