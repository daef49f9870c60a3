/**
 * Matrix products by oneDNN's block kernels inside LibTorch, where they are faster than the Vector API; everything else is
 * the vector backend's. In float32 the results are the vector backend's too, bit for bit. Not exported.
 */
package org.infoprompt.ops.torch;
