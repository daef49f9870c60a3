package org.infoprompt.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.ffi.NativeCallException;
import org.infoprompt.ffi.cublaslt.cublasLt_h;
import org.infoprompt.ffi.cuda.CudaDriver;
import org.infoprompt.ffi.cuda.cuda_h;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a device loads, what it gives back when something fails, and operands that share bytes on the host. */
@DisabledIfSystemProperty(
        named = "infoprompt.test.expectedBackend",
        matches = "scalar",
        disabledReason = "does not depend on the backend; runs in the run with the vector module")
class CudaDeviceTest {
    private static final byte[] CUBIN = {0x7F, 'E', 'L', 'F', 0, 0, 0, 0};

    private final FakeGpu gpu = new FakeGpu();
    private final List<String> asked = new ArrayList<>();

    @Test
    void theCubinOfTheDeviceIsTakenFirst() {
        try (CudaBackend backend = open(true, true)) {
            assertThat(backend.description()).contains("kernels from cubin");
            assertThat(asked).containsExactly("org/infoprompt/native/cuda/infoprompt_kernels.sm_80.cubin");
            assertThat(gpu.driver().loads()).containsExactly("cubin");
            fill(backend);
        }
    }

    @Test
    void withoutOneThePtxIsCompiled() {
        try (CudaBackend backend = open(false, true)) {
            assertThat(backend.description()).contains("kernels from PTX");
            assertThat(gpu.driver().loads()).containsExactly("PTX");
            fill(backend);
        }
    }

    @Test
    void aCubinThatIsRefusedGivesWayToThePtx() {
        gpu.driver().refuseCubins();
        try (CudaBackend backend = open(true, true)) {
            assertThat(backend.description()).contains("kernels from PTX");
            assertThat(gpu.driver().loads()).containsExactly("cubin", "PTX");
            fill(backend);
        }
    }

    @Test
    void thePropertyHasThePtxCompiledInSpiteOfACubin() {
        System.setProperty(CudaBackend.JIT_PROPERTY, "true");
        try (CudaBackend backend = open(true, true)) {
            assertThat(backend.description()).contains("kernels from PTX");
            assertThat(gpu.driver().loads()).containsExactly("PTX");
        } finally {
            System.clearProperty(CudaBackend.JIT_PROPERTY);
        }
    }

    @Test
    void withoutAnyImageNothingStaysOpen() {
        assertThatThrownBy(() -> open(false, false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("infoprompt_kernels.ptx of infoprompt-native");
        nothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuCtxSetCurrent", "cuModuleLoadDataEx", "cuStreamCreate"})
    void whatFailsWhileOpeningLeavesNothingOpen(String function) {
        gpu.driver().fail(function);
        assertThatThrownBy(() -> open(true, true))
                .isInstanceOf(NativeCallException.class)
                .hasMessageStartingWith(function);
        nothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuStreamSynchronize", "cuMemFreeHost", "cuModuleUnload"})
    void whatFailsWhileClosingKeepsNothingElseOpen(String function) {
        CudaBackend backend = open(true, true);
        fill(backend);
        try (Arena arena = Arena.ofConfined()) {
            // Work that closing waits for.
            backend.newKernels().rows().fill(3, 2, backend.memory().allocate(12, 4, arena));
            gpu.driver().fail(function);
            assertThatThrownBy(backend::close)
                    .isInstanceOf(NativeCallException.class)
                    .hasMessageStartingWith(function);
            backend.close(); // once more does nothing
        }
        assertThat(gpu.driver().liveHandles()).isEqualTo(function.equals("cuStreamSynchronize") ? 0 : 1);
        assertThat(gpu.driver().heap().liveBytes()).isZero();
        assertThat(gpu.driver().liveContexts()).isZero();
    }

    @Test
    void memoryThatOutlivesItsDeviceIsNotFreedTwice() {
        CudaBackend backend = open(true, true);
        Workspace.takeMemoryFrom(backend.memory());
        try (Workspace workspace = Workspace.ofBytes(4096)) {
            Workspace.takeMemoryFrom(null);
            assertThat(workspace.allocate(DType.F32, 10).byteSize()).isEqualTo(40);
            backend.close();
        } finally {
            Workspace.takeMemoryFrom(null);
        }
        assertThat(gpu.driver().fault()).isNull();
        assertThatThrownBy(backend::newKernels)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was closed");
        nothingIsLeft();
    }

    @Test
    void aResultInsideAnotherOperandKeepsWhatIsAroundIt() {
        try (CudaBackend backend = open(true, true);
                Arena arena = Arena.ofConfined()) {
            MemorySegment x = numbers(arena, 12);
            // The sums of columns go to the second row, which is read before.
            backend.newKernels().rows().columnSums(3, 4, 1, x, 0, x.asSlice(4 * Float.BYTES, 4 * Float.BYTES));
            assertThat(x.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(0, 1, 2, 3, 12, 15, 18, 21, 8, 9, 10, 11);
        }
    }

    @Test
    void aResultThatSharesSomeBytesWithAnotherOperandIsRefused() {
        try (CudaBackend backend = open(true, true);
                Arena arena = Arena.ofConfined()) {
            MemorySegment x = numbers(arena, 12);
            RowKernels rows = backend.newKernels().rows();
            assertThatThrownBy(() -> rows.axpby(8, 1, x, 1, x.asSlice(4 * Float.BYTES)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("a result and another operand share some of their bytes on the host");
            assertThat(x.toArray(ValueLayout.JAVA_FLOAT))
                    .isEqualTo(numbers(arena, 12).toArray(ValueLayout.JAVA_FLOAT));
            // Two that are only read may.
            MemorySegment y = arena.allocate(ValueLayout.JAVA_FLOAT, 8);
            backend.newKernels().matmul().gemm(false, false, 2, 2, 2, 1, x, x.asSlice(2 * Float.BYTES), 0, y);
            assertThat(y.asSlice(0, 16).toArray(ValueLayout.JAVA_FLOAT)).containsExactly(4, 5, 16, 21);
        }
    }

    private static MemorySegment numbers(Arena arena, int n) {
        MemorySegment x = arena.allocate(ValueLayout.JAVA_FLOAT, n);
        for (int i = 0; i < n; i++) {
            x.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
        }
        return x;
    }

    private CudaBackend open(boolean cubin, boolean ptx) {
        CudaDevice device = new CudaDevice(
                new CudaDriver(new cuda_h(gpu.driver())),
                new cublasLt_h(gpu.cublasLt()),
                0,
                name -> image(name, cubin, ptx));
        return new CudaBackend(device, Precision.FP32);
    }

    private byte @Nullable [] image(String name, boolean cubin, boolean ptx) {
        asked.add(name);
        if (name.endsWith(".cubin")) {
            return cubin ? CUBIN : null;
        }
        return ptx ? CudaDevice.resource(name) : null;
    }

    private static void fill(CudaBackend backend) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment x = arena.allocate(ValueLayout.JAVA_FLOAT, 3);
            backend.newKernels().rows().fill(3, 2, x);
            assertThat(x.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(2, 2, 2);
        }
    }

    private void nothingIsLeft() {
        assertThat(gpu.driver().liveHandles()).isZero();
        assertThat(gpu.driver().heap().liveBytes()).isZero();
        assertThat(gpu.driver().liveContexts()).isZero();
    }
}
