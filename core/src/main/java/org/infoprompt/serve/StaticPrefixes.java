package org.infoprompt.serve;

import java.lang.foreign.MemorySegment;
import org.infoprompt.model.LayerInserts;

/**
 * Prefixes that are the same for every text.
 *
 * @param prefixes [L·P, 2D], keys and values, layer by layer
 * @param numPrefixes P
 */
record StaticPrefixes(MemorySegment prefixes, int numPrefixes) implements LayerInserts {
    @Override
    public boolean isPrefixTable() {
        return true;
    }

    @Override
    public long prefixRow(int sequence, int layer) {
        return (long) layer * numPrefixes;
    }
}
