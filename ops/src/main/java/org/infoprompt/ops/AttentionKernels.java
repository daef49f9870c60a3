package org.infoprompt.ops;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Softmax attention over packed sequences of different lengths: sequence i owns the query rows [queryStarts[i],
 * queryStarts[i+1]) and the key rows [keyStarts[i], keyStarts[i+1]), and sees nothing else, so that no padding and no mask
 * exist. Scores are scaled by 1/√headSize. D = heads·headSize.
 *
 * <p>Rows live in wider buffers: a query row r starts at {@code r·qStride}, its key at {@code r·kvStride + kColumn}, its
 * value at {@code r·kvStride + vColumn} (all in elements). A fused projection [R, 3D] is therefore passed as both {@code
 * q} and {@code kv} with strides 3D and columns D, 2D. The scores of a whole sequence are never kept between the forward
 * and the backward pass: they are recomputed from the log-sum-exp.
 */
public interface AttentionKernels {
    /**
     * out = softmax(q·kᵀ/√headSize)·v per head.
     *
     * @param numHeads H
     * @param headSize D/H
     * @param numSequences how many sequences
     * @param queryStarts numSequences+1 query row starts
     * @param keyStarts numSequences+1 key row starts; each sequence with queries has at least one key
     * @param q queries
     * @param qStride elements between query rows
     * @param kv keys and values
     * @param kvStride elements between key rows
     * @param kColumn first key element of a row
     * @param vColumn first value element of a row
     * @param out [Rq, D]
     * @param logSumExp [Rq, H], receives the log-sum-exp of the scaled scores; null when no backward pass follows
     */
    void forward(
            int numHeads,
            int headSize,
            int numSequences,
            int[] queryStarts,
            int[] keyStarts,
            MemorySegment q,
            int qStride,
            MemorySegment kv,
            int kvStride,
            int kColumn,
            int vColumn,
            MemorySegment out,
            @Nullable MemorySegment logSumExp);

    /**
     * Gradients to queries, keys and values, laid out as they are; overwrites the columns they own, so that {@code dq} and
     * {@code dkv} may be one buffer [R, 3D].
     *
     * @param numHeads H
     * @param headSize D/H
     * @param numSequences how many sequences
     * @param queryStarts as in forward
     * @param keyStarts as in forward; key rows of a sequence without queries receive zeros
     * @param q as in forward
     * @param qStride as in forward
     * @param kv as in forward
     * @param kvStride as in forward
     * @param kColumn as in forward
     * @param vColumn as in forward
     * @param logSumExp [Rq, H] as written by forward
     * @param dOut [Rq, D]
     * @param dq gradient to the queries, laid out as {@code q}
     * @param dkv gradient to the keys and values, laid out as {@code kv}
     */
    void backward(
            int numHeads,
            int headSize,
            int numSequences,
            int[] queryStarts,
            int[] keyStarts,
            MemorySegment q,
            int qStride,
            MemorySegment kv,
            int kvStride,
            int kColumn,
            int vColumn,
            MemorySegment logSumExp,
            MemorySegment dOut,
            MemorySegment dq,
            MemorySegment dkv);
}
