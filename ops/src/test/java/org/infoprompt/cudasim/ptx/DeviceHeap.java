package org.infoprompt.ops.cuda.ptx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.infoprompt.ops.cuda.ptx.PtxFault.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Device memory: native memory, so that the host reaches what is managed. Between allocations lies memory that belongs to none, and
 * an address is never given out again, so that an access outside of a live allocation is noticed. New memory holds
 * NaNs, so that reading what was never written shows in the results.
 */
public final class DeviceHeap implements AutoCloseable {
    private static final int ALIGNMENT = 256;
    private static final byte NAN_BYTE = (byte) 0xFF;

    private final Arena arena = Arena.ofShared();
    private final TreeMap<Long, Block> blocks = new TreeMap<>();
    private long liveBytes;

    /** Creates an empty heap. */
    public DeviceHeap() {}

    /** One allocation with the shadow of its accesses. */
    static final class Block {
        final MemorySegment memory;
        final long start;
        final long end;
        final Shadow shadow;

        Block(MemorySegment memory) {
            this.memory = memory;
            start = memory.address();
            end = start + memory.byteSize();
            shadow = new Shadow(Math.toIntExact(memory.byteSize()));
        }
    }

    /**
     * {@return the address of new memory}
     *
     * @param bytes its size
     */
    public long allocate(long bytes) {
        MemorySegment memory = arena.allocate(bytes + ALIGNMENT, ALIGNMENT).asSlice(0, bytes);
        memory.fill(NAN_BYTE);
        blocks.put(memory.address(), new Block(memory));
        liveBytes += bytes;
        return memory.address();
    }

    /**
     * Frees memory.
     *
     * @param address as {@link #allocate} returned it
     * @return false if it is not such an address or was freed before
     */
    public boolean free(long address) {
        Block block = blocks.remove(address);
        if (block == null) {
            return false;
        }
        block.memory.fill(NAN_BYTE);
        liveBytes -= block.memory.byteSize();
        return true;
    }

    /** {@return the bytes that are allocated} */
    public long liveBytes() {
        return liveBytes;
    }

    /**
     * {@return device memory as the host sees it}
     *
     * @param address where it starts
     * @param bytes its size
     * @throws PtxFault if it is not all in one allocation
     */
    public MemorySegment segment(long address, long bytes) {
        Block block = block(address, bytes);
        return block.memory.asSlice(address - block.start, bytes);
    }

    /** {@return the address of a copy of numbers} */
    public long floats(double... values) {
        long address = allocate(4L * values.length);
        for (int i = 0; i < values.length; i++) {
            segment(address, 4L * values.length).setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
        }
        return address;
    }

    /** {@return the address of a copy of whole numbers} */
    public long ints(int... values) {
        long address = allocate(4L * values.length);
        segment(address, 4L * values.length).copyFrom(MemorySegment.ofArray(values));
        return address;
    }

    /** {@return a copy of floats in device memory} */
    public double[] read(long address, int count) {
        double[] values = new double[count];
        MemorySegment memory = segment(address, 4L * count);
        for (int i = 0; i < count; i++) {
            values[i] = memory.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }
        return values;
    }

    Block block(long address, long bytes) {
        Map.@Nullable Entry<Long, Block> entry = blocks.floorEntry(address);
        Block block = entry == null ? null : entry.getValue();
        if (block == null || address >= block.end + ALIGNMENT) {
            throw new PtxFault(Kind.OUT_OF_BOUNDS, "address 0x" + Long.toHexString(address) + " is in no allocation");
        }
        if (address + bytes > block.end) {
            throw new PtxFault(
                    Kind.OUT_OF_BOUNDS,
                    bytes + " bytes at " + (address - block.start) + " of an allocation of " + (block.end - block.start)
                            + " bytes");
        }
        return block;
    }

    List<Block> live() {
        return new ArrayList<>(blocks.values());
    }

    void startLaunch(int launch) {
        blocks.values().forEach(block -> block.shadow.launch(launch));
    }

    @Override
    public void close() {
        arena.close();
    }
}
