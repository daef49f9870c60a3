package org.infoprompt.cudasim.ptx;

/** Types of PTX that the kernels use. */
enum PtxType {
    PRED(0),
    B16(2),
    U16(2),
    BF16(2),
    B32(4),
    U32(4),
    S32(4),
    F32(4),
    B64(8),
    U64(8),
    S64(8),
    F64(8);

    final int bytes;

    PtxType(int bytes) {
        this.bytes = bytes;
    }

    static boolean is(String part) {
        for (PtxType type : values()) {
            if (type.name().equalsIgnoreCase(part)) {
                return true;
            }
        }
        return false;
    }

    boolean isFloat() {
        return this == F32 || this == F64;
    }
}
