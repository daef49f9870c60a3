package org.infoprompt.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.ffi.NativeCallException;
import org.infoprompt.ffi.cublaslt.CublasLt;
import org.infoprompt.ffi.cublaslt.MatmulShape;
import org.infoprompt.ffi.cublaslt.MatmulShape.Compute;
import org.infoprompt.ffi.cublaslt.MatmulShape.Element;
import org.infoprompt.ffi.cublaslt.MatmulShape.Epilogue;
import org.infoprompt.ffi.cublaslt.cublasLt_h;
import org.infoprompt.ffi.cuda.CudaContext;
import org.infoprompt.ffi.cuda.CudaDriver;
import org.infoprompt.ffi.cuda.CudaModule;
import org.infoprompt.ffi.cuda.CudaStream;
import org.infoprompt.ffi.cuda.DeviceMemory;
import org.infoprompt.ffi.cuda.KernelArguments;
import org.infoprompt.ffi.cuda.cuda_h;
import org.infoprompt.ops.DeviceMemoryException;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** The fake driver sees what a real one would answer with an error or with wrong numbers. */
@DisabledIfSystemProperty(
        named = "infoprompt.test.expectedBackend",
        matches = "scalar",
        disabledReason = "does not depend on the backend; runs in the run with the vector module")
class BrokenHostTest {
    private final FakeGpu gpu = new FakeGpu();

    @Test
    void swappedAndMissingArgumentsAreSeen() {
        try (Arena arena = Arena.ofConfined()) {
            CudaContext context = new CudaContext(new CudaDriver(new cuda_h(gpu.driver())), 0);
            CudaStream stream = new CudaStream(context);
            CudaModule module = new CudaModule(context, ".target sm_80".getBytes(StandardCharsets.US_ASCII));
            KernelArguments arguments = new KernelArguments(arena);
            long memory = context.allocate(64).address();
            // The kernel takes n, a, b, y.
            arguments.start().pointer(memory).int64(16).pointer(memory).pointer(memory);
            module.function("ipk_multiply_f32").launch(stream, 1, 1, 32, 0, arguments);
            assertThatThrownBy(stream::synchronize)
                    .isInstanceOf(NativeCallException.class)
                    .hasMessageContaining("OUT_OF_BOUNDS");
            gpu.driver().clearFault();
            arguments.start().int64(16).pointer(memory).pointer(memory);
            assertThatThrownBy(() -> module.function("ipk_multiply_f32").launch(stream, 1, 1, 32, 0, arguments))
                    .hasMessageContaining("ipk_multiply_f32 got 3 of 4 arguments");
        }
    }

    @Test
    void readingBeforeTheDeviceIsDoneIsSeen() {
        CudaContext context = new CudaContext(new CudaDriver(new cuda_h(gpu.driver())), 0);
        CudaStream stream = new CudaStream(context);
        MemorySegment memory = context.allocateManaged(4).segment();
        stream.fill(memory.address(), Float.floatToRawIntBits(2), 1);
        assertThat(memory.get(ValueLayout.JAVA_FLOAT, 0)).isNaN();
        stream.synchronize();
        assertThat(memory.get(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(2);
    }

    @Test
    void aThousandShapesKeepABoundedNumberOfPlans() {
        try (CudaBackend backend = (CudaBackend) gpu.backend();
                Arena arena = Arena.ofConfined()) {
            MemorySegment weight = arena.allocate(4, 64);
            weight.set(ValueLayout.JAVA_FLOAT, 0, 3);
            PackedWeight packed = backend.pack(weight, 1, 1, WeightUse.FORWARD);
            MemorySegment x = arena.allocate(4 * 1000, 64);
            MemorySegment y = arena.allocate(4 * 1000, 64);
            for (int i = 0; i < 1000; i++) {
                x.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
            }
            MatmulKernels matmul = backend.newKernels().matmul();
            for (int rows = 1; rows <= 1000; rows++) {
                matmul.linear(packed, rows, x, null, y);
            }
            // A plan has one description and three layouts; the handle is one more.
            assertThat(gpu.cublasLt().liveObjects()).isBetween(4 * CublasLt.MOST_PLANS, 4 * CublasLt.MOST_PLANS + 4);
            matmul.linear(packed, 7, x, null, y);
            backend.newKernels().await();
            assertThat(y.getAtIndex(ValueLayout.JAVA_FLOAT, 6)).isEqualTo(18);
        }
        assertThat(gpu.cublasLt().liveObjects()).isZero();
    }

    @Test
    void aFaultyImageIsSeenThroughTheBackend() {
        String name = "ipk_axpby_f32";
        String text = FakeGpu.shipped().text(name);
        String loopsOn =
                text.replaceFirst("setp\\.lt\\.s64", "setp.le.s64").replaceFirst("setp\\.ge\\.s64", "setp.gt.s64");
        assertThat(loopsOn).isNotEqualTo(text);
        gpu.driver().useImage(FakeGpu.shipped().with(name, loopsOn));
        try (CudaBackend backend = (CudaBackend) gpu.backend();
                Arena arena = Arena.ofConfined()) {
            Kernels kernels = backend.newKernels();
            MemorySegment x = backend.memory().allocate(4, 4, arena);
            kernels.rows().axpby(1, 1, x, 1, x);
            assertThatThrownBy(kernels::await).hasMessageContaining("OUT_OF_BOUNDS");
            gpu.driver().clearFault();
        }
    }

    @Test
    void resultsAtOtherOffsetsAreSeen() {
        try (CudaBackend backend = (CudaBackend) gpu.backend();
                Arena arena = Arena.ofConfined()) {
            gpu.cublasLt().shiftResults(Long.BYTES);
            MemorySegment x = backend.memory().allocate(16, 4, arena);
            MatmulKernels matmul = backend.newKernels().matmul();
            assertThatThrownBy(() -> matmul.gemm(false, false, 1, 1, 1, 1, x, x.asSlice(4), 0, x.asSlice(8)))
                    .isInstanceOf(NativeCallException.class)
                    .hasMessageContaining("cublasLtMatmulAlgoGetHeuristic failed with status 4096");
        }
    }

    /** A plan is chosen for operands of an alignment; others, which the host code gives a plan of their own, would fault on a GPU. */
    @Test
    void operandsOfLessAlignmentThanPromisedAreSeen() {
        try (CudaContext context = new CudaContext(new CudaDriver(new cuda_h(gpu.driver())), 0);
                CudaStream stream = new CudaStream(context);
                CublasLt lt = new CublasLt(new cublasLt_h(gpu.cublasLt()), context);
                DeviceMemory memory = context.allocate(256)) {
            MatmulShape shape =
                    new MatmulShape(false, false, 1, 1, 1, Element.F32, Element.F32, Epilogue.NONE, Compute.F32, 16);
            long x = memory.address();
            lt.plan(shape).run(stream, 1, x, x + 16, 0, x + 32, x + 32, 0);
            stream.synchronize();
            assertThatThrownBy(() -> lt.plan(shape).run(stream, 1, x, x + 4, 0, x + 32, x + 32, 0))
                    .isInstanceOf(NativeCallException.class);
            assertThat(gpu.cublasLt().fault())
                    .hasMessage("operand A is not aligned to the 16 bytes that the algorithm was chosen for");
        }
    }

    @Test
    void outOfMemoryNamesTheBytes() {
        try (CudaBackend backend = (CudaBackend) gpu.backend();
                Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> backend.memory().allocate(2L << 30, 64, arena))
                    .isInstanceOf(DeviceMemoryException.class)
                    .hasMessageContaining("2147483648 bytes are needed on Fake GPU")
                    .hasMessageMatching(".* [0-9]+ are free, [0-9]+ are held by this process");
        }
    }

    @Test
    void anOldDriverIsRefused() {
        gpu.driver().useVersion(11080);
        assertThatThrownBy(() ->
                        new CudaBackend(new CudaDriver(new cuda_h(gpu.driver())), new cublasLt_h(gpu.cublasLt()), 0))
                .hasMessageContaining("supports CUDA 11.8");
    }

    @Test
    void workspacesAreUsedInPlaceAndGivenBack() {
        try (CudaBackend backend = (CudaBackend) gpu.backend()) {
            Workspace.takeMemoryFrom(backend.memory());
            long before = gpu.driver().heap().liveBytes();
            try (Workspace workspace = Workspace.ofBytes(4096)) {
                MemorySegment x = workspace.allocate(DType.F32, 1000);
                assertThat(x.get(ValueLayout.JAVA_FLOAT, 0)).isZero();
                Kernels kernels = backend.newKernels();
                kernels.rows().fill(1000, 3, x);
                assertThat(kernels.rows().sumOfSquares(1000, x)).isEqualTo(9000);
                // The call's own chunk for the partial sums, and nothing for x.
                assertThat(gpu.driver().heap().liveBytes() - before).isEqualTo(4096 + (1 << 20));
            } finally {
                Workspace.takeMemoryFrom(null);
            }
            assertThat(gpu.driver().heap().liveBytes() - before).isEqualTo(1 << 20);
        }
    }
}
