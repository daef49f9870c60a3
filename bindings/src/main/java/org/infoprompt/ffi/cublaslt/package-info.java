/**
 * NVIDIA's cuBLASLt: {@code cublasLt_h} in jextract's layout, generated from {@code bindings/src/main/ffi/cublasLt.spec}, and
 * above it prepared products: a {@link org.infoprompt.ffi.cublaslt.MatmulPlan} holds the operation, the layouts and the
 * algorithm for one shape. Letters: d[m, n] = op(a)·op(b), all row-major, k is summed.
 */
package org.infoprompt.ffi.cublaslt;
