package org.infoprompt.ops.torch;

/** Which way computes a product faster. */
final class ShapeTable {
    /** Rows from which oneDNN is faster than the Vector API in float32. */
    static final int LEAST_F32_ROWS = 32;

    private ShapeTable() {}
}
