package org.infoprompt.ops.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.infoprompt.ffi.NativeCallException;
import org.infoprompt.ffi.cublaslt.CublasLt;
import org.infoprompt.ffi.cublaslt.MatmulShape;
import org.infoprompt.ffi.cublaslt.cublasLt_h;
import org.infoprompt.ffi.cuda.CudaContext;
import org.infoprompt.ffi.cuda.CudaDriver;
import org.infoprompt.ffi.cuda.CudaFunction;
import org.infoprompt.ffi.cuda.CudaModule;
import org.infoprompt.ffi.cuda.CudaStream;
import org.infoprompt.ffi.cuda.DeviceMemory;
import org.infoprompt.ffi.cuda.KernelArguments;
import org.infoprompt.ffi.cuda.cuda_h;
import org.infoprompt.ops.DeviceMemoryException;
import org.jspecify.annotations.Nullable;

/**
 * One GPU with its kernels loaded and the one stream that all work goes through, so that work runs in the order in which it was
 * asked for, whatever thread asked. Lives as long as the process, or until a test closes it. Safe for all threads.
 */
final class CudaDevice implements AutoCloseable {
    /** System property that makes the driver compile the PTX even where a cubin for the device is at hand. */
    static final String JIT_PROPERTY = "infoprompt.cuda.jit";

    private static final int ROUNDING_BLOCK = 256;
    private static final int MAX_ROUNDING_BLOCKS = 4096;
    private static final String RESOURCE = "org/infoprompt/native/cuda/infoprompt_kernels";

    private final CudaContext context;
    private final CudaModule module;
    private final CudaStream stream;
    private final ManagedMemory memory;
    private final cublasLt_h cublasLt;
    private final String image;
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final Set<Runnable> owned = new LinkedHashSet<>();
    private @Nullable Staging uploads;
    private @Nullable CublasLt products;

    /** Held while something that is owned is closed, so that the garbage collector's thread and {@link #close} do not both do it. */
    private final Object closing = new Object();

    private boolean closed;

    /** Where images come from. */
    interface Images {
        /** {@return the bytes of a resource, null if there is none of that name} */
        byte @Nullable [] read(String name);
    }

    /**
     * Opens a device.
     *
     * @param driver the driver
     * @param cublasLt the functions of cuBLASLt
     * @param ordinal the device's number
     * @param images the kernels' images
     */
    CudaDevice(CudaDriver driver, cublasLt_h cublasLt, int ordinal, Images images) {
        this.cublasLt = cublasLt;
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        boolean complete = false;
        try {
            context = opening(opened, new CudaContext(driver, ordinal));
            String cubin = RESOURCE + ".sm_" + context.computeCapability() + ".cubin";
            Loaded loaded = load(Boolean.getBoolean(JIT_PROPERTY) ? null : images.read(cubin), images);
            module = opening(opened, loaded.module);
            image = loaded.image;
            stream = opening(opened, new CudaStream(context));
            memory = new ManagedMemory(this);
            complete = true;
        } finally {
            if (!complete) {
                // What went wrong first is what the caller learns.
                allOf(opened);
            }
        }
    }

    private static <T extends AutoCloseable> T opening(Deque<AutoCloseable> opened, T resource) {
        opened.push(resource);
        return resource;
    }

    /** Closes each, whatever the others do; returns the first that failed, the others suppressed in it. */
    private static @Nullable RuntimeException allOf(Iterable<? extends AutoCloseable> resources) {
        RuntimeException first = null;
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                RuntimeException failure = e instanceof RuntimeException known ? known : new IllegalStateException(e);
                if (first == null) {
                    first = failure;
                } else if (!first.equals(failure)) { // one cannot be suppressed in itself
                    first.addSuppressed(failure);
                }
            }
        }
        return first;
    }

    /** Kernels and what they came from. */
    private record Loaded(CudaModule module, String image) {}

    /** Takes the cubin where there is one that the device runs, and has the driver compile the PTX otherwise. */
    private Loaded load(byte @Nullable [] cubin, Images images) {
        if (cubin != null) {
            try {
                return new Loaded(new CudaModule(context, cubin), "cubin");
            } catch (NativeCallException e) {
                System.getLogger(CudaDevice.class.getName())
                        .log(System.Logger.Level.WARNING, "the cubin is not taken, the PTX is: " + e.getMessage());
            }
        }
        byte[] ptx = images.read(RESOURCE + ".ptx");
        if (ptx == null) {
            throw new IllegalStateException("the class path lacks " + RESOURCE + ".ptx of infoprompt-native");
        }
        return new Loaded(new CudaModule(context, ptx), "PTX");
    }

    /** {@return a resource of the class path, which infoprompt-native puts there} */
    static byte @Nullable [] resource(String name) {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(name)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    CudaContext context() {
        return context;
    }

    CudaStream stream() {
        return stream;
    }

    ManagedMemory memory() {
        return memory;
    }

    cublasLt_h cublasLt() {
        return cublasLt;
    }

    /** {@return a kernel} */
    CudaFunction kernel(String name, String suffix) {
        return module.function("ipk_" + name + suffix);
    }

    /** {@return a kernel in float32} */
    CudaFunction kernel(String name) {
        return kernel(name, "_f32");
    }

    /**
     * {@return memory that the host never reads}
     *
     * @throws DeviceMemoryException if there is not enough
     */
    DeviceMemory allocate(long bytes) {
        return allocated(bytes, () -> context.allocate(bytes));
    }

    /**
     * {@return memory that host and device reach}
     *
     * @throws DeviceMemoryException if the device has not enough; the driver itself would then move pages to and fro
     */
    DeviceMemory allocateManaged(long bytes) {
        if (bytes > context.freeBytes()) {
            throw exhausted(bytes);
        }
        return allocated(bytes, () -> context.allocateManaged(bytes));
    }

    /** Runs what allocates, with an error that says what is missing. */
    <T> T allocated(long bytes, Supplier<T> allocation) {
        try {
            return allocation.get();
        } catch (NativeCallException e) {
            if (e.status() == cuda_h.CUDA_ERROR_OUT_OF_MEMORY()) {
                DeviceMemoryException exhausted = exhausted(bytes);
                exhausted.initCause(e);
                throw exhausted;
            }
            throw e;
        }
    }

    private DeviceMemoryException exhausted(long bytes) {
        return new DeviceMemoryException(context.toString(), bytes, context.freeBytes(), context.allocatedBytes());
    }

    /** {@return the number of the work that was just asked for} To be called after asking, so that a wait never counts too much. */
    long note() {
        return asked.incrementAndGet();
    }

    /** {@return the number up to which all work is known to be done} */
    long done() {
        return done.get();
    }

    /** Waits until all that was asked for so far is done; costs next to nothing if that is known already. */
    void await() {
        long target = asked.get();
        if (done.get() < target) {
            context.makeCurrent();
            stream.synchronize();
            done.accumulateAndGet(target, Math::max);
        }
    }

    /** Multiplies; one handle and one workspace do for all threads, because all products go through the one stream. */
    synchronized void multiply(MatmulShape shape, float alpha, long a, long b, float beta, long c, long d, long bias) {
        CublasLt lt = products;
        if (lt == null) {
            lt = allocated(CublasLt.WORKSPACE_BYTES, () -> new CublasLt(cublasLt, context));
            own(lt::close);
            products = lt;
        }
        lt.plan(shape).run(stream, alpha, a, b, beta, c, d, bias);
        note();
    }

    /** Copies to the device and waits, for what is copied once. */
    synchronized void upload(long target, MemorySegment source, long bytes) {
        context.makeCurrent();
        Staging staging = uploads;
        if (staging == null) {
            staging = new Staging(this);
            own(staging::close);
            uploads = staging;
        }
        staging.begin();
        staging.upload(target, source, bytes);
        await();
    }

    /** {@return float32 elements, rounded to bfloat16 on the device} */
    DeviceMatrix rounded(MemorySegment source, long numElements) {
        DeviceMatrix result = new DeviceMatrix(this, numElements, MatmulShape.Element.BF16);
        try (Arena arena = Arena.ofConfined();
                DeviceMemory plain = allocate(numElements * Float.BYTES)) {
            upload(plain.address(), source, numElements * Float.BYTES);
            KernelArguments arguments = new KernelArguments(arena);
            arguments.start().int64(numElements).pointer(plain.address()).pointer(result.address());
            int blocks = Math.clamp((numElements + ROUNDING_BLOCK - 1) / ROUNDING_BLOCK, 1, MAX_ROUNDING_BLOCKS);
            kernel("to_bf16").launch(stream, blocks, 1, ROUNDING_BLOCK, 0, arguments);
            note();
            await();
        }
        return result;
    }

    /**
     * Has something closed together with the device unless it was {@linkplain #disown disowned} before.
     *
     * @throws IllegalStateException if the device was closed, after closing it
     */
    Runnable own(Runnable close) {
        synchronized (closing) {
            if (closed) {
                close.run();
                throw new IllegalStateException(context + " was closed");
            }
            owned.add(close);
        }
        return close;
    }

    /** Closes what was owned, even if the device has failed; idempotent, and nothing once the device is closed. */
    void disown(Runnable close) {
        synchronized (closing) {
            if (owned.remove(close)) {
                RuntimeException failure = allOf(List.of(context::makeCurrent, this::await, close::run));
                if (failure != null) {
                    throw failure;
                }
            }
        }
    }

    /** {@return what it is and how the kernels came to it} */
    String description() {
        context.makeCurrent();
        return context + ", driver for CUDA " + context.driver().version() / 1000 + "."
                + context.driver().version() % 1000 / 10 + ", cuBLASLt " + cublasLt.cublasLtGetVersion()
                + ", kernels from "
                + image + ", " + context.freeBytes() / 1_000_000 + " MB free";
    }

    /** Closes everything that is owned, even if the device has failed and every call with it; idempotent. */
    @Override
    public void close() {
        synchronized (closing) {
            if (closed) {
                return;
            }
            closed = true;
            List<AutoCloseable> all = new ArrayList<>();
            all.add(context::makeCurrent);
            all.add(this::await);
            all.add(() -> done.set(asked.get())); // a device that failed is not waited for again
            owned.forEach(close -> all.add(close::run));
            owned.clear();
            all.add(stream);
            all.add(module);
            all.add(context);
            RuntimeException failure = allOf(all);
            if (failure != null) {
                throw failure;
            }
        }
    }
}
