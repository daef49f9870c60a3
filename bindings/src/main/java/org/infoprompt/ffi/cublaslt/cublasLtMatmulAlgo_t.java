// Generated from bindings/src/main/ffi/cublasLt.spec; do not edit.
package org.infoprompt.ffi.cublaslt;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/** {@code struct cublasLtMatmulAlgo_t} of {@code cublasLt.h}, in jextract's layout. */
@SuppressWarnings("doclint:missing")
public final class cublasLtMatmulAlgo_t {
    private static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    MemoryLayout.sequenceLayout(8, ValueLayout.JAVA_LONG).withName("data"))
            .withName("cublasLtMatmulAlgo_t");

    private cublasLtMatmulAlgo_t() {}

    /** {@return the struct's layout} */
    public static StructLayout layout() {
        return LAYOUT;
    }

    /** {@return the struct's size in bytes} */
    public static long sizeof() {
        return LAYOUT.byteSize();
    }

    /** {@return a new struct, all zero} */
    public static MemorySegment allocate(SegmentAllocator allocator) {
        return allocator.allocate(LAYOUT);
    }

    /** {@return an element of an array of the struct} */
    public static MemorySegment asSlice(MemorySegment array, long index) {
        return array.asSlice(LAYOUT.byteSize() * index, LAYOUT.byteSize());
    }

    /** {@return the offset of {@code data} in bytes} */
    public static long data$offset() {
        return 0;
    }

    /** {@return the field {@code data} as a slice of the struct} */
    public static MemorySegment data(MemorySegment struct) {
        return struct.asSlice(0, 64);
    }
}
