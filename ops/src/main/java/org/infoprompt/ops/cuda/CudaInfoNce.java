package org.infoprompt.ops.cuda;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.cuda.CudaFunction;
import org.infoprompt.ops.check.RowChecks;
import org.jspecify.annotations.Nullable;

/**
 * InfoNCE over K candidates that all rows share (van den Oord et al., arXiv 1807.03748, eq. 4): loss_r = -log softmax_k(scale·q_r·c_k) at
 * the row's own candidate. Loss and query gradient come from one read of the candidates, whose own gradient is optional; see
 * {@code infonce.cu}. Belongs to one thread.
 */
public final class CudaInfoNce {
    private static final int MAX_TILE = 16;

    private final DeviceCall call;
    private final CudaFunction rowsPass;
    private final CudaFunction candidatesPass;

    CudaInfoNce(CudaDevice device) {
        call = new DeviceCall(device);
        rowsPass = device.kernel("info_nce");
        candidatesPass = device.kernel("info_nce_candidates");
    }

    /**
     * Computes losses and gradients.
     *
     * @param rows M
     * @param candidates K, at least 1
     * @param width D, at most 4053
     * @param queries [M, D]
     * @param keys [K, D], the candidates
     * @param positives each row's own candidate, in [0, K)
     * @param scale factor of the scores, 1/temperature
     * @param gradientScale factor of the gradients, weight/M
     * @param losses [M], overwritten, unscaled
     * @param dQueries [M, D], overwritten
     * @param dKeys [K, D], overwritten, or null if the candidates are frozen
     * @throws IllegalArgumentException if a size or an own candidate is out of range
     */
    public void run(
            int rows,
            int candidates,
            int width,
            MemorySegment queries,
            MemorySegment keys,
            int[] positives,
            double scale,
            double gradientScale,
            MemorySegment losses,
            MemorySegment dQueries,
            @Nullable MemorySegment dKeys) {
        if (rows < 0 || candidates < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "rows " + rows + ", candidates " + candidates + " and width " + width + " must be positive");
        }
        Blocks.shared("width", width, 3);
        long n = (long) rows * width;
        long m = (long) candidates * width;
        RowChecks.elements(Float.BYTES, n, "queries", queries);
        RowChecks.elements(Float.BYTES, m, "keys", keys);
        RowChecks.elements(Float.BYTES, rows, "losses", losses);
        RowChecks.elements(Float.BYTES, n, "dQueries", dQueries);
        if (dKeys != null) {
            RowChecks.elements(Float.BYTES, m, "dKeys", dKeys);
        }
        for (int r = 0; r < rows; r++) {
            if (positives[r] < 0 || positives[r] >= candidates) {
                throw new IllegalArgumentException(
                        "positives[" + r + "] " + positives[r] + " must be in [0, " + candidates + ")");
            }
        }
        if (rows == 0) {
            return;
        }
        int warps = Math.max(1, Blocks.warps("width", width, 1, 2) - (width > 512 ? 1 : 0));
        int tile = Math.min(MAX_TILE, Blocks.rows(width) - 2 * warps);
        call.start();
        long q = call.in(queries, n);
        long own = call.ints(positives, 0, rows);
        long scores = dKeys == null ? 0 : call.scratch((long) rows * candidates * Float.BYTES);
        long logSumExp = dKeys == null ? 0 : call.scratch((long) rows * Float.BYTES);
        call.arguments()
                .int32(rows)
                .int32(candidates)
                .int32(width)
                .int32(tile)
                .pointer(q)
                .pointer(call.in(keys, m))
                .pointer(own)
                .float32((float) scale)
                .float32((float) gradientScale)
                .pointer(call.out(losses, rows))
                .pointer(call.out(dQueries, n))
                .pointer(scores)
                .pointer(logSumExp);
        int sharedBytes = Blocks.shared("width", width, 2 * warps + tile);
        call.launch(rowsPass, (rows + warps - 1) / warps, 1, warps * Blocks.WARP, sharedBytes);
        if (dKeys != null) {
            call.arguments()
                    .int32(rows)
                    .int32(candidates)
                    .int32(width)
                    .int32(tile)
                    .pointer(q)
                    .pointer(own)
                    .pointer(scores)
                    .pointer(logSumExp)
                    .float32((float) (scale * gradientScale))
                    .pointer(call.out(dKeys, m));
            int bytes = Blocks.shared("width", width, warps + tile);
            call.launch(candidatesPass, (candidates + warps - 1) / warps, 1, warps * Blocks.WARP, bytes);
        }
        call.finish();
    }
}
