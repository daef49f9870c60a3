/**
 * NVIDIA's driver API: {@code cuda_h} in jextract's layout, and owned handles above it for contexts, streams, modules and
 * accounted device memory. Every status is checked; sizes are in bytes, device addresses are {@code long}. A thread that
 * calls must have made its context current ({@link org.infoprompt.ffi.cuda.CudaContext#makeCurrent()}).
 *
 * <p>{@code cuda_h} is generated from {@code bindings/src/main/ffi/cuda.spec}. Its functions are methods of an instance
 * made from a {@link java.lang.foreign.SymbolLookup}, so that tests put a driver of their own under all of it.
 */
package org.infoprompt.ffi.cuda;
