/**
 * LibTorch through the foreign function interface: its exported C functions ({@code aoti_torch_*}) and a few exported C++
 * ones, over off-heap memory that is never copied. The library is optional; it comes with the JavaCPP preset {@code
 * org.bytedeco:pytorch} and its version is pinned by {@link org.infoprompt.ffi.torch.LibTorch#ABI_VERSION}.
 *
 * <p>LibTorch works on one thread a call here: rows are shared out by the caller's own pool, and its OpenMP threads,
 * which spin, are never started.
 */
package org.infoprompt.ffi.torch;
