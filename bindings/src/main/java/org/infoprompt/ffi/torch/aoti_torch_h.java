package org.infoprompt.ffi.torch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.LinkedHashMap;
import java.util.Map;
import org.infoprompt.ffi.Downcalls;

/**
 * The functions of LibTorch's C interface that are used here, in jextract's layout; see {@code
 * torch/csrc/inductor/aoti_torch/c/shim.h}. A descriptor needs no library; the first call of a function links it.
 */
@SuppressWarnings("unused") // jextract's accessors are complete, whether called or not
final class aoti_torch_h {
    private static final MemoryLayout C_BOOL = ValueLayout.JAVA_BOOLEAN;
    private static final MemoryLayout C_CHAR = ValueLayout.JAVA_BYTE;
    private static final MemoryLayout C_INT = ValueLayout.JAVA_INT;
    private static final MemoryLayout C_LONG_LONG = ValueLayout.JAVA_LONG;
    private static final MemoryLayout C_DOUBLE = ValueLayout.JAVA_DOUBLE;
    private static final MemoryLayout C_POINTER = ValueLayout.ADDRESS;

    private aoti_torch_h() {}

    private static final class aoti_torch_abi_version {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_LONG_LONG);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_abi_version");
            static final MethodHandle HANDLE = Downcalls.link(LibTorch.symbols(), "aoti_torch_abi_version", DESC);
        }
    }

    /** Returns the descriptor of {@code uint64_t aoti_torch_abi_version()}. */
    static FunctionDescriptor aoti_torch_abi_version$descriptor() {
        return aoti_torch_abi_version.DESC;
    }

    /** Returns the handle of {@code uint64_t aoti_torch_abi_version()}. */
    static MethodHandle aoti_torch_abi_version$handle() {
        return aoti_torch_abi_version.Linked.HANDLE;
    }

    /** Returns the address of {@code uint64_t aoti_torch_abi_version()}. */
    static MemorySegment aoti_torch_abi_version$address() {
        return aoti_torch_abi_version.Linked.ADDR;
    }

    /** Calls {@code uint64_t aoti_torch_abi_version()}. */
    static long aoti_torch_abi_version() {
        MethodHandle mh$ = aoti_torch_abi_version.Linked.HANDLE;
        try {
            return (long) mh$.invokeExact();
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_abi_version", e);
        }
    }

    private static final class aoti_torch_device_type_cpu {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_device_type_cpu");
            static final MethodHandle HANDLE = Downcalls.link(LibTorch.symbols(), "aoti_torch_device_type_cpu", DESC);
        }
    }

    /** Returns the descriptor of {@code int32_t aoti_torch_device_type_cpu()}. */
    static FunctionDescriptor aoti_torch_device_type_cpu$descriptor() {
        return aoti_torch_device_type_cpu.DESC;
    }

    /** Returns the handle of {@code int32_t aoti_torch_device_type_cpu()}. */
    static MethodHandle aoti_torch_device_type_cpu$handle() {
        return aoti_torch_device_type_cpu.Linked.HANDLE;
    }

    /** Returns the address of {@code int32_t aoti_torch_device_type_cpu()}. */
    static MemorySegment aoti_torch_device_type_cpu$address() {
        return aoti_torch_device_type_cpu.Linked.ADDR;
    }

    /** Calls {@code int32_t aoti_torch_device_type_cpu()}. */
    static int aoti_torch_device_type_cpu() {
        MethodHandle mh$ = aoti_torch_device_type_cpu.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact();
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_device_type_cpu", e);
        }
    }

    private static final class aoti_torch_dtype_float32 {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_dtype_float32");
            static final MethodHandle HANDLE = Downcalls.link(LibTorch.symbols(), "aoti_torch_dtype_float32", DESC);
        }
    }

    /** Returns the descriptor of {@code int32_t aoti_torch_dtype_float32()}. */
    static FunctionDescriptor aoti_torch_dtype_float32$descriptor() {
        return aoti_torch_dtype_float32.DESC;
    }

    /** Returns the handle of {@code int32_t aoti_torch_dtype_float32()}. */
    static MethodHandle aoti_torch_dtype_float32$handle() {
        return aoti_torch_dtype_float32.Linked.HANDLE;
    }

    /** Returns the address of {@code int32_t aoti_torch_dtype_float32()}. */
    static MemorySegment aoti_torch_dtype_float32$address() {
        return aoti_torch_dtype_float32.Linked.ADDR;
    }

    /** Calls {@code int32_t aoti_torch_dtype_float32()}. */
    static int aoti_torch_dtype_float32() {
        MethodHandle mh$ = aoti_torch_dtype_float32.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact();
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_dtype_float32", e);
        }
    }

    private static final class aoti_torch_dtype_bfloat16 {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_dtype_bfloat16");
            static final MethodHandle HANDLE = Downcalls.link(LibTorch.symbols(), "aoti_torch_dtype_bfloat16", DESC);
        }
    }

    /** Returns the descriptor of {@code int32_t aoti_torch_dtype_bfloat16()}. */
    static FunctionDescriptor aoti_torch_dtype_bfloat16$descriptor() {
        return aoti_torch_dtype_bfloat16.DESC;
    }

    /** Returns the handle of {@code int32_t aoti_torch_dtype_bfloat16()}. */
    static MethodHandle aoti_torch_dtype_bfloat16$handle() {
        return aoti_torch_dtype_bfloat16.Linked.HANDLE;
    }

    /** Returns the address of {@code int32_t aoti_torch_dtype_bfloat16()}. */
    static MemorySegment aoti_torch_dtype_bfloat16$address() {
        return aoti_torch_dtype_bfloat16.Linked.ADDR;
    }

    /** Calls {@code int32_t aoti_torch_dtype_bfloat16()}. */
    static int aoti_torch_dtype_bfloat16() {
        MethodHandle mh$ = aoti_torch_dtype_bfloat16.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact();
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_dtype_bfloat16", e);
        }
    }

    private static final class aoti_torch_grad_mode_is_enabled {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_BOOL);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_grad_mode_is_enabled");
            static final MethodHandle HANDLE =
                    Downcalls.link(LibTorch.symbols(), "aoti_torch_grad_mode_is_enabled", DESC);
        }
    }

    /** Returns the descriptor of {@code bool aoti_torch_grad_mode_is_enabled()}. */
    static FunctionDescriptor aoti_torch_grad_mode_is_enabled$descriptor() {
        return aoti_torch_grad_mode_is_enabled.DESC;
    }

    /** Returns the handle of {@code bool aoti_torch_grad_mode_is_enabled()}. */
    static MethodHandle aoti_torch_grad_mode_is_enabled$handle() {
        return aoti_torch_grad_mode_is_enabled.Linked.HANDLE;
    }

    /** Returns the address of {@code bool aoti_torch_grad_mode_is_enabled()}. */
    static MemorySegment aoti_torch_grad_mode_is_enabled$address() {
        return aoti_torch_grad_mode_is_enabled.Linked.ADDR;
    }

    /** Calls {@code bool aoti_torch_grad_mode_is_enabled()}. */
    static boolean aoti_torch_grad_mode_is_enabled() {
        MethodHandle mh$ = aoti_torch_grad_mode_is_enabled.Linked.HANDLE;
        try {
            return (boolean) mh$.invokeExact();
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_grad_mode_is_enabled", e);
        }
    }

    private static final class aoti_torch_grad_mode_set_enabled {
        static final FunctionDescriptor DESC = FunctionDescriptor.ofVoid(C_BOOL);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_grad_mode_set_enabled");
            static final MethodHandle HANDLE =
                    Downcalls.link(LibTorch.symbols(), "aoti_torch_grad_mode_set_enabled", DESC);
        }
    }

    /** Returns the descriptor of {@code void aoti_torch_grad_mode_set_enabled(bool enabled)}. */
    static FunctionDescriptor aoti_torch_grad_mode_set_enabled$descriptor() {
        return aoti_torch_grad_mode_set_enabled.DESC;
    }

    /** Returns the handle of {@code void aoti_torch_grad_mode_set_enabled(bool enabled)}. */
    static MethodHandle aoti_torch_grad_mode_set_enabled$handle() {
        return aoti_torch_grad_mode_set_enabled.Linked.HANDLE;
    }

    /** Returns the address of {@code void aoti_torch_grad_mode_set_enabled(bool enabled)}. */
    static MemorySegment aoti_torch_grad_mode_set_enabled$address() {
        return aoti_torch_grad_mode_set_enabled.Linked.ADDR;
    }

    /** Calls {@code void aoti_torch_grad_mode_set_enabled(bool enabled)}. */
    static void aoti_torch_grad_mode_set_enabled(boolean enabled) {
        MethodHandle mh$ = aoti_torch_grad_mode_set_enabled.Linked.HANDLE;
        try {
            mh$.invokeExact(enabled);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_grad_mode_set_enabled", e);
        }
    }

    private static final class aoti_torch_create_tensor_from_blob {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(
                C_INT, C_POINTER, C_LONG_LONG, C_POINTER, C_POINTER, C_LONG_LONG, C_INT, C_INT, C_INT, C_POINTER);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_create_tensor_from_blob");
            static final MethodHandle HANDLE =
                    Downcalls.link(LibTorch.symbols(), "aoti_torch_create_tensor_from_blob", DESC);
        }
    }

    /** Returns the descriptor of {@code AOTITorchError aoti_torch_create_tensor_from_blob(void* data, int64_t ndim, const int64_t* sizes_ptr, const int64_t* strides_ptr, int64_t storage_offset, int32_t dtype, int32_t device_type, int32_t device_index, AtenTensorHandle* ret)}. */
    static FunctionDescriptor aoti_torch_create_tensor_from_blob$descriptor() {
        return aoti_torch_create_tensor_from_blob.DESC;
    }

    /** Returns the handle of {@code AOTITorchError aoti_torch_create_tensor_from_blob(void* data, int64_t ndim, const int64_t* sizes_ptr, const int64_t* strides_ptr, int64_t storage_offset, int32_t dtype, int32_t device_type, int32_t device_index, AtenTensorHandle* ret)}. */
    static MethodHandle aoti_torch_create_tensor_from_blob$handle() {
        return aoti_torch_create_tensor_from_blob.Linked.HANDLE;
    }

    /** Returns the address of {@code AOTITorchError aoti_torch_create_tensor_from_blob(void* data, int64_t ndim, const int64_t* sizes_ptr, const int64_t* strides_ptr, int64_t storage_offset, int32_t dtype, int32_t device_type, int32_t device_index, AtenTensorHandle* ret)}. */
    static MemorySegment aoti_torch_create_tensor_from_blob$address() {
        return aoti_torch_create_tensor_from_blob.Linked.ADDR;
    }

    /** Calls {@code AOTITorchError aoti_torch_create_tensor_from_blob(void* data, int64_t ndim, const int64_t* sizes_ptr, const int64_t* strides_ptr, int64_t storage_offset, int32_t dtype, int32_t device_type, int32_t device_index, AtenTensorHandle* ret)}. */
    static int aoti_torch_create_tensor_from_blob(
            MemorySegment data,
            long ndim,
            MemorySegment sizes_ptr,
            MemorySegment strides_ptr,
            long storage_offset,
            int dtype,
            int device_type,
            int device_index,
            MemorySegment ret) {
        MethodHandle mh$ = aoti_torch_create_tensor_from_blob.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact(
                    data, ndim, sizes_ptr, strides_ptr, storage_offset, dtype, device_type, device_index, ret);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_create_tensor_from_blob", e);
        }
    }

    private static final class aoti_torch_new_tensor_handle {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_POINTER);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_new_tensor_handle");
            static final MethodHandle HANDLE = Downcalls.link(LibTorch.symbols(), "aoti_torch_new_tensor_handle", DESC);
        }
    }

    /** Returns the descriptor of {@code AOTITorchError aoti_torch_new_tensor_handle(AtenTensorHandle orig_handle, AtenTensorHandle* new_handle)}. */
    static FunctionDescriptor aoti_torch_new_tensor_handle$descriptor() {
        return aoti_torch_new_tensor_handle.DESC;
    }

    /** Returns the handle of {@code AOTITorchError aoti_torch_new_tensor_handle(AtenTensorHandle orig_handle, AtenTensorHandle* new_handle)}. */
    static MethodHandle aoti_torch_new_tensor_handle$handle() {
        return aoti_torch_new_tensor_handle.Linked.HANDLE;
    }

    /** Returns the address of {@code AOTITorchError aoti_torch_new_tensor_handle(AtenTensorHandle orig_handle, AtenTensorHandle* new_handle)}. */
    static MemorySegment aoti_torch_new_tensor_handle$address() {
        return aoti_torch_new_tensor_handle.Linked.ADDR;
    }

    /** Calls {@code AOTITorchError aoti_torch_new_tensor_handle(AtenTensorHandle orig_handle, AtenTensorHandle* new_handle)}. */
    static int aoti_torch_new_tensor_handle(MemorySegment orig_handle, MemorySegment new_handle) {
        MethodHandle mh$ = aoti_torch_new_tensor_handle.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact(orig_handle, new_handle);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_new_tensor_handle", e);
        }
    }

    private static final class aoti_torch_delete_tensor_object {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_delete_tensor_object");
            static final MethodHandle HANDLE =
                    Downcalls.link(LibTorch.symbols(), "aoti_torch_delete_tensor_object", DESC);
        }
    }

    /** Returns the descriptor of {@code AOTITorchError aoti_torch_delete_tensor_object(AtenTensorHandle tensor)}. */
    static FunctionDescriptor aoti_torch_delete_tensor_object$descriptor() {
        return aoti_torch_delete_tensor_object.DESC;
    }

    /** Returns the handle of {@code AOTITorchError aoti_torch_delete_tensor_object(AtenTensorHandle tensor)}. */
    static MethodHandle aoti_torch_delete_tensor_object$handle() {
        return aoti_torch_delete_tensor_object.Linked.HANDLE;
    }

    /** Returns the address of {@code AOTITorchError aoti_torch_delete_tensor_object(AtenTensorHandle tensor)}. */
    static MemorySegment aoti_torch_delete_tensor_object$address() {
        return aoti_torch_delete_tensor_object.Linked.ADDR;
    }

    /** Calls {@code AOTITorchError aoti_torch_delete_tensor_object(AtenTensorHandle tensor)}. */
    static int aoti_torch_delete_tensor_object(MemorySegment tensor) {
        MethodHandle mh$ = aoti_torch_delete_tensor_object.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact(tensor);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_delete_tensor_object", e);
        }
    }

    private static final class aoti_torch_get_data_ptr {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_POINTER);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_get_data_ptr");
            static final MethodHandle HANDLE = Downcalls.link(LibTorch.symbols(), "aoti_torch_get_data_ptr", DESC);
        }
    }

    /** Returns the descriptor of {@code AOTITorchError aoti_torch_get_data_ptr(AtenTensorHandle tensor, void** ret_data_ptr)}. */
    static FunctionDescriptor aoti_torch_get_data_ptr$descriptor() {
        return aoti_torch_get_data_ptr.DESC;
    }

    /** Returns the handle of {@code AOTITorchError aoti_torch_get_data_ptr(AtenTensorHandle tensor, void** ret_data_ptr)}. */
    static MethodHandle aoti_torch_get_data_ptr$handle() {
        return aoti_torch_get_data_ptr.Linked.HANDLE;
    }

    /** Returns the address of {@code AOTITorchError aoti_torch_get_data_ptr(AtenTensorHandle tensor, void** ret_data_ptr)}. */
    static MemorySegment aoti_torch_get_data_ptr$address() {
        return aoti_torch_get_data_ptr.Linked.ADDR;
    }

    /** Calls {@code AOTITorchError aoti_torch_get_data_ptr(AtenTensorHandle tensor, void** ret_data_ptr)}. */
    static int aoti_torch_get_data_ptr(MemorySegment tensor, MemorySegment ret_data_ptr) {
        MethodHandle mh$ = aoti_torch_get_data_ptr.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact(tensor, ret_data_ptr);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_get_data_ptr", e);
        }
    }

    private static final class aoti_torch_get_dim {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_POINTER);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_get_dim");
            static final MethodHandle HANDLE = Downcalls.link(LibTorch.symbols(), "aoti_torch_get_dim", DESC);
        }
    }

    /** Returns the descriptor of {@code AOTITorchError aoti_torch_get_dim(AtenTensorHandle tensor, int64_t* ret_dim)}. */
    static FunctionDescriptor aoti_torch_get_dim$descriptor() {
        return aoti_torch_get_dim.DESC;
    }

    /** Returns the handle of {@code AOTITorchError aoti_torch_get_dim(AtenTensorHandle tensor, int64_t* ret_dim)}. */
    static MethodHandle aoti_torch_get_dim$handle() {
        return aoti_torch_get_dim.Linked.HANDLE;
    }

    /** Returns the address of {@code AOTITorchError aoti_torch_get_dim(AtenTensorHandle tensor, int64_t* ret_dim)}. */
    static MemorySegment aoti_torch_get_dim$address() {
        return aoti_torch_get_dim.Linked.ADDR;
    }

    /** Calls {@code AOTITorchError aoti_torch_get_dim(AtenTensorHandle tensor, int64_t* ret_dim)}. */
    static int aoti_torch_get_dim(MemorySegment tensor, MemorySegment ret_dim) {
        MethodHandle mh$ = aoti_torch_get_dim.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact(tensor, ret_dim);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_get_dim", e);
        }
    }

    private static final class aoti_torch_get_size {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_LONG_LONG, C_POINTER);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_get_size");
            static final MethodHandle HANDLE = Downcalls.link(LibTorch.symbols(), "aoti_torch_get_size", DESC);
        }
    }

    /** Returns the descriptor of {@code AOTITorchError aoti_torch_get_size(AtenTensorHandle tensor, int64_t d, int64_t* ret_size)}. */
    static FunctionDescriptor aoti_torch_get_size$descriptor() {
        return aoti_torch_get_size.DESC;
    }

    /** Returns the handle of {@code AOTITorchError aoti_torch_get_size(AtenTensorHandle tensor, int64_t d, int64_t* ret_size)}. */
    static MethodHandle aoti_torch_get_size$handle() {
        return aoti_torch_get_size.Linked.HANDLE;
    }

    /** Returns the address of {@code AOTITorchError aoti_torch_get_size(AtenTensorHandle tensor, int64_t d, int64_t* ret_size)}. */
    static MemorySegment aoti_torch_get_size$address() {
        return aoti_torch_get_size.Linked.ADDR;
    }

    /** Calls {@code AOTITorchError aoti_torch_get_size(AtenTensorHandle tensor, int64_t d, int64_t* ret_size)}. */
    static int aoti_torch_get_size(MemorySegment tensor, long d, MemorySegment ret_size) {
        MethodHandle mh$ = aoti_torch_get_size.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact(tensor, d, ret_size);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_get_size", e);
        }
    }

    private static final class aoti_torch_get_stride {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_LONG_LONG, C_POINTER);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_get_stride");
            static final MethodHandle HANDLE = Downcalls.link(LibTorch.symbols(), "aoti_torch_get_stride", DESC);
        }
    }

    /** Returns the descriptor of {@code AOTITorchError aoti_torch_get_stride(AtenTensorHandle tensor, int64_t d, int64_t* ret_stride)}. */
    static FunctionDescriptor aoti_torch_get_stride$descriptor() {
        return aoti_torch_get_stride.DESC;
    }

    /** Returns the handle of {@code AOTITorchError aoti_torch_get_stride(AtenTensorHandle tensor, int64_t d, int64_t* ret_stride)}. */
    static MethodHandle aoti_torch_get_stride$handle() {
        return aoti_torch_get_stride.Linked.HANDLE;
    }

    /** Returns the address of {@code AOTITorchError aoti_torch_get_stride(AtenTensorHandle tensor, int64_t d, int64_t* ret_stride)}. */
    static MemorySegment aoti_torch_get_stride$address() {
        return aoti_torch_get_stride.Linked.ADDR;
    }

    /** Calls {@code AOTITorchError aoti_torch_get_stride(AtenTensorHandle tensor, int64_t d, int64_t* ret_stride)}. */
    static int aoti_torch_get_stride(MemorySegment tensor, long d, MemorySegment ret_stride) {
        MethodHandle mh$ = aoti_torch_get_stride.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact(tensor, d, ret_stride);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_get_stride", e);
        }
    }

    private static final class aoti_torch_get_dtype {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_POINTER);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_get_dtype");
            static final MethodHandle HANDLE = Downcalls.link(LibTorch.symbols(), "aoti_torch_get_dtype", DESC);
        }
    }

    /** Returns the descriptor of {@code AOTITorchError aoti_torch_get_dtype(AtenTensorHandle tensor, int32_t* ret_dtype)}. */
    static FunctionDescriptor aoti_torch_get_dtype$descriptor() {
        return aoti_torch_get_dtype.DESC;
    }

    /** Returns the handle of {@code AOTITorchError aoti_torch_get_dtype(AtenTensorHandle tensor, int32_t* ret_dtype)}. */
    static MethodHandle aoti_torch_get_dtype$handle() {
        return aoti_torch_get_dtype.Linked.HANDLE;
    }

    /** Returns the address of {@code AOTITorchError aoti_torch_get_dtype(AtenTensorHandle tensor, int32_t* ret_dtype)}. */
    static MemorySegment aoti_torch_get_dtype$address() {
        return aoti_torch_get_dtype.Linked.ADDR;
    }

    /** Calls {@code AOTITorchError aoti_torch_get_dtype(AtenTensorHandle tensor, int32_t* ret_dtype)}. */
    static int aoti_torch_get_dtype(MemorySegment tensor, MemorySegment ret_dtype) {
        MethodHandle mh$ = aoti_torch_get_dtype.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact(tensor, ret_dtype);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_get_dtype", e);
        }
    }

    private static final class aoti_torch_cpu_mm_out {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_POINTER, C_POINTER);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_cpu_mm_out");
            static final MethodHandle HANDLE = Downcalls.link(LibTorch.symbols(), "aoti_torch_cpu_mm_out", DESC);
        }
    }

    /** Returns the descriptor of {@code AOTITorchError aoti_torch_cpu_mm_out(AtenTensorHandle out, AtenTensorHandle self, AtenTensorHandle mat2)}. */
    static FunctionDescriptor aoti_torch_cpu_mm_out$descriptor() {
        return aoti_torch_cpu_mm_out.DESC;
    }

    /** Returns the handle of {@code AOTITorchError aoti_torch_cpu_mm_out(AtenTensorHandle out, AtenTensorHandle self, AtenTensorHandle mat2)}. */
    static MethodHandle aoti_torch_cpu_mm_out$handle() {
        return aoti_torch_cpu_mm_out.Linked.HANDLE;
    }

    /** Returns the address of {@code AOTITorchError aoti_torch_cpu_mm_out(AtenTensorHandle out, AtenTensorHandle self, AtenTensorHandle mat2)}. */
    static MemorySegment aoti_torch_cpu_mm_out$address() {
        return aoti_torch_cpu_mm_out.Linked.ADDR;
    }

    /** Calls {@code AOTITorchError aoti_torch_cpu_mm_out(AtenTensorHandle out, AtenTensorHandle self, AtenTensorHandle mat2)}. */
    static int aoti_torch_cpu_mm_out(MemorySegment out, MemorySegment self, MemorySegment mat2) {
        MethodHandle mh$ = aoti_torch_cpu_mm_out.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact(out, self, mat2);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_cpu_mm_out", e);
        }
    }

    private static final class aoti_torch_cpu__linear_pointwise {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(
                C_INT, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_LONG_LONG, C_POINTER, C_POINTER);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_cpu__linear_pointwise");
            static final MethodHandle HANDLE =
                    Downcalls.link(LibTorch.symbols(), "aoti_torch_cpu__linear_pointwise", DESC);
        }
    }

    /** Returns the descriptor of {@code AOTITorchError aoti_torch_cpu__linear_pointwise(AtenTensorHandle X, AtenTensorHandle W, AtenTensorHandle* B, const char* attr, const double** scalars, int64_t scalars_len_, const char** algorithm, AtenTensorHandle* ret0)}. */
    static FunctionDescriptor aoti_torch_cpu__linear_pointwise$descriptor() {
        return aoti_torch_cpu__linear_pointwise.DESC;
    }

    /** Returns the handle of {@code AOTITorchError aoti_torch_cpu__linear_pointwise(AtenTensorHandle X, AtenTensorHandle W, AtenTensorHandle* B, const char* attr, const double** scalars, int64_t scalars_len_, const char** algorithm, AtenTensorHandle* ret0)}. */
    static MethodHandle aoti_torch_cpu__linear_pointwise$handle() {
        return aoti_torch_cpu__linear_pointwise.Linked.HANDLE;
    }

    /** Returns the address of {@code AOTITorchError aoti_torch_cpu__linear_pointwise(AtenTensorHandle X, AtenTensorHandle W, AtenTensorHandle* B, const char* attr, const double** scalars, int64_t scalars_len_, const char** algorithm, AtenTensorHandle* ret0)}. */
    static MemorySegment aoti_torch_cpu__linear_pointwise$address() {
        return aoti_torch_cpu__linear_pointwise.Linked.ADDR;
    }

    /** Calls {@code AOTITorchError aoti_torch_cpu__linear_pointwise(AtenTensorHandle X, AtenTensorHandle W, AtenTensorHandle* B, const char* attr, const double** scalars, int64_t scalars_len_, const char** algorithm, AtenTensorHandle* ret0)}. */
    static int aoti_torch_cpu__linear_pointwise(
            MemorySegment X,
            MemorySegment W,
            MemorySegment B,
            MemorySegment attr,
            MemorySegment scalars,
            long scalars_len_,
            MemorySegment algorithm,
            MemorySegment ret0) {
        MethodHandle mh$ = aoti_torch_cpu__linear_pointwise.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact(X, W, B, attr, scalars, scalars_len_, algorithm, ret0);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_cpu__linear_pointwise", e);
        }
    }

    private static final class aoti_torch_cpu__linear_pointwise_binary {
        static final FunctionDescriptor DESC =
                FunctionDescriptor.of(C_INT, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_POINTER, C_POINTER);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_cpu__linear_pointwise_binary");
            static final MethodHandle HANDLE =
                    Downcalls.link(LibTorch.symbols(), "aoti_torch_cpu__linear_pointwise_binary", DESC);
        }
    }

    /** Returns the descriptor of {@code AOTITorchError aoti_torch_cpu__linear_pointwise_binary(AtenTensorHandle X, AtenTensorHandle other, AtenTensorHandle W, AtenTensorHandle* B, const char* attr, AtenTensorHandle* ret0)}. */
    static FunctionDescriptor aoti_torch_cpu__linear_pointwise_binary$descriptor() {
        return aoti_torch_cpu__linear_pointwise_binary.DESC;
    }

    /** Returns the handle of {@code AOTITorchError aoti_torch_cpu__linear_pointwise_binary(AtenTensorHandle X, AtenTensorHandle other, AtenTensorHandle W, AtenTensorHandle* B, const char* attr, AtenTensorHandle* ret0)}. */
    static MethodHandle aoti_torch_cpu__linear_pointwise_binary$handle() {
        return aoti_torch_cpu__linear_pointwise_binary.Linked.HANDLE;
    }

    /** Returns the address of {@code AOTITorchError aoti_torch_cpu__linear_pointwise_binary(AtenTensorHandle X, AtenTensorHandle other, AtenTensorHandle W, AtenTensorHandle* B, const char* attr, AtenTensorHandle* ret0)}. */
    static MemorySegment aoti_torch_cpu__linear_pointwise_binary$address() {
        return aoti_torch_cpu__linear_pointwise_binary.Linked.ADDR;
    }

    /** Calls {@code AOTITorchError aoti_torch_cpu__linear_pointwise_binary(AtenTensorHandle X, AtenTensorHandle other, AtenTensorHandle W, AtenTensorHandle* B, const char* attr, AtenTensorHandle* ret0)}. */
    static int aoti_torch_cpu__linear_pointwise_binary(
            MemorySegment X,
            MemorySegment other,
            MemorySegment W,
            MemorySegment B,
            MemorySegment attr,
            MemorySegment ret0) {
        MethodHandle mh$ = aoti_torch_cpu__linear_pointwise_binary.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact(X, other, W, B, attr, ret0);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_cpu__linear_pointwise_binary", e);
        }
    }

    private static final class aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(
                C_INT, C_POINTER, C_POINTER, C_POINTER, C_DOUBLE, C_INT, C_POINTER, C_POINTER, C_POINTER, C_POINTER);

        private static final class Linked {
            static final MemorySegment ADDR =
                    LibTorch.address("aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu");
            static final MethodHandle HANDLE = Downcalls.link(
                    LibTorch.symbols(), "aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu", DESC);
        }
    }

    /** Returns the descriptor of {@code AOTITorchError aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu(AtenTensorHandle query, AtenTensorHandle key, AtenTensorHandle value, double dropout_p, int32_t is_causal, AtenTensorHandle* attn_mask, double* scale, AtenTensorHandle* ret0, AtenTensorHandle* ret1)}. */
    static FunctionDescriptor aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu$descriptor() {
        return aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu.DESC;
    }

    /** Returns the handle of {@code AOTITorchError aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu(AtenTensorHandle query, AtenTensorHandle key, AtenTensorHandle value, double dropout_p, int32_t is_causal, AtenTensorHandle* attn_mask, double* scale, AtenTensorHandle* ret0, AtenTensorHandle* ret1)}. */
    static MethodHandle aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu$handle() {
        return aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu.Linked.HANDLE;
    }

    /** Returns the address of {@code AOTITorchError aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu(AtenTensorHandle query, AtenTensorHandle key, AtenTensorHandle value, double dropout_p, int32_t is_causal, AtenTensorHandle* attn_mask, double* scale, AtenTensorHandle* ret0, AtenTensorHandle* ret1)}. */
    static MemorySegment aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu$address() {
        return aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu.Linked.ADDR;
    }

    /** Calls {@code AOTITorchError aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu(AtenTensorHandle query, AtenTensorHandle key, AtenTensorHandle value, double dropout_p, int32_t is_causal, AtenTensorHandle* attn_mask, double* scale, AtenTensorHandle* ret0, AtenTensorHandle* ret1)}. */
    static int aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu(
            MemorySegment query,
            MemorySegment key,
            MemorySegment value,
            double dropout_p,
            int is_causal,
            MemorySegment attn_mask,
            MemorySegment scale,
            MemorySegment ret0,
            MemorySegment ret1) {
        MethodHandle mh$ = aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact(query, key, value, dropout_p, is_causal, attn_mask, scale, ret0, ret1);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu", e);
        }
    }

    private static final class aoti_torch_call_dispatcher {
        static final FunctionDescriptor DESC = FunctionDescriptor.of(C_INT, C_POINTER, C_POINTER, C_POINTER);

        private static final class Linked {
            static final MemorySegment ADDR = LibTorch.address("aoti_torch_call_dispatcher");
            static final MethodHandle HANDLE = Downcalls.link(LibTorch.symbols(), "aoti_torch_call_dispatcher", DESC);
        }
    }

    /** Returns the descriptor of {@code AOTITorchError aoti_torch_call_dispatcher(const char* opName, const char* overloadName, StableIValue* stack)}. */
    static FunctionDescriptor aoti_torch_call_dispatcher$descriptor() {
        return aoti_torch_call_dispatcher.DESC;
    }

    /** Returns the handle of {@code AOTITorchError aoti_torch_call_dispatcher(const char* opName, const char* overloadName, StableIValue* stack)}. */
    static MethodHandle aoti_torch_call_dispatcher$handle() {
        return aoti_torch_call_dispatcher.Linked.HANDLE;
    }

    /** Returns the address of {@code AOTITorchError aoti_torch_call_dispatcher(const char* opName, const char* overloadName, StableIValue* stack)}. */
    static MemorySegment aoti_torch_call_dispatcher$address() {
        return aoti_torch_call_dispatcher.Linked.ADDR;
    }

    /** Calls {@code AOTITorchError aoti_torch_call_dispatcher(const char* opName, const char* overloadName, StableIValue* stack)}. */
    static int aoti_torch_call_dispatcher(MemorySegment opName, MemorySegment overloadName, MemorySegment stack) {
        MethodHandle mh$ = aoti_torch_call_dispatcher.Linked.HANDLE;
        try {
            return (int) mh$.invokeExact(opName, overloadName, stack);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("aoti_torch_call_dispatcher", e);
        }
    }

    /** Returns every function here by name with its descriptor; links nothing. */
    static Map<String, FunctionDescriptor> descriptors() {
        Map<String, FunctionDescriptor> all = new LinkedHashMap<>();
        all.put("aoti_torch_abi_version", aoti_torch_abi_version.DESC);
        all.put("aoti_torch_device_type_cpu", aoti_torch_device_type_cpu.DESC);
        all.put("aoti_torch_dtype_float32", aoti_torch_dtype_float32.DESC);
        all.put("aoti_torch_dtype_bfloat16", aoti_torch_dtype_bfloat16.DESC);
        all.put("aoti_torch_grad_mode_is_enabled", aoti_torch_grad_mode_is_enabled.DESC);
        all.put("aoti_torch_grad_mode_set_enabled", aoti_torch_grad_mode_set_enabled.DESC);
        all.put("aoti_torch_create_tensor_from_blob", aoti_torch_create_tensor_from_blob.DESC);
        all.put("aoti_torch_new_tensor_handle", aoti_torch_new_tensor_handle.DESC);
        all.put("aoti_torch_delete_tensor_object", aoti_torch_delete_tensor_object.DESC);
        all.put("aoti_torch_get_data_ptr", aoti_torch_get_data_ptr.DESC);
        all.put("aoti_torch_get_dim", aoti_torch_get_dim.DESC);
        all.put("aoti_torch_get_size", aoti_torch_get_size.DESC);
        all.put("aoti_torch_get_stride", aoti_torch_get_stride.DESC);
        all.put("aoti_torch_get_dtype", aoti_torch_get_dtype.DESC);
        all.put("aoti_torch_cpu_mm_out", aoti_torch_cpu_mm_out.DESC);
        all.put("aoti_torch_cpu__linear_pointwise", aoti_torch_cpu__linear_pointwise.DESC);
        all.put("aoti_torch_cpu__linear_pointwise_binary", aoti_torch_cpu__linear_pointwise_binary.DESC);
        all.put(
                "aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu",
                aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu.DESC);
        all.put("aoti_torch_call_dispatcher", aoti_torch_call_dispatcher.DESC);
        return all;
    }
}
