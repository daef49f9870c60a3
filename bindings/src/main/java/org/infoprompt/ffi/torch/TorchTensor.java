package org.infoprompt.ffi.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An owned handle of a LibTorch tensor, either over memory of the caller's, which is not copied and which this object keeps
 * reachable, or one that LibTorch has allocated. Close it, or it leaks: a forgotten one is reported in the log with the place of
 * its creation, not freed. Not thread-safe.
 */
public final class TorchTensor implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final AtomicLong OPEN = new AtomicLong();

    /** Element types. */
    public enum ElementType {
        /** IEEE single. */
        F32(Float.BYTES),
        /** The upper half of an IEEE single. */
        BF16(Short.BYTES);

        private final int bytes;

        ElementType(int bytes) {
            this.bytes = bytes;
        }

        /** {@return the size of one element in bytes} */
        public int bytes() {
            return bytes;
        }

        int code() {
            return this == F32 ? aoti_torch_h.aoti_torch_dtype_float32() : aoti_torch_h.aoti_torch_dtype_bfloat16();
        }

        static ElementType of(int code) {
            for (ElementType type : values()) {
                if (type.code() == code) {
                    return type;
                }
            }
            throw new IllegalArgumentException("element type " + code + " of LibTorch is not known here");
        }
    }

    private final MemorySegment handle;
    /** What the data lies in; keeps an automatic arena alive. */
    private final MemorySegment memory;

    private final LeakDetector detector;
    private final Cleaner.Cleanable cleanable;

    private TorchTensor(MemorySegment handle, MemorySegment memory) {
        this.handle = handle;
        this.memory = memory;
        detector = new LeakDetector(new IllegalStateException("created here"));
        cleanable = CLEANER.register(this, detector);
        OPEN.incrementAndGet();
    }

    /**
     * {@return a tensor over native memory, row-major, without a copy}
     *
     * @param memory at least the elements; must stay valid until the tensor is closed
     * @param type of the elements
     * @param sizes of the dimensions, outermost first
     * @throws IllegalArgumentException if the memory is on the Java heap or a size is negative
     * @throws IndexOutOfBoundsException if the memory is too small
     * @throws org.infoprompt.ffi.NativeCallException if LibTorch refuses
     */
    public static TorchTensor over(MemorySegment memory, ElementType type, long... sizes) {
        long[] strides = new long[sizes.length];
        long step = 1;
        for (int d = sizes.length - 1; d >= 0; d--) {
            strides[d] = step;
            step = Math.multiplyExact(step, sizes[d]);
        }
        return over(memory, type, sizes, strides);
    }

    /**
     * {@return a tensor over native memory with strides, without a copy}
     *
     * @param memory at least the elements; must stay valid until the tensor is closed
     * @param type of the elements
     * @param sizes of the dimensions, outermost first
     * @param strides elements from one index of a dimension to the next
     * @throws IllegalArgumentException if the memory is on the Java heap or a size or stride is negative
     * @throws IndexOutOfBoundsException if the memory is too small
     * @throws org.infoprompt.ffi.NativeCallException if LibTorch refuses
     */
    public static TorchTensor over(MemorySegment memory, ElementType type, long[] sizes, long[] strides) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("a tensor cannot lie on the Java heap");
        }
        checkRange(memory, type, sizes, strides);
        TorchThread.prepare();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
            int status = aoti_torch_h.aoti_torch_create_tensor_from_blob(
                    memory,
                    sizes.length,
                    arena.allocateFrom(ValueLayout.JAVA_LONG, sizes),
                    arena.allocateFrom(ValueLayout.JAVA_LONG, strides),
                    0,
                    type.code(),
                    aoti_torch_h.aoti_torch_device_type_cpu(),
                    0,
                    result);
            TorchErrors.check("aoti_torch_create_tensor_from_blob", status, type + Arrays.toString(sizes));
            return new TorchTensor(result.get(ValueLayout.ADDRESS, 0), memory);
        }
    }

    private static void checkRange(MemorySegment memory, ElementType type, long[] sizes, long[] strides) {
        if (sizes.length != strides.length) {
            throw new IllegalArgumentException(sizes.length + " sizes need as many strides, not " + strides.length);
        }
        long last = 0;
        boolean empty = false;
        for (int d = 0; d < sizes.length; d++) {
            if (sizes[d] < 0 || strides[d] < 0) {
                throw new IllegalArgumentException("size " + sizes[d] + " and stride " + strides[d] + " of dimension "
                        + d + " must not be negative");
            }
            empty |= sizes[d] == 0;
            last = Math.addExact(last, Math.multiplyExact(Math.max(sizes[d] - 1, 0), strides[d]));
        }
        long bytes = empty ? 0 : Math.multiplyExact(last + 1, (long) type.bytes);
        if (bytes > memory.byteSize()) {
            throw new IndexOutOfBoundsException(type + Arrays.toString(sizes) + " with strides "
                    + Arrays.toString(strides) + " needs " + bytes + " bytes, the memory has " + memory.byteSize());
        }
    }

    /** Takes ownership of a handle that a function returned. */
    static TorchTensor owning(MemorySegment handle) {
        return new TorchTensor(handle, MemorySegment.NULL);
    }

    /** Returns the handle for a call that only looks at the tensor. */
    MemorySegment handle() {
        if (detector.closed) {
            throw new IllegalStateException("the tensor is closed");
        }
        return handle;
    }

    /** Returns a second handle of the same tensor, for a call that takes ownership of its arguments. */
    MemorySegment newHandle() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
            TorchErrors.check(
                    "aoti_torch_new_tensor_handle",
                    aoti_torch_h.aoti_torch_new_tensor_handle(handle(), result),
                    "one tensor");
            return result.get(ValueLayout.ADDRESS, 0);
        }
    }

    /** {@return the sizes of the dimensions, outermost first} */
    public long[] sizes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ValueLayout.JAVA_LONG);
            TorchErrors.check("aoti_torch_get_dim", aoti_torch_h.aoti_torch_get_dim(handle(), result), "one tensor");
            long[] sizes = new long[Math.toIntExact(result.get(ValueLayout.JAVA_LONG, 0))];
            for (int d = 0; d < sizes.length; d++) {
                TorchErrors.check(
                        "aoti_torch_get_size", aoti_torch_h.aoti_torch_get_size(handle(), d, result), "dimension " + d);
                sizes[d] = result.get(ValueLayout.JAVA_LONG, 0);
            }
            return sizes;
        }
    }

    /** {@return the elements from one index of each dimension to the next} */
    public long[] strides() {
        long[] strides = sizes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ValueLayout.JAVA_LONG);
            for (int d = 0; d < strides.length; d++) {
                TorchErrors.check(
                        "aoti_torch_get_stride",
                        aoti_torch_h.aoti_torch_get_stride(handle(), d, result),
                        "dimension " + d);
                strides[d] = result.get(ValueLayout.JAVA_LONG, 0);
            }
        }
        return strides;
    }

    /** {@return the element type} */
    public ElementType type() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ValueLayout.JAVA_INT);
            TorchErrors.check(
                    "aoti_torch_get_dtype", aoti_torch_h.aoti_torch_get_dtype(handle(), result), "one tensor");
            return ElementType.of(result.get(ValueLayout.JAVA_INT, 0));
        }
    }

    /** {@return where the first element lies} */
    public long address() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
            TorchErrors.check(
                    "aoti_torch_get_data_ptr", aoti_torch_h.aoti_torch_get_data_ptr(handle(), result), "one tensor");
            return result.get(ValueLayout.ADDRESS, 0).address();
        }
    }

    /**
     * Copies the elements of a dense row-major tensor.
     *
     * @param to at least as large
     * @throws IllegalStateException if the tensor is not dense and row-major
     * @throws IndexOutOfBoundsException if {@code to} is too small
     */
    @SuppressWarnings("restricted") // the size is LibTorch's own
    public void copyTo(MemorySegment to) {
        long[] sizes = sizes();
        long[] strides = strides();
        long step = 1;
        for (int d = sizes.length - 1; d >= 0; d--) {
            if (sizes[d] > 1 && strides[d] != step) {
                throw new IllegalStateException("a tensor " + Arrays.toString(sizes) + " with strides "
                        + Arrays.toString(strides) + " is not row-major");
            }
            step *= sizes[d];
        }
        long bytes = step * type().bytes();
        try {
            MemorySegment.copy(MemorySegment.ofAddress(address()).reinterpret(bytes), 0, to, 0, bytes);
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /** {@return how many tensors of this process are not closed} */
    public static long openTensors() {
        return OPEN.get();
    }

    /** Gives the handle back; idempotent. */
    @Override
    public void close() {
        if (!detector.closed) {
            detector.closed = true;
            cleanable.clean();
            OPEN.decrementAndGet();
            try {
                TorchErrors.check(
                        "aoti_torch_delete_tensor_object",
                        aoti_torch_h.aoti_torch_delete_tensor_object(handle),
                        "one tensor");
            } finally {
                Reference.reachabilityFence(memory);
            }
        }
    }

    /** Runs when a tensor is closed or, without that, has become unreachable. */
    private static final class LeakDetector implements Runnable {
        private final IllegalStateException creation;
        private volatile boolean closed;

        LeakDetector(IllegalStateException creation) {
            this.creation = creation;
        }

        @Override
        public void run() {
            if (!closed) {
                System.getLogger(TorchTensor.class.getName())
                        .log(System.Logger.Level.WARNING, "a tensor of LibTorch was never closed", creation);
            }
        }
    }
}
