// Generated from bindings/src/main/ffi/cublasLt.spec; do not edit.
package org.infoprompt.ffi.cublaslt;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/** {@code struct cublasLtMatmulHeuristicResult_t} of {@code cublasLt.h}, in jextract's layout. */
@SuppressWarnings("doclint:missing")
public final class cublasLtMatmulHeuristicResult_t {
    private static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    cublasLtMatmulAlgo_t.layout().withName("algo"),
                    ValueLayout.JAVA_LONG.withName("workspaceSize"),
                    ValueLayout.JAVA_INT.withName("state"),
                    ValueLayout.JAVA_FLOAT.withName("wavesCount"),
                    MemoryLayout.sequenceLayout(4, ValueLayout.JAVA_INT).withName("reserved"))
            .withName("cublasLtMatmulHeuristicResult_t");

    private cublasLtMatmulHeuristicResult_t() {}

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

    /** {@return the offset of {@code algo} in bytes} */
    public static long algo$offset() {
        return 0;
    }

    /** {@return the field {@code algo} as a slice of the struct} */
    public static MemorySegment algo(MemorySegment struct) {
        return struct.asSlice(0, 64);
    }

    /** {@return the offset of {@code workspaceSize} in bytes} */
    public static long workspaceSize$offset() {
        return 64;
    }

    /** {@return the field {@code workspaceSize}} */
    public static long workspaceSize(MemorySegment struct) {
        return struct.get(ValueLayout.JAVA_LONG, 64);
    }

    /** Sets the field {@code workspaceSize}. */
    public static void workspaceSize(MemorySegment struct, long fieldValue) {
        struct.set(ValueLayout.JAVA_LONG, 64, fieldValue);
    }

    /** {@return the offset of {@code state} in bytes} */
    public static long state$offset() {
        return 72;
    }

    /** {@return the field {@code state}} */
    public static int state(MemorySegment struct) {
        return struct.get(ValueLayout.JAVA_INT, 72);
    }

    /** Sets the field {@code state}. */
    public static void state(MemorySegment struct, int fieldValue) {
        struct.set(ValueLayout.JAVA_INT, 72, fieldValue);
    }

    /** {@return the offset of {@code wavesCount} in bytes} */
    public static long wavesCount$offset() {
        return 76;
    }

    /** {@return the field {@code wavesCount}} */
    public static float wavesCount(MemorySegment struct) {
        return struct.get(ValueLayout.JAVA_FLOAT, 76);
    }

    /** Sets the field {@code wavesCount}. */
    public static void wavesCount(MemorySegment struct, float fieldValue) {
        struct.set(ValueLayout.JAVA_FLOAT, 76, fieldValue);
    }

    /** {@return the offset of {@code reserved} in bytes} */
    public static long reserved$offset() {
        return 80;
    }

    /** {@return the field {@code reserved} as a slice of the struct} */
    public static MemorySegment reserved(MemorySegment struct) {
        return struct.asSlice(80, 16);
    }
}
