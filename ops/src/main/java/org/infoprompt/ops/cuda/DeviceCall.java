package org.infoprompt.ops.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Arrays;
import org.infoprompt.ffi.cublaslt.MatmulPlan;
import org.infoprompt.ffi.cublaslt.MatmulShape;
import org.infoprompt.ffi.cuda.CudaFunction;
import org.infoprompt.ffi.cuda.KernelArguments;
import org.jspecify.annotations.Nullable;

/**
 * One kernel call from its operands to its results: finds out where each operand lies, stages those that the device cannot reach and
 * launches. Only a call with a staged result waits, to copy it back; all others return while the device works. Belongs
 * to one thread.
 */
final class DeviceCall {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final int BLOCK = 256;
    private static final int MAX_BLOCKS = 4096;

    private final CudaDevice device;
    private final Resources resources;
    private final Staging staging;
    private final KernelArguments arguments;

    /** What is staged: the segment it stands for, its copy, and whether the copy's content is there and goes back. */
    private MemorySegment[] hosts = new MemorySegment[16];

    private long[] copies = new long[16];
    private boolean[] filled = new boolean[16];
    private boolean[] results = new boolean[16];
    private int count;

    DeviceCall(CudaDevice device) {
        this.device = device;
        device.context().makeCurrent();
        resources = new Resources(device);
        staging = resources.staging;
        arguments = new KernelArguments(resources.arena);
        Resources held = resources; // the device must not hold the call itself
        Runnable close = device.own(held);
        CLEANER.register(this, new Release(device, close));
    }

    /** What the device gave. */
    private static final class Resources implements Runnable {
        final Staging staging;
        final IntCopies ints;
        final Arena arena = Arena.ofShared();

        Resources(CudaDevice device) {
            staging = new Staging(device);
            ints = new IntCopies(device, staging);
        }

        @Override
        public void run() {
            try {
                ints.close();
            } finally {
                try {
                    staging.close();
                } finally {
                    arena.close();
                }
            }
        }
    }

    /** Gives it back when the call is no longer used. */
    private record Release(CudaDevice device, Runnable close) implements Runnable {
        @Override
        public void run() {
            device.disown(close);
        }
    }

    /** Begins a call. */
    DeviceCall start() {
        device.context().makeCurrent();
        staging.begin();
        count = 0;
        return this;
    }

    /** {@return the device address of an operand that is only read} */
    long in(MemorySegment segment, long elements) {
        return in(segment, elements, Storage.F32);
    }

    /** {@return the device address of an operand of a type that is only read} */
    long in(MemorySegment segment, long elements, Storage type) {
        return address(segment, elements, type, true, false);
    }

    /** {@return the device address of an operand that may be absent, 0 if it is} */
    long inOrNone(@Nullable MemorySegment segment, long elements) {
        return segment == null ? 0 : in(segment, elements);
    }

    /** {@return the device address of a result that is overwritten as a whole} */
    long out(MemorySegment segment, long elements) {
        return out(segment, elements, Storage.F32);
    }

    /** {@return the device address of a result of a type that is overwritten as a whole} */
    long out(MemorySegment segment, long elements, Storage type) {
        return address(segment, elements, type, false, true);
    }

    /** {@return the device address of a result that may not be wanted, 0 if it is not} */
    long outOrNone(@Nullable MemorySegment segment, long elements) {
        return outOrNone(segment, elements, Storage.F32);
    }

    /** {@return the device address of a result of a type that may not be wanted, 0 if it is not} */
    long outOrNone(@Nullable MemorySegment segment, long elements, Storage type) {
        return segment == null ? 0 : out(segment, elements, type);
    }

    /** {@return the device address of what is read and written, or written in part} */
    long inOut(MemorySegment segment, long elements) {
        return inOut(segment, elements, Storage.F32);
    }

    /** {@return the device address of what is of a type, and read and written, or written in part} */
    long inOut(MemorySegment segment, long elements, Storage type) {
        return address(segment, elements, type, true, true);
    }

    /** {@return the device address of a copy of whole numbers} */
    long ints(int[] values, int from, int length) {
        return resources.ints.copy(values, from, length);
    }

    /** {@return the address of device memory of any content} */
    long scratch(long bytes) {
        return staging.take(bytes);
    }

    /** {@return whether the device reaches memory, so that kernels work on it in place} */
    boolean reaches(MemorySegment segment) {
        return segment.isNative()
                && (segment.address() & (Float.BYTES - 1)) == 0
                && device.memory().contains(segment.address(), segment.byteSize());
    }

    private long address(MemorySegment segment, long elements, Storage type, boolean read, boolean written) {
        long bytes = elements * type.bytes();
        if (segment.isNative()
                && (segment.address() & (type.bytes() - 1)) == 0
                && device.memory().contains(segment.address(), bytes)) {
            return segment.address();
        }
        MemorySegment host = segment.asSlice(0, bytes);
        int entry = entryOf(host, written);
        if (entry == count) {
            grow();
            hosts[entry] = host;
            copies[entry] = staging.take(bytes);
            filled[entry] = false;
            results[entry] = false;
            count++;
        }
        MemorySegment whole = hosts[entry];
        // What only a part is written of must come back as it was elsewhere.
        if (!filled[entry] && (read || whole.byteSize() > bytes)) {
            staging.upload(copies[entry], whole, whole.byteSize());
            filled[entry] = true;
        }
        results[entry] |= written;
        return copies[entry] + offset(host, whole);
    }

    /**
     * Returns the copy that holds a segment, or the number of copies if there is none. Two copies of the same bytes are kept only while
     * both are read.
     */
    private int entryOf(MemorySegment host, boolean written) {
        int found = count;
        for (int i = 0; i < count; i++) {
            MemorySegment other = hosts[i];
            boolean overlaps = host.byteSize() > 0
                    && other.byteSize() > 0
                    && other.asOverlappingSlice(host).isPresent();
            if (other.equals(host) || (overlaps && contains(other, host))) {
                found = i;
            } else if (overlaps && (written || results[i])) {
                throw new IllegalArgumentException("a result and another operand share some of their bytes on the host;"
                        + " let both start at the same place, the larger one first, or keep them apart");
            }
        }
        return found;
    }

    /** Whether one of two segments that overlap lies in the other. */
    private static boolean contains(MemorySegment whole, MemorySegment part) {
        long offset = offset(part, whole);
        return offset >= 0 && offset + part.byteSize() <= whole.byteSize();
    }

    private static long offset(MemorySegment part, MemorySegment whole) {
        return part.address() - whole.address();
    }

    private void grow() {
        if (count == hosts.length) {
            hosts = Arrays.copyOf(hosts, 2 * count);
            copies = Arrays.copyOf(copies, 2 * count);
            filled = Arrays.copyOf(filled, 2 * count);
            results = Arrays.copyOf(results, 2 * count);
        }
    }

    /** {@return the arguments of the next launch, empty} */
    KernelArguments arguments() {
        return arguments.start();
    }

    /** Launches with the arguments. */
    void launch(CudaFunction kernel, int gridX, int gridY, int blockSize, int sharedBytes) {
        kernel.launch(device.stream(), gridX, gridY, blockSize, sharedBytes, arguments);
        device.note();
    }

    /** Launches a kernel whose threads share elements evenly, as many at a time as its type says. */
    void launchElements(CudaFunction kernel, long elements, Storage type) {
        launchElements(kernel, elements / type.group());
    }

    /** Launches a kernel whose threads share elements evenly. */
    void launchElements(CudaFunction kernel, long elements) {
        launch(kernel, (int) Math.min((elements + BLOCK - 1) / BLOCK, MAX_BLOCKS), 1, BLOCK, 0);
    }

    /** Copies on the device; the two must not overlap. */
    void copy(long target, long source, long bytes) {
        device.stream().copy(target, source, bytes);
        device.note();
    }

    /** Fills with a four-byte pattern. */
    void fill(long target, int pattern, long times) {
        device.stream().fill(target, pattern, times);
        device.note();
    }

    /** Multiplies; see {@link MatmulPlan#run}. */
    void multiply(MatmulShape shape, float alpha, long a, long b, float beta, long c, long d, long bias) {
        device.multiply(shape, alpha, a, b, beta, c, d, bias);
    }

    /**
     * {@return a copy of a result on the host, to be read after {@link #await} and before the next {@link #start}}
     *
     * @param source device address
     */
    @Nullable
    MemorySegment view(long source, long bytes) {
        return staging.view(source, bytes);
    }

    /** Copies staged results to where they belong, for which it waits; returns at once if there are none. */
    void finish() {
        try {
            for (int i = 0; i < count; i++) {
                if (results[i]) {
                    staging.download(hosts[i], copies[i], hosts[i].byteSize());
                }
            }
            staging.finishDownloads();
        } finally {
            Reference.reachabilityFence(this); // its memory is freed when nothing refers to it
        }
    }

    /** Waits for the device. */
    void await() {
        device.await();
    }
}
