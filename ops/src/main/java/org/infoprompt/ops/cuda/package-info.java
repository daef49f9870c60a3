/**
 * Kernels on an NVIDIA GPU: matrix products by cuBLASLt, everything else by the CUDA kernels of the native module. Has
 * never run on a GPU yet, so it is only taken by name; its host code and its PTX are tested over a driver made of Java.
 *
 * <p>Memory: workspaces and frozen weights lie in managed memory, which host and device reach at one address, and kernels work on
 * it in place. Any other segment that a kernel is given is staged: copied there before the call and back after it. Each call
 * returns when the device is done, so that the host may read every result at once.
 */
package org.infoprompt.ops.cuda;
