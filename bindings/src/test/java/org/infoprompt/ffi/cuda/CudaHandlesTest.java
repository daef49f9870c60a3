package org.infoprompt.ffi.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.infoprompt.ffi.NativeCallException;
import org.infoprompt.ffi.headers.StubLibrary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the owned handles do with what a driver answers. */
class CudaHandlesTest {
    private final Arena arena = Arena.ofShared();
    private final StubLibrary library = driver(arena);

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void aFailingStatusIsNamed() {
        library.returning("cuInit", cuda_h.CUDA_ERROR_NO_DEVICE());
        assertThatExceptionOfType(NativeCallException.class)
                .isThrownBy(() -> new CudaDriver(new cuda_h(library)))
                .withMessage("cuInit failed with status 100: NAME_100, text of 100")
                .satisfies(e -> assertThat(e.status()).isEqualTo(100));
    }

    @Test
    void anOldDriverIsRefused() {
        library.with("cuDriverGetVersion", a -> put(a[0], 11080));
        assertThatThrownBy(() -> new CudaDriver(new cuda_h(library)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("the NVIDIA driver supports CUDA 11.8; the kernels need a driver for CUDA 12.0 or newer");
    }

    @Test
    void aMissingFunctionIsNamedWhenItIsCalled() {
        cuda_h empty = new cuda_h(name -> Optional.empty());
        assertThatThrownBy(() -> empty.cuInit(0))
                .isInstanceOf(UnsatisfiedLinkError.class)
                .hasMessage("the library has no function cuInit");
        assertThat(cuda_h.cuLaunchKernel$descriptor().argumentLayouts()).hasSize(11);
    }

    @Test
    void anUnknownDeviceIsRefused() {
        CudaDriver driver = new CudaDriver(new cuda_h(library));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CudaContext(driver, 1))
                .withMessageContaining("device cuda:1 must be in [0, 1)");
    }

    @Test
    void memoryIsAccountedAndFreedOnce() {
        List<Object> freed = new ArrayList<>();
        library.with("cuMemFree_v2", a -> {
            freed.add(a[0]);
            return 0;
        });
        try (CudaContext context = context()) {
            DeviceMemory first = context.allocate(1000);
            DeviceMemory second = context.allocate(24);
            assertThat(context.allocatedBytes()).isEqualTo(1024);
            assertThat(first.address(999, 1)).isEqualTo(0x7000_0000_03E7L);
            assertThatThrownBy(() -> first.address(999, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            first.close();
            first.close();
            second.close();
            assertThat(freed).hasSize(2);
            assertThat(context.allocatedBytes()).isZero();
            assertThat(context.peakBytes()).isEqualTo(1024);
            assertThatThrownBy(first::address).isInstanceOf(IllegalStateException.class);
        }
        assertThat(library.calls()).endsWith("cuDevicePrimaryCtxRelease_v2");
    }

    @Test
    void outOfMemorySaysWhatIsNeededAndFree() {
        library.returning("cuMemAlloc_v2", cuda_h.CUDA_ERROR_OUT_OF_MEMORY());
        try (CudaContext context = context()) {
            assertThatExceptionOfType(NativeCallException.class)
                    .isThrownBy(() -> context.allocate(1L << 40))
                    .withMessageContaining(
                            "1099511627776 bytes are needed on Stub GPU (compute capability 9.0), 777 are free");
        }
    }

    @Test
    void copiesAreBounded() {
        try (CudaContext context = context();
                CudaStream stream = new CudaStream(context)) {
            MemorySegment host = arena.allocate(16);
            stream.upload(0x700000000000L, host, 16);
            assertThatThrownBy(() -> stream.upload(0x700000000000L, host, 17))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> stream.download(host, 0x700000000000L, 17))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void aRejectedImageGivesTheCompilersLog() {
        library.with("cuModuleLoadDataEx", a -> {
            MemorySegment values = StubLibrary.out(a[4], 2 * Long.BYTES);
            byte[] log = "ptxas error: line 7".getBytes(StandardCharsets.UTF_8);
            MemorySegment.copy(
                    log,
                    0,
                    StubLibrary.out(values.get(ValueLayout.ADDRESS, 0), 100),
                    ValueLayout.JAVA_BYTE,
                    0,
                    log.length);
            return cuda_h.CUDA_ERROR_INVALID_PTX();
        });
        try (CudaContext context = context()) {
            assertThatThrownBy(() -> new CudaModule(context, new byte[3]))
                    .isInstanceOf(NativeCallException.class)
                    .hasMessageContaining("NAME_218")
                    .hasMessageContaining("ptxas error: line 7");
        }
    }

    @Test
    void argumentsArriveInOrderAndEndWithNull() {
        List<Long> seen = new ArrayList<>();
        library.with("cuLaunchKernel", a -> {
            assertThat(a).startsWith(MemorySegment.ofAddress(0xF0), 5, 2, 1, 128, 1, 1, 64);
            MemorySegment pointers = StubLibrary.out(a[9], 5 * Long.BYTES);
            for (int i = 0; i < 4; i++) {
                seen.add(StubLibrary.out(pointers.getAtIndex(ValueLayout.ADDRESS, i), Long.BYTES)
                        .get(ValueLayout.JAVA_LONG, 0));
            }
            assertThat(pointers.getAtIndex(ValueLayout.JAVA_LONG, 4)).isZero();
            return 0;
        });
        library.with("cuModuleGetFunction", a -> putLong(a[0], 0xF0));
        try (CudaContext context = context();
                CudaStream stream = new CudaStream(context);
                CudaModule module = new CudaModule(context, new byte[1])) {
            KernelArguments arguments = new KernelArguments(arena)
                    .start()
                    .pointer(77)
                    .int32(8)
                    .float32(1)
                    .int64(-9);
            module.function("k").launch(stream, 5, 2, 128, 64, arguments);
            assertThat(seen).containsExactly(77L, 8L, (long) Float.floatToIntBits(1), -9L);
            library.returning("cuLaunchKernel", cuda_h.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES());
            assertThatThrownBy(() -> module.function("k").launch(stream, 5, 2, 128, 64, arguments))
                    .hasMessageContaining("kernel k, grid 5x2, block 128, 64 bytes of shared memory");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyHandleIsGivenBackOnce(boolean twice) {
        CudaContext context = context();
        CudaStream stream = new CudaStream(context);
        CudaEvent event = new CudaEvent(context);
        CudaModule module = new CudaModule(context, new byte[1]);
        for (int i = 0; i < (twice ? 2 : 1); i++) {
            module.close();
            event.close();
            stream.close();
            context.close();
        }
        assertThat(library.calls())
                .containsOnlyOnce(
                        "cuModuleUnload", "cuEventDestroy_v2", "cuStreamDestroy_v2", "cuDevicePrimaryCtxRelease_v2");
    }

    private CudaContext context() {
        return new CudaContext(new CudaDriver(new cuda_h(library)), 0);
    }

    private static StubLibrary driver(Arena arena) {
        return new StubLibrary(cuda_h.class, arena)
                .with("cuDriverGetVersion", a -> put(a[0], 13000))
                .with("cuDeviceGetCount", a -> put(a[0], 1))
                .with("cuDeviceGet", a -> put(a[0], 0))
                .with(
                        "cuDeviceGetAttribute",
                        a -> put(a[0], a[1].equals(cuda_h.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR()) ? 9 : 0))
                .with("cuDeviceGetName", a -> {
                    StubLibrary.out(a[0], 256).setString(0, "Stub GPU");
                    return 0;
                })
                .with("cuMemGetInfo_v2", a -> putLong(a[0], 777))
                .with("cuMemAlloc_v2", a -> putLong(a[0], 0x7000_0000_0000L))
                .with("cuStreamCreate", a -> putLong(a[0], 0x51))
                .with("cuEventCreate", a -> putLong(a[0], 0x52))
                .with("cuModuleLoadDataEx", a -> putLong(a[0], 0x53))
                .with(
                        "cuGetErrorName",
                        a -> putLong(a[1], arena.allocateFrom("NAME_" + a[0]).address()))
                .with(
                        "cuGetErrorString",
                        a -> putLong(a[1], arena.allocateFrom("text of " + a[0]).address()));
    }

    private static int put(Object out, int value) {
        StubLibrary.out(out, Integer.BYTES).set(ValueLayout.JAVA_INT, 0, value);
        return 0;
    }

    private static int putLong(Object out, long value) {
        StubLibrary.out(out, Long.BYTES).set(ValueLayout.JAVA_LONG, 0, value);
        return 0;
    }
}
