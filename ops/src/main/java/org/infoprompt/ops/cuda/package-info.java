/**
 * Kernels on an NVIDIA GPU: matrix products by cuBLASLt, everything else by the CUDA kernels of the native module. Has
 * never run on a GPU yet, so it is only taken by name; its host code and its PTX are tested over a driver made of Java.
 *
 * <p>In bfloat16 products and the encoder's inner activations are bfloat16 in memory; all kernels compute in float32.
 *
 * <p>Memory: packed weights are copied to the device once and kept. Workspaces and placed tensors lie in managed memory, which host and
 * device reach at one address, on whose pages the device works in place. All work goes through one stream, in order, and calls return
 * while it is under way; {@link org.infoprompt.ops.Kernels#await} waits for it. Any other segment that a kernel is given is
 * staged: copied to the device before the call and, if it is a result, back after it, which waits. Index arrays are
 * copied when their content has changed.
 */
package org.infoprompt.ops.cuda;
