package org.infoprompt.ffi.headers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.infoprompt.ffi.cublaslt.cublasLtMatmulAlgo_t;
import org.infoprompt.ffi.cublaslt.cublasLtMatmulHeuristicResult_t;
import org.infoprompt.ffi.cublaslt.cublasLt_h;
import org.infoprompt.ffi.cuda.cuda_h;
import org.infoprompt.ffi.headers.HeaderSpec.Function;
import org.infoprompt.ffi.headers.HeaderSpec.Kind;
import org.infoprompt.ffi.headers.HeaderSpec.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compiled headers agree with JavaCPP's translation of NVIDIA's, without any library. */
class JavaCppAbiTest {
    private static final Map<String, Class<?>> HEADERS = Map.of("cuda", cuda_h.class, "cublasLt", cublasLt_h.class);

    /** The classes by which JavaCPP types the handles that the spec types. */
    private static final Map<String, String> HANDLES = Map.of(
            "cublasLtHandle_t", "cublasLtContext",
            "cublasLtMatmulDesc_t", "cublasLtMatmulDescOpaque_t",
            "cublasLtMatrixLayout_t", "cublasLtMatrixLayoutOpaque_t",
            "cublasLtMatmulPreference_t", "cublasLtMatmulPreferenceOpaque_t",
            "cudaStream_t", "CUstream_st",
            "CUstream", "CUstream_st",
            "CUfunction", "CUfunc_st",
            "CUmodule", "CUmod_st",
            "CUevent", "CUevent_st",
            "CUcontext", "CUctx_st");

    private final JavaCppCuda javaCpp = new JavaCppCuda();

    JavaCppAbiTest() throws IOException {}

    @ParameterizedTest
    @ValueSource(strings = {"cuda", "cublasLt"})
    void everyConstantHasItsValue(String name) throws ReflectiveOperationException, IOException {
        for (String constant : spec(name).constants().keySet()) {
            Method method = header(name).getMethod(constant);
            assertThat(method.invoke(null)).as(constant).isEqualTo(javaCpp.constant(constant));
        }
        assertThat(javaCpp.numConstants()).isGreaterThan(900);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuda", "cublasLt"})
    void everyDescriptorHasItsShape(String name) throws ReflectiveOperationException, IOException {
        int seen = 0;
        for (Method method : header(name).getMethods()) {
            if (Modifier.isStatic(method.getModifiers()) && method.getName().endsWith("$descriptor")) {
                String function = method.getName().replace("$descriptor", "");
                List<Kind> shape = kinds((FunctionDescriptor) method.invoke(null));
                assertThat(javaCpp.overloads(function))
                        .as(function)
                        .anySatisfy(overload -> assertThat(overload.stream().map(JavaCppCuda::kind))
                                .isEqualTo(shape));
                seen++;
            }
        }
        assertThat(seen).isEqualTo(spec(name).functions().size()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuda", "cublasLt"})
    void everyHandleStandsInItsPlace(String name) throws IOException {
        spec(name)
                .functions()
                .forEach(function ->
                        assertThat(agrees(function)).as(function.name()).isTrue());
    }

    @Test
    void swappedArgumentsAreSeen() throws IOException {
        Function matmul = spec("cublasLt").functions().stream()
                .filter(f -> f.name().equals("cublasLtMatmul"))
                .findFirst()
                .orElseThrow();
        int swaps = 0;
        for (int i = 0; i + 1 < matmul.parameters().size(); i++) {
            List<Parameter> swapped = new ArrayList<>(matmul.parameters());
            Parameter moved = swapped.remove(i);
            swapped.add(i + 1, moved);
            if (!swapped.get(i).type().replace("const ", "").equals(moved.type().replace("const ", ""))) {
                assertThat(agrees(new Function(matmul.name(), matmul.result(), matmul.resultKind(), swapped)))
                        .as("swapped after " + moved.name())
                        .isFalse();
                swaps++;
            }
        }
        assertThat(swaps).isEqualTo(13);
    }

    @Test
    void structsAreLaidOutAsTheirOffsetsSay() {
        assertThat(cublasLtMatmulAlgo_t.sizeof()).isEqualTo(64);
        assertThat(cublasLtMatmulHeuristicResult_t.sizeof()).isEqualTo(96);
        MemoryLayout layout = cublasLtMatmulHeuristicResult_t.layout();
        assertThat(Arrays.asList(
                        cublasLtMatmulHeuristicResult_t.algo$offset(),
                        cublasLtMatmulHeuristicResult_t.workspaceSize$offset(),
                        cublasLtMatmulHeuristicResult_t.state$offset(),
                        cublasLtMatmulHeuristicResult_t.wavesCount$offset(),
                        cublasLtMatmulHeuristicResult_t.reserved$offset()))
                .isEqualTo(List.of("algo", "workspaceSize", "state", "wavesCount", "reserved").stream()
                        .map(field -> layout.byteOffset(MemoryLayout.PathElement.groupElement(field)))
                        .toList());
    }

    /** Whether some overload has our handles where the function's types say. */
    private boolean agrees(Function function) {
        return javaCpp.overloads(function.name()).stream().anyMatch(overload -> {
            if (overload.size() != 1 + function.parameters().size()) {
                return false;
            }
            for (int i = 0; i < function.parameters().size(); i++) {
                Parameter parameter = function.parameters().get(i);
                String theirs = overload.get(i + 1);
                String base = parameter.type().replace("const ", "").replaceAll("[ *]+$", "");
                String ours = HANDLES.getOrDefault(base, base);
                if (theirs.equals("PointerPointer") && parameter.type().endsWith("*")) {
                    continue;
                }
                boolean typed = theirs.endsWith("_t") || theirs.endsWith("_st") || theirs.equals("cublasLtContext");
                boolean handle =
                        HANDLES.containsKey(base) || (base.startsWith("cublasLt") && parameter.kind() == Kind.POINTER);
                if (JavaCppCuda.kind(theirs) != parameter.kind() || ((typed || handle) && !theirs.equals(ours))) {
                    return false;
                }
            }
            return true;
        });
    }

    private static List<Kind> kinds(FunctionDescriptor descriptor) {
        List<Kind> kinds = new ArrayList<>();
        kinds.add(descriptor.returnLayout().map(JavaCppAbiTest::kind).orElse(Kind.VOID));
        descriptor.argumentLayouts().forEach(layout -> kinds.add(kind(layout)));
        return kinds;
    }

    private static Kind kind(MemoryLayout layout) {
        return switch (layout) {
            case ValueLayout.OfByte b -> Kind.BYTE;
            case ValueLayout.OfInt i -> Kind.INT;
            case ValueLayout.OfLong l -> Kind.LONG;
            case ValueLayout.OfFloat f -> Kind.FLOAT;
            default -> Kind.POINTER;
        };
    }

    private static Class<?> header(String name) {
        return Objects.requireNonNull(HEADERS.get(name));
    }

    private static HeaderSpec spec(String name) throws IOException {
        return HeaderSpec.read(Path.of("src/main/ffi", name + ".spec"));
    }
}
