package org.infoprompt.ffi.kernels;

/** The element type of packed weights. */
public enum WeightType {
    /** Single precision. */
    F32,
    /** bfloat16; the rows they are multiplied with are rounded to it as well. */
    BF16,
    /**
     * Integers of 8 bits times a scale for each column; so are the rows, with a scale and a zero point each. Forward products only, of at
     * most 65536 summed values.
     */
    INT8
}
