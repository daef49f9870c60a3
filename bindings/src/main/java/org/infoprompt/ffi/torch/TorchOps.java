package org.infoprompt.ffi.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** LibTorch's operations, on one thread and without recording gradients. A failing one throws and leaves nothing behind. */
public final class TorchOps {
    /** What a linear layer does to its result. */
    @SuppressWarnings("ImmutableEnumChecker") // native strings that nobody writes
    public enum Epilogue {
        /** Nothing. */
        NONE("none", "none"),
        /** GELU by the error function. */
        GELU_ERF("gelu", "none"),
        /** GELU by its tanh approximation. */
        GELU_TANH("gelu", "tanh"),
        /** max(0, x). */
        RELU("relu", "none");

        private final MemorySegment name;
        private final MemorySegment algorithm;

        Epilogue(String name, String algorithm) {
            this.name = Arena.global().allocateFrom(name);
            this.algorithm = pointerTo(Arena.global(), Arena.global().allocateFrom(algorithm));
        }
    }

    private static final MemorySegment ADD = Arena.global().allocateFrom("add");
    private static final MemorySegment NO_OVERLOAD = Arena.global().allocateFrom("");
    private static final String PACK = "mkldnn::_reorder_linear_weight";
    private static final MemorySegment PACK_NAME = Arena.global().allocateFrom(PACK);

    private static final int SINGLE_BLOCK = 32;
    private static final int OUT_BLOCK = 64;

    private TorchOps() {}

    /**
     * out = a·b.
     *
     * @param out [m, n]
     * @param a [m, k]
     * @param b [k, n]
     * @throws org.infoprompt.ffi.NativeCallException if the shapes or types do not fit
     */
    public static void matmul(TorchTensor out, TorchTensor a, TorchTensor b) {
        TorchThread.prepare();
        int status = aoti_torch_h.aoti_torch_cpu_mm_out(out.handle(), a.handle(), b.handle());
        if (status != 0) {
            throw TorchErrors.failure("aoti_torch_cpu_mm_out", status, shapes(out, a, b));
        }
    }

    /**
     * {@return a linear layer's weight in oneDNN's own layout, for {@link #linear}} By {@code
     * mkldnn::_reorder_linear_weight} through the dispatcher, since it has no C function of its own.
     *
     * @param weight [out, in] as in the checkpoint; out is at most 32 or a multiple of 64, since with others the AVX-512
     *     kernels of LibTorch 2.10 read the last columns from the wrong place on some processors (seen on AMD Zen 5)
     * @throws IllegalArgumentException if out is another number
     * @throws org.infoprompt.ffi.NativeCallException if LibTorch refuses, as where it has no oneDNN
     */
    public static TorchTensor packLinear(TorchTensor weight) {
        long out = weight.sizes()[0];
        if (out > SINGLE_BLOCK && out % OUT_BLOCK != 0) {
            throw new IllegalArgumentException("LibTorch multiplies packed weights with " + out
                    + " outputs wrongly on some processors; pass at most " + SINGLE_BLOCK + " or a multiple of "
                    + OUT_BLOCK + ", or leave the weight as it is");
        }
        TorchThread.prepare();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stack = arena.allocate(ValueLayout.JAVA_LONG, 2);
            // The dispatcher takes ownership of the handle. The optional number of rows is left out: its cell would
            // have
            // to come from C++'s new.
            stack.setAtIndex(ValueLayout.JAVA_LONG, 0, weight.newHandle().address());
            int status = aoti_torch_h.aoti_torch_call_dispatcher(PACK_NAME, NO_OVERLOAD, stack);
            if (status != 0) {
                throw TorchErrors.failure(PACK, status, shapes(weight));
            }
            return TorchTensor.owning(MemorySegment.ofAddress(stack.getAtIndex(ValueLayout.JAVA_LONG, 0)));
        }
    }

    /**
     * {@return epilogue(x·weightᵀ + bias), [rows, out]}
     *
     * @param x [rows, in]
     * @param weight as returned by {@link #packLinear}, or [out, in]
     * @param bias [out], or null for none
     * @param epilogue what is done to the result
     * @throws org.infoprompt.ffi.NativeCallException if the shapes or types do not fit
     */
    public static TorchTensor linear(TorchTensor x, TorchTensor weight, @Nullable TorchTensor bias, Epilogue epilogue) {
        TorchThread.prepare();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
            int status = aoti_torch_h.aoti_torch_cpu__linear_pointwise(
                    x.handle(),
                    weight.handle(),
                    optional(arena, bias),
                    epilogue.name,
                    MemorySegment.NULL,
                    0,
                    epilogue.algorithm,
                    result);
            if (status != 0) {
                throw TorchErrors.failure("aoti_torch_cpu__linear_pointwise", status, shapes(x, weight, bias));
            }
            return TorchTensor.owning(result.get(ValueLayout.ADDRESS, 0));
        }
    }

    /**
     * {@return x·weightᵀ + bias + residual, [rows, out]}
     *
     * @param x [rows, in]
     * @param weight as returned by {@link #packLinear}, or [out, in]
     * @param bias [out], or null for none
     * @param residual [rows, out]
     * @throws org.infoprompt.ffi.NativeCallException if the shapes or types do not fit
     */
    public static TorchTensor linearAdd(
            TorchTensor x, TorchTensor weight, @Nullable TorchTensor bias, TorchTensor residual) {
        TorchThread.prepare();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
            int status = aoti_torch_h.aoti_torch_cpu__linear_pointwise_binary(
                    x.handle(), residual.handle(), weight.handle(), optional(arena, bias), ADD, result);
            if (status != 0) {
                throw TorchErrors.failure(
                        "aoti_torch_cpu__linear_pointwise_binary", status, shapes(x, residual, weight, bias));
            }
            return TorchTensor.owning(result.get(ValueLayout.ADDRESS, 0));
        }
    }

    /**
     * {@return softmax(query·keyᵀ/√d)·value, [batch, heads, rows, d], which need not be row-major}
     *
     * @param query [batch, heads, rows, d]
     * @param key [batch, heads, keys, d]
     * @param value [batch, heads, keys, d]
     * @throws org.infoprompt.ffi.NativeCallException if the shapes or types do not fit
     */
    public static TorchTensor attention(TorchTensor query, TorchTensor key, TorchTensor value) {
        TorchThread.prepare();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment results = arena.allocate(ValueLayout.ADDRESS, 2);
            MemorySegment logSumExp = results.asSlice(ValueLayout.ADDRESS.byteSize());
            int status = aoti_torch_h.aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu(
                    query.handle(),
                    key.handle(),
                    value.handle(),
                    0,
                    0,
                    MemorySegment.NULL,
                    MemorySegment.NULL,
                    results,
                    logSumExp);
            if (status != 0) {
                throw TorchErrors.failure(
                        "aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu",
                        status,
                        shapes(query, key, value));
            }
            TorchTensor.owning(logSumExp.get(ValueLayout.ADDRESS, 0)).close();
            return TorchTensor.owning(results.get(ValueLayout.ADDRESS, 0));
        }
    }

    /** Returns what LibTorch takes for an optional tensor: a pointer to its handle, or null. */
    private static MemorySegment optional(Arena arena, @Nullable TorchTensor tensor) {
        return tensor == null ? MemorySegment.NULL : pointerTo(arena, tensor.handle());
    }

    private static MemorySegment pointerTo(Arena arena, MemorySegment target) {
        return arena.allocateFrom(ValueLayout.ADDRESS, target);
    }

    private static String shapes(@Nullable TorchTensor... tensors) {
        return Stream.of(tensors)
                .map(t -> t == null ? "none" : t.type() + Arrays.toString(t.sizes()))
                .collect(Collectors.joining(", "));
    }
}
