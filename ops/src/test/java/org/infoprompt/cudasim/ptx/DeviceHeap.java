package org.infoprompt.cudasim.ptx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.infoprompt.cudasim.ptx.PtxFault.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Device memory: native memory, so that the host reaches what is managed. Between allocations lies memory that belongs to none, and
 * an address of a small one is never given out again, so that an access outside of a live allocation is noticed. New memory holds
 * NaNs, so that reading what was never written shows in the results.
 */
public final class DeviceHeap implements AutoCloseable {
    private static final int ALIGNMENT = 256;

    /** What lies behind each allocation and belongs to none: more than a row of any test's, so that the next one is not hit. */
    private static final long GUARD_BYTES = 1 << 14;

    private static final byte NAN_BYTE = (byte) 0xFF;

    /** Larger blocks are given back to the system when they are freed, so their addresses may come again. */
    private static final long KEPT_BYTES = 1 << 16;

    private final Arena arena = Arena.ofShared();
    private final TreeMap<Long, Block> blocks = new TreeMap<>();
    private long liveBytes;

    /** Creates an empty heap. */
    public DeviceHeap() {}

    /** One allocation with the shadow of its accesses. */
    static final class Block {
        final MemorySegment memory;
        private final @Nullable Arena own;
        final long start;
        final long end;
        private @Nullable Shadow shadow;
        private int launch;

        Block(MemorySegment memory, @Nullable Arena own) {
            this.memory = memory;
            this.own = own;
            start = memory.address();
            end = start + memory.byteSize();
        }

        /** {@return the shadow, made at the first access: it is eight times as large, and not all memory is used} */
        Shadow shadow() {
            Shadow known = shadow;
            if (known == null) {
                known = new Shadow(Math.toIntExact(memory.byteSize()));
                known.launch(launch);
                shadow = known;
            }
            return known;
        }

        void startLaunch(int number) {
            launch = number;
            if (shadow != null) {
                shadow.launch(number);
            }
        }

        boolean isTouched() {
            return shadow != null;
        }
    }

    /**
     * {@return the address of new memory}
     *
     * @param bytes its size
     */
    public long allocate(long bytes) {
        Arena own = bytes > KEPT_BYTES ? Arena.ofShared() : null;
        MemorySegment memory = (own == null ? arena : own)
                .allocate(bytes + GUARD_BYTES, ALIGNMENT)
                .asSlice(0, bytes);
        memory.fill(NAN_BYTE);
        blocks.put(memory.address(), new Block(memory, own));
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
        liveBytes -= block.memory.byteSize();
        if (block.own == null) {
            block.memory.fill(NAN_BYTE);
        } else {
            block.own.close();
        }
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

    /** {@return the address of a copy of floats, rounded to bfloat16} */
    public long rounded(long floats, int count) {
        long address = allocate(2L * count);
        MemorySegment from = segment(floats, 4L * count);
        MemorySegment to = segment(address, 2L * count);
        for (int i = 0; i < count; i++) {
            to.setAtIndex(ValueLayout.JAVA_SHORT, i, bfloat16(from.getAtIndex(ValueLayout.JAVA_FLOAT, i)));
        }
        return address;
    }

    /** {@return the bits of the bfloat16 nearest to a number} */
    public static short bfloat16(float value) {
        return (short) PtxThread.bfloat16(value);
    }

    /** {@return a copy of bfloat16 elements in device memory: address and count of each part} */
    public double[] halves(long... addressesAndCounts) {
        List<Double> values = new ArrayList<>();
        for (int p = 0; p < addressesAndCounts.length; p += 2) {
            MemorySegment memory = segment(addressesAndCounts[p], 2 * addressesAndCounts[p + 1]);
            for (int i = 0; i < addressesAndCounts[p + 1]; i++) {
                int bits = memory.getAtIndex(ValueLayout.JAVA_SHORT, i) << 16;
                values.add((double) Float.intBitsToFloat(bits));
            }
        }
        return values.stream().mapToDouble(v -> v).toArray();
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
        blocks.values().forEach(block -> block.startLaunch(launch));
    }

    @Override
    public void close() {
        for (Block block : blocks.values()) {
            if (block.own != null) {
                block.own.close();
            }
        }
        blocks.clear();
        arena.close();
    }
}
