package org.infoprompt.cudasim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.infoprompt.cudasim.ptx.DeviceHeap;
import org.infoprompt.cudasim.ptx.PtxMachine;
import org.infoprompt.cudasim.ptx.PtxModule;
import org.infoprompt.ffi.cuda.cuda_h;

/**
 * The driver API over the PTX interpreter. Work on a stream is put off until the stream is synchronised, so that a host that reads
 * too early reads what was there before. As after a real fault, every call fails once a launch has faulted.
 */
public final class FakeDriver extends FakeLibrary {
    private static final int LAUNCH_FAILED = cuda_h.CUDA_ERROR_LAUNCH_FAILED();
    private static final int ELF = 0x464C457F;
    private static final long STREAM = 0x5000;

    private final DeviceHeap heap = new DeviceHeap();
    private final PtxMachine machine = new PtxMachine(heap);
    private final Counts counts = new Counts();
    private final TreeMap<Long, Pinned> pinned = new TreeMap<>();
    private final Map<Long, PtxModule> modules = new HashMap<>();
    private final Map<Long, Function> functions = new HashMap<>();
    private final Queue<Runnable> pending = new ArrayDeque<>();
    private final long capacity;
    private PtxModule image;
    private long handles = 0x6000;
    private int version = 13000;
    private int liveHandles;
    private int contexts;
    private boolean takesCubins = true;
    private final List<String> loads = new ArrayList<>();

    /** The host's memory that copies go from and to. */
    private record Pinned(long bytes, Arena arena) {}

    /** A kernel of a module. */
    private record Function(PtxModule module, String name) {}

    /**
     * Creates a driver with one device.
     *
     * @param image what a module of this text is taken for, which lets a test put a faulty one under the host code
     * @param capacity bytes of the device's memory
     */
    FakeDriver(PtxModule image, long capacity) {
        super(cuda_h.class, LAUNCH_FAILED);
        this.image = image;
        this.capacity = capacity;
        devices();
        memory();
        modules();
        streams();
    }

    /** Puts another image under the host code, taken from the next load on. */
    public void useImage(PtxModule other) {
        image = other;
    }

    /** Sets what the driver says its version is. */
    public void useVersion(int other) {
        version = other;
    }

    /** Has cubins refused, as a driver does that has none for its device. */
    public void refuseCubins() {
        takesCubins = false;
    }

    /** {@return what was loaded, or tried to be: cubin or PTX, in order} */
    public List<String> loads() {
        return List.copyOf(loads);
    }

    /** {@return how often the context was retained and not released} */
    public int liveContexts() {
        return contexts;
    }

    /** {@return streams, events, modules and pinned memory that were not given back} */
    public int liveHandles() {
        return liveHandles;
    }

    /** {@return the device's memory} */
    public DeviceHeap heap() {
        return heap;
    }

    /** {@return what was asked of the driver so far} */
    public Counts counts() {
        return counts;
    }

    /** Adds a product of cuBLASLt's to the stream. */
    synchronized void product(Runnable work) {
        counts.product();
        pending.add(work);
    }

    private int synchronize() {
        counts.synchronisation();
        return run();
    }

    private int run() {
        while (!pending.isEmpty()) {
            pending.remove().run();
        }
        return 0;
    }

    private void devices() {
        define("cuInit", a -> 0);
        define("cuDriverGetVersion", a -> putInt(a[0], version));
        define("cuGetErrorName", a -> putLong(a[1], text("CUDA_ERROR_" + a[0]).address()));
        define(
                "cuGetErrorString",
                a -> putLong(a[1], text(fault() == null ? "fake" : "" + fault()).address()));
        define("cuDeviceGetCount", a -> putInt(a[0], 1));
        define("cuDeviceGet", a -> putInt(a[0], (int) a[1]));
        define("cuDeviceGetName", a -> {
            memory(a[0], 256).setString(0, "Fake GPU");
            return 0;
        });
        define("cuDeviceGetAttribute", a -> {
            int which = (int) a[1];
            return putInt(
                    a[0], which == cuda_h.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR() ? 8 : which == 89 ? 1 : 0);
        });
        define("cuDevicePrimaryCtxRetain", a -> {
            contexts++;
            return putLong(a[0], 0x4000);
        });
        define("cuDevicePrimaryCtxRelease_v2", a -> {
            contexts--;
            return 0;
        });
        define("cuCtxSetCurrent", a -> address(a[0]) == 0x4000 ? 0 : cuda_h.CUDA_ERROR_INVALID_CONTEXT());
        define("cuCtxSynchronize", a -> synchronize());
    }

    private void memory() {
        define("cuMemGetInfo_v2", a -> {
            putLong(a[0], capacity - heap.liveBytes());
            return putLong(a[1], capacity);
        });
        Behaviour allocate = a -> {
            long bytes = (long) a[1];
            counts.allocation();
            return heap.liveBytes() + bytes > capacity
                    ? cuda_h.CUDA_ERROR_OUT_OF_MEMORY()
                    : putLong(a[0], heap.allocate(bytes));
        };
        define("cuMemAlloc_v2", allocate);
        define("cuMemAllocManaged", allocate);
        define("cuMemFree_v2", a -> {
            run(); // freeing waits for the device
            return heap.free((long) a[0]) ? 0 : cuda_h.CUDA_ERROR_INVALID_VALUE();
        });
        define("cuMemAllocHost_v2", a -> {
            counts.allocation();
            liveHandles++;
            Arena arena = Arena.ofShared();
            MemorySegment memory = arena.allocate((long) a[1], Long.BYTES);
            pinned.put(memory.address(), new Pinned(memory.byteSize(), arena));
            return putLong(a[0], memory.address());
        });
        define("cuMemFreeHost", a -> {
            run(); // as freeing device memory does
            Pinned memory = pinned.remove(address(a[0]));
            if (memory != null) {
                memory.arena.close();
            }
            return drop(memory != null);
        });
        define("cuMemcpyHtoDAsync_v2", a -> {
            long bytes = (long) a[2];
            counts.upload(bytes);
            MemorySegment source = pinned(a[1], bytes);
            return stream(a[3], () -> heap.segment((long) a[0], bytes).copyFrom(source));
        });
        define("cuMemcpyDtoHAsync_v2", a -> {
            long bytes = (long) a[2];
            counts.download(bytes);
            MemorySegment target = pinned(a[0], bytes);
            return stream(a[3], () -> target.copyFrom(heap.segment((long) a[1], bytes)));
        });
        define("cuMemcpyDtoDAsync_v2", a -> {
            counts.copy();
            return stream(
                    a[3],
                    () -> heap.segment((long) a[0], (long) a[2]).copyFrom(heap.segment((long) a[1], (long) a[2])));
        });
        define(
                "cuMemsetD32Async",
                a -> stream(a[3], () -> {
                    MemorySegment target = heap.segment((long) a[0], 4 * (long) a[2]);
                    for (long i = 0; i < (long) a[2]; i++) {
                        target.setAtIndex(ValueLayout.JAVA_INT, i, (int) a[1]);
                    }
                }));
    }

    /** A copy from or to memory that is not pinned would not run behind the host's back. */
    private MemorySegment pinned(Object pointer, long bytes) {
        Map.Entry<Long, Pinned> memory = pinned.floorEntry(address(pointer));
        if (memory == null || address(pointer) + bytes > memory.getKey() + memory.getValue().bytes) {
            throw new IllegalArgumentException("a copy of " + bytes + " bytes of memory that is not pinned");
        }
        return memory(pointer, bytes);
    }

    private void modules() {
        define("cuModuleLoadDataEx", a -> {
            boolean cubin = memory(a[1], Integer.BYTES).get(ValueLayout.JAVA_INT_UNALIGNED, 0) == ELF;
            loads.add(cubin ? "cubin" : "PTX");
            if (cubin && !takesCubins) {
                return cuda_h.CUDA_ERROR_NO_BINARY_FOR_GPU();
            }
            // A cubin is taken for what its PTX is.
            String text = cubin ? "" : memory(a[1], Integer.MAX_VALUE).getString(0, StandardCharsets.US_ASCII);
            if (!cubin && !text.contains(".target sm_80")) {
                return cuda_h.CUDA_ERROR_INVALID_IMAGE();
            }
            modules.put(++handles, image);
            liveHandles++;
            return putLong(a[0], handles);
        });
        define("cuModuleUnload", a -> drop(modules.remove(address(a[0])) != null));
        define("cuModuleGetFunction", a -> {
            PtxModule module = modules.get(address(a[1]));
            String name = memory(a[2], 256).getString(0);
            if (module == null || !module.names().contains(name)) {
                return cuda_h.CUDA_ERROR_NOT_FOUND();
            }
            functions.put(++handles, new Function(module, name));
            return putLong(a[0], handles);
        });
        define("cuFuncGetAttribute", a -> putInt(a[0], 32));
        define("cuLaunchKernel", this::launch);
    }

    private int launch(Object[] a) {
        if (fault() != null) {
            return LAUNCH_FAILED;
        }
        Function function = functions.get(address(a[0]));
        if (function == null || !a[3].equals(1) || !a[5].equals(1) || !a[6].equals(1)) {
            return cuda_h.CUDA_ERROR_INVALID_VALUE();
        }
        int[] parameterBytes = PtxMachine.parameterBytes(function.module, function.name);
        int count = parameterBytes.length;
        MemorySegment pointers = memory(a[9], Long.BYTES * (count + 1L));
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            long pointer = pointers.getAtIndex(ValueLayout.JAVA_LONG, i);
            if (pointer == 0) {
                throw new IllegalArgumentException(function.name + " got " + i + " of " + count + " arguments");
            }
            MemorySegment value = memory(MemorySegment.ofAddress(pointer), Long.BYTES);
            values[i] = parameterBytes[i] == Integer.BYTES
                    ? value.get(ValueLayout.JAVA_INT, 0)
                    : value.get(ValueLayout.JAVA_LONG, 0);
        }
        if (pointers.getAtIndex(ValueLayout.JAVA_LONG, count) != 0) {
            throw new IllegalArgumentException(function.name + " got more than " + count + " arguments");
        }
        int gridX = (int) a[1];
        int gridY = (int) a[2];
        int block = (int) a[4];
        int shared = (int) a[7];
        counts.kernel(function.name);
        return stream(a[8], () -> {
            machine.launch(function.module, function.name, gridX, gridY, block, shared, values);
        });
    }

    private void streams() {
        define("cuStreamCreate", a -> {
            liveHandles++;
            return putLong(a[0], STREAM);
        });
        define("cuStreamDestroy_v2", a -> drop(address(a[0]) == STREAM));
        define("cuStreamSynchronize", a -> synchronize());
        define("cuEventCreate", a -> {
            liveHandles++;
            return putLong(a[0], ++handles);
        });
        define("cuEventRecord", a -> 0);
        define("cuEventSynchronize", a -> synchronize());
        define("cuEventElapsedTime", a -> putInt(a[0], Float.floatToIntBits(1)));
        define("cuEventDestroy_v2", a -> drop(true));
    }

    private int drop(boolean known) {
        liveHandles--;
        return known ? 0 : cuda_h.CUDA_ERROR_INVALID_HANDLE();
    }

    private int stream(Object stream, Runnable work) {
        if (address(stream) != STREAM) {
            return cuda_h.CUDA_ERROR_INVALID_HANDLE();
        }
        pending.add(work);
        return 0;
    }
}
