package org.infoprompt.ffi.torch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.LinkedHashMap;
import java.util.Map;
import org.infoprompt.ffi.Downcalls;

/**
 * The functions of {@code ATen/native/CPUBlas.h} and {@code ATen/Parallel.h} that are used here, in jextract's layout.
 * They are C++, so their symbols are {@link CppSymbols mangled}. Those that take memory are critical calls, so that it may be
 * an array of Java's.
 */
@SuppressWarnings("unused") // jextract's accessors are complete, whether called or not
final class cpublas_h {
    private static final MemoryLayout C_BOOL = ValueLayout.JAVA_BOOLEAN;
    private static final MemoryLayout C_CHAR = ValueLayout.JAVA_BYTE;
    private static final MemoryLayout C_INT = ValueLayout.JAVA_INT;
    private static final MemoryLayout C_LONG_LONG = ValueLayout.JAVA_LONG;
    private static final MemoryLayout C_DOUBLE = ValueLayout.JAVA_DOUBLE;
    private static final MemoryLayout C_POINTER = ValueLayout.ADDRESS;

    private cpublas_h() {}

    private static final class brgemm_f32 {
        static final FunctionDescriptor DESC = FunctionDescriptor.ofVoid(
                C_LONG_LONG,
                C_LONG_LONG,
                C_LONG_LONG,
                C_LONG_LONG,
                C_LONG_LONG,
                C_LONG_LONG,
                C_BOOL,
                C_POINTER,
                C_POINTER,
                C_POINTER,
                C_BOOL);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address(CppSymbols.of("brgemm_f32"));
            static final MethodHandle HANDLE =
                    Downcalls.link(LibTorch.symbols(), CppSymbols.of("brgemm_f32"), DESC, Linker.Option.critical(true));
        }
    }

    /** Returns the descriptor of {@code void brgemm_f32(int64_t M, int64_t N, int64_t K, int64_t ld_a, int64_t ld_b, int64_t ld_c, bool add_C, const float* A, const float* B, float* C, bool is_vnni)}. */
    static FunctionDescriptor brgemm_f32$descriptor() {
        return brgemm_f32.DESC;
    }

    /** Returns the handle of {@code void brgemm_f32(int64_t M, int64_t N, int64_t K, int64_t ld_a, int64_t ld_b, int64_t ld_c, bool add_C, const float* A, const float* B, float* C, bool is_vnni)}. */
    static MethodHandle brgemm_f32$handle() {
        return brgemm_f32.Linked.HANDLE;
    }

    /** Returns the address of {@code void brgemm_f32(int64_t M, int64_t N, int64_t K, int64_t ld_a, int64_t ld_b, int64_t ld_c, bool add_C, const float* A, const float* B, float* C, bool is_vnni)}. */
    static MemorySegment brgemm_f32$address() {
        return brgemm_f32.Linked.ADDR;
    }

    /** Calls {@code void brgemm_f32(int64_t M, int64_t N, int64_t K, int64_t ld_a, int64_t ld_b, int64_t ld_c, bool add_C, const float* A, const float* B, float* C, bool is_vnni)}. */
    static void brgemm_f32(
            long M,
            long N,
            long K,
            long ld_a,
            long ld_b,
            long ld_c,
            boolean add_C,
            MemorySegment A,
            MemorySegment B,
            MemorySegment C,
            boolean is_vnni) {
        MethodHandle mh$ = brgemm_f32.Linked.HANDLE;
        try {
            mh$.invokeExact(M, N, K, ld_a, ld_b, ld_c, add_C, A, B, C, is_vnni);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("brgemm_f32", e);
        }
    }

    private static final class brgemm_bf16 {
        static final FunctionDescriptor DESC = FunctionDescriptor.ofVoid(
                C_LONG_LONG,
                C_LONG_LONG,
                C_LONG_LONG,
                C_LONG_LONG,
                C_LONG_LONG,
                C_LONG_LONG,
                C_BOOL,
                C_POINTER,
                C_POINTER,
                C_POINTER,
                C_BOOL);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address(CppSymbols.of("brgemm_bf16"));
            static final MethodHandle HANDLE = Downcalls.link(
                    LibTorch.symbols(), CppSymbols.of("brgemm_bf16"), DESC, Linker.Option.critical(true));
        }
    }

    /** Returns the descriptor of {@code void brgemm_bf16(int64_t M, int64_t N, int64_t K, int64_t ld_a, int64_t ld_b, int64_t ld_c, bool add_C, const BFloat16* A, const BFloat16* B, float* C, bool is_vnni)}. */
    static FunctionDescriptor brgemm_bf16$descriptor() {
        return brgemm_bf16.DESC;
    }

    /** Returns the handle of {@code void brgemm_bf16(int64_t M, int64_t N, int64_t K, int64_t ld_a, int64_t ld_b, int64_t ld_c, bool add_C, const BFloat16* A, const BFloat16* B, float* C, bool is_vnni)}. */
    static MethodHandle brgemm_bf16$handle() {
        return brgemm_bf16.Linked.HANDLE;
    }

    /** Returns the address of {@code void brgemm_bf16(int64_t M, int64_t N, int64_t K, int64_t ld_a, int64_t ld_b, int64_t ld_c, bool add_C, const BFloat16* A, const BFloat16* B, float* C, bool is_vnni)}. */
    static MemorySegment brgemm_bf16$address() {
        return brgemm_bf16.Linked.ADDR;
    }

    /** Calls {@code void brgemm_bf16(int64_t M, int64_t N, int64_t K, int64_t ld_a, int64_t ld_b, int64_t ld_c, bool add_C, const BFloat16* A, const BFloat16* B, float* C, bool is_vnni)}. */
    static void brgemm_bf16(
            long M,
            long N,
            long K,
            long ld_a,
            long ld_b,
            long ld_c,
            boolean add_C,
            MemorySegment A,
            MemorySegment B,
            MemorySegment C,
            boolean is_vnni) {
        MethodHandle mh$ = brgemm_bf16.Linked.HANDLE;
        try {
            mh$.invokeExact(M, N, K, ld_a, ld_b, ld_c, add_C, A, B, C, is_vnni);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("brgemm_bf16", e);
        }
    }

    private static final class brgemm_release {
        static final FunctionDescriptor DESC = FunctionDescriptor.ofVoid(C_BOOL);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address(CppSymbols.of("brgemm_release"));
            static final MethodHandle HANDLE =
                    Downcalls.link(LibTorch.symbols(), CppSymbols.of("brgemm_release"), DESC);
        }
    }

    /** Returns the descriptor of {@code void brgemm_release(bool is_vnni)}. */
    static FunctionDescriptor brgemm_release$descriptor() {
        return brgemm_release.DESC;
    }

    /** Returns the handle of {@code void brgemm_release(bool is_vnni)}. */
    static MethodHandle brgemm_release$handle() {
        return brgemm_release.Linked.HANDLE;
    }

    /** Returns the address of {@code void brgemm_release(bool is_vnni)}. */
    static MemorySegment brgemm_release$address() {
        return brgemm_release.Linked.ADDR;
    }

    /** Calls {@code void brgemm_release(bool is_vnni)}. */
    static void brgemm_release(boolean is_vnni) {
        MethodHandle mh$ = brgemm_release.Linked.HANDLE;
        try {
            mh$.invokeExact(is_vnni);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("brgemm_release", e);
        }
    }

    private static final class pack {
        static final FunctionDescriptor DESC = FunctionDescriptor.ofVoid(
                C_LONG_LONG, C_LONG_LONG, C_LONG_LONG, C_LONG_LONG, C_CHAR, C_CHAR, C_POINTER, C_POINTER);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address(CppSymbols.of("pack"));
            static final MethodHandle HANDLE =
                    Downcalls.link(LibTorch.symbols(), CppSymbols.of("pack"), DESC, Linker.Option.critical(true));
        }
    }

    /** Returns the descriptor of {@code void pack(int64_t K, int64_t N, int64_t ld_in, int64_t ld_out, ScalarType dt_in, ScalarType dt_out, const void* in, void* out)}. */
    static FunctionDescriptor pack$descriptor() {
        return pack.DESC;
    }

    /** Returns the handle of {@code void pack(int64_t K, int64_t N, int64_t ld_in, int64_t ld_out, ScalarType dt_in, ScalarType dt_out, const void* in, void* out)}. */
    static MethodHandle pack$handle() {
        return pack.Linked.HANDLE;
    }

    /** Returns the address of {@code void pack(int64_t K, int64_t N, int64_t ld_in, int64_t ld_out, ScalarType dt_in, ScalarType dt_out, const void* in, void* out)}. */
    static MemorySegment pack$address() {
        return pack.Linked.ADDR;
    }

    /** Calls {@code void pack(int64_t K, int64_t N, int64_t ld_in, int64_t ld_out, ScalarType dt_in, ScalarType dt_out, const void* in, void* out)}. */
    static void pack(
            long K, long N, long ld_in, long ld_out, byte dt_in, byte dt_out, MemorySegment in, MemorySegment out) {
        MethodHandle mh$ = pack.Linked.HANDLE;
        try {
            mh$.invokeExact(K, N, ld_in, ld_out, dt_in, dt_out, in, out);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("pack", e);
        }
    }

    private static final class could_pack {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_BOOL, C_CHAR);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address(CppSymbols.of("could_pack"));
            static final MethodHandle HANDLE = Downcalls.link(LibTorch.symbols(), CppSymbols.of("could_pack"), DESC);
        }
    }

    /** Returns the descriptor of {@code bool could_pack(ScalarType dt_in)}. */
    static FunctionDescriptor could_pack$descriptor() {
        return could_pack.DESC;
    }

    /** Returns the handle of {@code bool could_pack(ScalarType dt_in)}. */
    static MethodHandle could_pack$handle() {
        return could_pack.Linked.HANDLE;
    }

    /** Returns the address of {@code bool could_pack(ScalarType dt_in)}. */
    static MemorySegment could_pack$address() {
        return could_pack.Linked.ADDR;
    }

    /** Calls {@code bool could_pack(ScalarType dt_in)}. */
    static boolean could_pack(byte dt_in) {
        MethodHandle mh$ = could_pack.Linked.HANDLE;
        try {
            return (boolean) mh$.invokeExact(dt_in);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("could_pack", e);
        }
    }

    private static final class set_num_threads {
        static final FunctionDescriptor DESC = FunctionDescriptor.ofVoid(C_INT);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address(CppSymbols.of("set_num_threads"));
            static final MethodHandle HANDLE =
                    Downcalls.link(LibTorch.symbols(), CppSymbols.of("set_num_threads"), DESC);
        }
    }

    /** Returns the descriptor of {@code void set_num_threads(int nthreads)}. */
    static FunctionDescriptor set_num_threads$descriptor() {
        return set_num_threads.DESC;
    }

    /** Returns the handle of {@code void set_num_threads(int nthreads)}. */
    static MethodHandle set_num_threads$handle() {
        return set_num_threads.Linked.HANDLE;
    }

    /** Returns the address of {@code void set_num_threads(int nthreads)}. */
    static MemorySegment set_num_threads$address() {
        return set_num_threads.Linked.ADDR;
    }

    /** Calls {@code void set_num_threads(int nthreads)}. */
    static void set_num_threads(int nthreads) {
        MethodHandle mh$ = set_num_threads.Linked.HANDLE;
        try {
            mh$.invokeExact(nthreads);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("set_num_threads", e);
        }
    }

    /** Returns every function here by name with its descriptor; links nothing. */
    static Map<String, FunctionDescriptor> descriptors() {
        Map<String, FunctionDescriptor> all = new LinkedHashMap<>();
        all.put("brgemm_f32", brgemm_f32.DESC);
        all.put("brgemm_bf16", brgemm_bf16.DESC);
        all.put("brgemm_release", brgemm_release.DESC);
        all.put("pack", pack.DESC);
        all.put("could_pack", could_pack.DESC);
        all.put("set_num_threads", set_num_threads.DESC);
        return all;
    }
}
