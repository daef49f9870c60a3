/**
 * Kernel families and the backends that implement them.
 *
 * <p>A {@link org.infoprompt.ops.Backend} is shared and immutable; {@link org.infoprompt.ops.Kernels} belong to one
 * thread and own their scratch memory. All segments are off-heap, contiguous, row-major, in the backend's element type ({@code
 * dtype()}), start at their first element and may be longer than needed. Sizes are checked before anything is read.
 * Kernels allocate nothing. Every output row depends on its own inputs only, and is summed in a fixed order: results do
 * not depend on how rows are grouped into calls or spread over threads. Letters are those of
 * {@link org.infoprompt.tensor}.
 */
package org.infoprompt.ops;
