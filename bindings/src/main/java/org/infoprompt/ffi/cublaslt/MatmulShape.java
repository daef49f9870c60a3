package org.infoprompt.ffi.cublaslt;

/**
 * One kind of product d = epilogue(alpha·op(a)·op(b) + beta·d), all matrices row-major and dense.
 *
 * @param transposeA false: a is [m, k]; true: a is [k, m] and is read transposed
 * @param transposeB false: b is [k, n]; true: b is [n, k] and is read transposed
 * @param m rows of d
 * @param n columns of d
 * @param k summed size
 * @param inputs element type of a and b
 * @param output element type of d
 * @param epilogue what happens to the product before it is written
 * @param compute how it is computed
 * @param alignment of all matrices' addresses in bytes, at least an element's
 */
public record MatmulShape(
        boolean transposeA,
        boolean transposeB,
        int m,
        int n,
        int k,
        Element inputs,
        Element output,
        Epilogue epilogue,
        Compute compute,
        int alignment) {
    /** Element types. */
    public enum Element {
        /** IEEE single precision. */
        F32(cublasLt_h.CUDA_R_32F(), Float.BYTES),
        /** bfloat16. */
        BF16(cublasLt_h.CUDA_R_16BF(), Short.BYTES);

        final int type;
        final int bytes;

        Element(int type, int bytes) {
            this.type = type;
            this.bytes = bytes;
        }
    }

    /** What is done with the product; the bias has n elements of the output's type. */
    public enum Epilogue {
        /** Nothing. */
        NONE(cublasLt_h.CUBLASLT_EPILOGUE_DEFAULT()),
        /** The bias is added. */
        BIAS(cublasLt_h.CUBLASLT_EPILOGUE_BIAS()),
        /** The bias is added, then negative values become 0. */
        BIAS_RELU(cublasLt_h.CUBLASLT_EPILOGUE_RELU_BIAS()),
        /** The bias is added, then GELU in its tanh form, the only one that cuBLASLt has. */
        BIAS_GELU_TANH(cublasLt_h.CUBLASLT_EPILOGUE_GELU_BIAS());

        final int value;

        Epilogue(int value) {
            this.value = value;
        }
    }

    /** How products are summed; always in single precision. */
    public enum Compute {
        /** Single precision throughout. */
        F32(cublasLt_h.CUBLAS_COMPUTE_32F()),
        /** Single-precision inputs are rounded to 10 bits of mantissa for the tensor cores. */
        TF32(cublasLt_h.CUBLAS_COMPUTE_32F_FAST_TF32());

        final int value;

        Compute(int value) {
            this.value = value;
        }
    }

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is not positive, or the alignment is no power of two or less than an element
     */
    public MatmulShape {
        if (m <= 0 || n <= 0 || k <= 0) {
            throw new IllegalArgumentException(
                    "matrix sizes m=" + m + ", n=" + n + ", k=" + k + " must all be positive");
        }
        if (Integer.bitCount(alignment) != 1 || alignment < Math.max(inputs.bytes, output.bytes)) {
            throw new IllegalArgumentException(
                    "alignment " + alignment + " must be a power of two of at least an element");
        }
    }
}
