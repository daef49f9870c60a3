package org.infoprompt.peft;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;

/**
 * Keys and values of a prefix-tuning adapter, the same for every sequence. A row of PEFT's {@code prompt_embeddings} [N, 2·L·D]
 * holds one virtual token: layer by layer its key, then its value, each the heads on end. Here layers come first: [L·N, 2D].
 */
final class PrefixTable implements LayerInserts {
    private final MemorySegment table;
    private final int numPrefixes;

    private PrefixTable(MemorySegment table, int numPrefixes) {
        this.table = table;
        this.numPrefixes = numPrefixes;
    }

    /** Reads the table into the arena. */
    static PrefixTable load(
            AdapterConfig config, AdapterFiles adapter, int numLayers, int hiddenSize, DType dtype, Arena arena)
            throws IOException {
        int n = config.needSize("num_virtual_tokens");
        long width = 2L * hiddenSize;
        Tensor flat = adapter.tensor(
                PromptTable.EMBEDDINGS,
                Shape.of(n, numLayers * width),
                PromptTable.DAMAGED,
                "use configuration and weights of the same adapter, and the base model it was trained on");
        MemorySegment table = Segments.allocate(width * numLayers * n, dtype, arena);
        for (int layer = 0; layer < numLayers; layer++) {
            for (int i = 0; i < n; i++) {
                long to = ((long) layer * n + i) * width;
                long from = ((long) i * numLayers + layer) * width;
                for (long j = 0; j < width; j++) {
                    Segments.set(table, dtype, to + j, Segments.float32(flat, from + j));
                }
            }
        }
        return new PrefixTable(table, n);
    }

    /** Returns the same prefixes in other memory. */
    PrefixTable copyTo(SegmentAllocator memory) {
        return new PrefixTable(Segments.copy(table, memory), numPrefixes);
    }

    @Override
    public boolean isPrefixTable() {
        return true;
    }

    @Override
    public int numPrefixes() {
        return numPrefixes;
    }

    @Override
    public MemorySegment prefixes() {
        return table;
    }

    @Override
    public long prefixRow(int sequence, int layer) {
        return (long) layer * numPrefixes;
    }
}
