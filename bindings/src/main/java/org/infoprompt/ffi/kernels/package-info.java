/**
 * Our own native kernels: {@link org.infoprompt.ffi.kernels.KernelSignatures} states every function of {@code
 * infoprompt_kernels.h}, {@link org.infoprompt.ffi.kernels.KernelLibrary} loads the library and chooses the tier, and one class per
 * family checks sizes and calls. Segments are off-heap float32, row-major, and may be longer than needed.
 */
package org.infoprompt.ffi.kernels;
