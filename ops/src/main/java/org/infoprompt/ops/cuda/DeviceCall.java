package org.infoprompt.ops.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.util.Arrays;
import org.infoprompt.ffi.cublaslt.CublasLt;
import org.infoprompt.ffi.cuda.CudaContext;
import org.infoprompt.ffi.cuda.CudaFunction;
import org.infoprompt.ffi.cuda.CudaStream;
import org.infoprompt.ffi.cuda.KernelArguments;
import org.jspecify.annotations.Nullable;

/**
 * One kernel call from its operands to its results: finds out where each operand lies, stages those that the device cannot reach,
 * launches, waits, and copies staged results back. Belongs to one thread.
 */
final class DeviceCall {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final long ELEMENT = Float.BYTES;
    private static final int BLOCK = 256;
    private static final int MAX_BLOCKS = 4096;

    private final CudaDevice device;
    private final Resources resources;
    private final CudaStream stream;
    private final Staging staging;
    private final KernelArguments arguments;

    /** What is staged: the segment it stands for, its copy, and whether the copy's content is there and goes back. */
    private MemorySegment[] hosts = new MemorySegment[16];

    private MemorySegment[] copies = new MemorySegment[16];
    private boolean[] filled = new boolean[16];
    private boolean[] results = new boolean[16];
    private int count;

    DeviceCall(CudaDevice device) {
        this.device = device;
        device.context().makeCurrent();
        resources = new Resources(device);
        stream = resources.stream;
        staging = resources.staging;
        arguments = new KernelArguments(resources.arena);
        CLEANER.register(this, resources);
    }

    /** What the device gave, given back when the call is no longer used. */
    private static final class Resources implements Runnable {
        final CudaContext context;
        final CudaStream stream;
        final Staging staging;
        final Arena arena = Arena.ofShared();

        @Nullable
        CublasLt products;

        Resources(CudaDevice device) {
            context = device.context();
            stream = new CudaStream(context);
            staging = new Staging(device.memory());
        }

        @Override
        public void run() {
            context.makeCurrent();
            if (products != null) {
                products.close();
            }
            stream.close();
            staging.close();
            arena.close();
        }
    }

    /** Begins a call. */
    DeviceCall start() {
        device.context().makeCurrent();
        staging.reset();
        count = 0;
        return this;
    }

    /** {@return the device address of an operand that is only read} */
    long in(MemorySegment segment, long elements) {
        return address(segment, elements, true, false);
    }

    /** {@return the device address of an operand that may be absent, 0 if it is} */
    long inOrNone(@Nullable MemorySegment segment, long elements) {
        return segment == null ? 0 : in(segment, elements);
    }

    /** {@return the device address of a result that is overwritten as a whole} */
    long out(MemorySegment segment, long elements) {
        return address(segment, elements, false, true);
    }

    /** {@return the device address of a result that may not be wanted, 0 if it is not} */
    long outOrNone(@Nullable MemorySegment segment, long elements) {
        return segment == null ? 0 : out(segment, elements);
    }

    /** {@return the device address of what is read and written, or written in part} */
    long inOut(MemorySegment segment, long elements) {
        return address(segment, elements, true, true);
    }

    /** {@return the device address of a copy of whole numbers} */
    long ints(int[] values, int from, int length) {
        MemorySegment copy = staging.take((long) length * Integer.BYTES);
        MemorySegment.copy(values, from, copy, ValueLayout.JAVA_INT, 0, length);
        return copy.address();
    }

    /** {@return memory of any content} */
    MemorySegment scratch(long bytes) {
        return staging.take(bytes);
    }

    private long address(MemorySegment segment, long elements, boolean read, boolean written) {
        long bytes = elements * ELEMENT;
        if (segment.isNative()
                && (segment.address() & (ELEMENT - 1)) == 0
                && device.memory().contains(segment.address(), bytes)) {
            return segment.address();
        }
        MemorySegment host = segment.asSlice(0, bytes);
        int entry = 0;
        while (entry < count && !hosts[entry].equals(host)) {
            entry++;
        }
        if (entry == count) {
            grow();
            hosts[entry] = host;
            copies[entry] = staging.take(bytes);
            filled[entry] = false;
            results[entry] = false;
            count++;
        }
        if (read && !filled[entry]) {
            copies[entry].copyFrom(host);
            filled[entry] = true;
        }
        results[entry] |= written;
        return copies[entry].address();
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
        kernel.launch(stream, gridX, gridY, blockSize, sharedBytes, arguments);
    }

    /** Launches a kernel whose threads share elements evenly. */
    void launchElements(CudaFunction kernel, long elements) {
        launch(kernel, (int) Math.min((elements + BLOCK - 1) / BLOCK, MAX_BLOCKS), 1, BLOCK, 0);
    }

    CudaStream stream() {
        return stream;
    }

    /** {@return the matrix products, made on first use} */
    CublasLt products() {
        CublasLt lt = resources.products;
        if (lt == null) {
            lt = new CublasLt(device.cublasLt(), device.context());
            resources.products = lt;
        }
        return lt;
    }

    /** Waits for the device and copies staged results to where they belong. */
    void finish() {
        stream.synchronize();
        for (int i = 0; i < count; i++) {
            if (results[i]) {
                hosts[i].copyFrom(copies[i]);
            }
        }
    }
}
