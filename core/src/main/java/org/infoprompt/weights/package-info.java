/**
 * Frozen weights: readers of safetensors and ONNX files that never trust the file, one canonical set of tensor names,
 * and the encoder configuration that says which tensors must be there and how large they are.
 *
 * <p>Letters: D hidden size, F feed-forward size, V vocabulary size; linear weights are [out,in], row-major.
 */
package org.infoprompt.weights;
