package org.infoprompt.ffi.kernels;

/** The element type of packed weights. */
public enum WeightType {
    /** Single precision. */
    F32,
    /** bfloat16; the rows they are multiplied with are rounded to it as well. */
    BF16
}
