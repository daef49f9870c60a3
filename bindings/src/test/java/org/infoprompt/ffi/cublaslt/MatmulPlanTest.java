package org.infoprompt.ffi.cublaslt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.infoprompt.ffi.NativeCallException;
import org.infoprompt.ffi.cublaslt.MatmulShape.Compute;
import org.infoprompt.ffi.cublaslt.MatmulShape.Element;
import org.infoprompt.ffi.cublaslt.MatmulShape.Epilogue;
import org.infoprompt.ffi.cuda.CudaContext;
import org.infoprompt.ffi.cuda.CudaDriver;
import org.infoprompt.ffi.cuda.CudaStream;
import org.infoprompt.ffi.cuda.cuda_h;
import org.infoprompt.ffi.headers.StubLibrary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a plan asks of cuBLASLt: row-major products as column-major ones, one plan per shape, everything given back. */
class MatmulPlanTest {
    private static final MatmulShape LINEAR =
            new MatmulShape(false, true, 5, 7, 3, Element.F32, Element.F32, Epilogue.BIAS, Compute.F32, 16);

    private final Arena arena = Arena.ofShared();
    private final Map<Long, String> layouts = new HashMap<>();
    private final List<String> operation = new ArrayList<>();
    private final List<Object[]> products = new ArrayList<>();
    private int live;
    private int algorithms = 1;
    private final StubLibrary driver = new StubLibrary(cuda_h.class, arena)
            .with("cuDriverGetVersion", a -> put(a[0], 12000))
            .with("cuDeviceGetCount", a -> put(a[0], 1))
            .with("cuMemAlloc_v2", a -> create(a[0], 0x70000000L));
    private final StubLibrary library = new StubLibrary(cublasLt_h.class, arena)
            .with("cublasLtCreate", a -> create(a[0], 1))
            .with("cublasLtMatmulDescCreate", a -> create(a[0], 2))
            .with("cublasLtMatrixLayoutCreate", a -> {
                long handle = 100L + layouts.size();
                layouts.put(handle, a[2] + "x" + a[3] + " ld " + a[4]);
                return create(a[0], handle);
            })
            .with("cublasLtMatmulPreferenceCreate", a -> create(a[0], 3))
            .with("cublasLtMatmulDescSetAttribute", a -> {
                MemorySegment value = StubLibrary.out(a[2], Long.BYTES);
                long number =
                        a[3].equals(4L) ? value.get(ValueLayout.JAVA_INT, 0) : value.get(ValueLayout.JAVA_LONG, 0);
                operation.add(a[1] + "=" + number);
                return 0;
            })
            .with("cublasLtMatmulAlgoGetHeuristic", a -> {
                MemorySegment result = StubLibrary.out(a[8], cublasLtMatmulHeuristicResult_t.sizeof());
                cublasLtMatmulHeuristicResult_t.workspaceSize(result, 640);
                return put(a[9], algorithms);
            })
            .with("cublasLtMatmul", a -> {
                products.add(a);
                return 0;
            })
            .with("cublasLtGetStatusName", a -> arena.allocateFrom("NAME_" + a[0]))
            .with("cublasLtGetStatusString", a -> arena.allocateFrom("text"))
            .with("cublasLtMatmulDescDestroy", a -> destroy())
            .with("cublasLtMatrixLayoutDestroy", a -> destroy())
            .with("cublasLtMatmulPreferenceDestroy", a -> destroy())
            .with("cublasLtDestroy", a -> destroy());
    private final CudaContext context = new CudaContext(new CudaDriver(new cuda_h(driver)), 0);
    private final CudaStream stream = new CudaStream(context);

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void aLinearLayerIsTheTransposedProduct() {
        try (CublasLt lt = new CublasLt(new cublasLt_h(library), context)) {
            MatmulPlan plan = lt.plan(LINEAR);
            plan.run(stream, 2, 0xA0, 0xB0, 3, 0xC0, 0xD0, 0xE0);
            // TRANSA because b is [n, k], TRANSB not, epilogue BIAS, then the bias itself.
            assertThat(operation).containsExactly("3=1", "4=0", "7=4", "8=224");
            Object[] product = products.getFirst();
            assertThat(((MemorySegment) product[3]).address()).isEqualTo(0xB0);
            assertThat(layout(product[4])).isEqualTo("3x7 ld 3");
            assertThat(((MemorySegment) product[5]).address()).isEqualTo(0xA0);
            assertThat(layout(product[6])).isEqualTo("3x5 ld 3");
            assertThat(((MemorySegment) product[8]).address()).isEqualTo(0xC0);
            assertThat(((MemorySegment) product[10]).address()).isEqualTo(0xD0);
            assertThat(layout(product[11])).isEqualTo("7x5 ld 7");
            assertThat(product[14]).isEqualTo(640L);
            assertThat(lt.plan(LINEAR)).isSameAs(plan);
            assertThat(lt.numPlans()).isEqualTo(1);
        }
        assertThat(live).isZero();
        assertThat(context.numAllocations()).isZero();
    }

    @Test
    void aTransposedLeftOperandIsTransposed() {
        MatmulShape shape =
                new MatmulShape(true, false, 5, 7, 3, Element.BF16, Element.F32, Epilogue.NONE, Compute.F32, 16);
        try (CublasLt lt = new CublasLt(new cublasLt_h(library), context)) {
            lt.plan(shape).run(stream, 1, 0xA0, 0xB0, 0, 0xD0, 0xD0, 0);
            assertThat(operation).containsExactly("3=0", "4=1", "7=1");
            assertThat(layout(products.getFirst()[4])).isEqualTo("7x3 ld 7");
            assertThat(layout(products.getFirst()[6])).isEqualTo("5x3 ld 5");
        }
        assertThat(live).isZero();
    }

    @Test
    void aBiasThatIsMissingOrUnusedIsRefused() {
        try (CublasLt lt = new CublasLt(new cublasLt_h(library), context)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> lt.plan(LINEAR).run(stream, 1, 1, 1, 0, 1, 1, 0));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MatmulShape(
                        false, true, 0, 7, 3, Element.F32, Element.F32, Epilogue.BIAS, Compute.F32, 16));
    }

    @Test
    void aShapeWithoutAlgorithmIsNamed() {
        algorithms = 0;
        try (CublasLt lt = new CublasLt(new cublasLt_h(library), context)) {
            assertThatThrownBy(() -> lt.plan(LINEAR))
                    .isInstanceOf(NativeCallException.class)
                    .hasMessageContaining("NAME_15")
                    .hasMessageContaining("m=5, n=7, k=3");
        }
        assertThat(live).as("descriptors that were not given back").isZero();
    }

    private String layout(Object handle) {
        return layouts.getOrDefault(((MemorySegment) handle).address(), "none");
    }

    private int create(Object out, long handle) {
        StubLibrary.out(out, Long.BYTES).set(ValueLayout.JAVA_LONG, 0, handle);
        live += handle < 0x1000 ? 1 : 0;
        return 0;
    }

    private int destroy() {
        live--;
        return 0;
    }

    private static int put(Object out, int value) {
        StubLibrary.out(out, Integer.BYTES).set(ValueLayout.JAVA_INT, 0, value);
        return 0;
    }
}
