package org.infoprompt.serve;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.model.PackedRows;
import org.jspecify.annotations.Nullable;

/**
 * What several prompts put into the layers of one pass: each group of sequences has its own prefixes and its own changes between
 * layers, and sees nothing of the others. Reused from pass to pass; nothing is allocated.
 */
final class MixedInserts implements LayerInserts {
    private final @Nullable LayerInserts[] groupInserts;
    private final PackedRows[] views;
    private final int[] firstSequence;
    private final int[] groupOf;
    private int numGroups;
    private int numSequences;
    private int mostPrefixes;
    private boolean changesRows;

    MixedInserts(int maxSequences) {
        groupInserts = new LayerInserts[maxSequences];
        views = new PackedRows[maxSequences];
        for (int i = 0; i < maxSequences; i++) {
            views[i] = new PackedRows(0, 0, 0);
        }
        firstSequence = new int[maxSequences];
        groupOf = new int[maxSequences];
    }

    void clear() {
        Arrays.fill(groupInserts, 0, numGroups, null);
        numGroups = 0;
        numSequences = 0;
        mostPrefixes = 0;
        changesRows = false;
    }

    /**
     * Adds the sequences that were appended last.
     *
     * @param inserts what they put into the layers, or null
     * @param count how many sequences
     */
    void add(@Nullable LayerInserts inserts, int count) {
        firstSequence[numGroups] = numSequences;
        groupInserts[numGroups] = inserts;
        for (int i = 0; i < count; i++) {
            groupOf[numSequences++] = numGroups;
        }
        if (inserts != null) {
            mostPrefixes = Math.max(mostPrefixes, inserts.numPrefixes());
            changesRows |= !inserts.isPrefixTable();
        }
        numGroups++;
    }

    /** Takes the block's rows once all sequences are there. */
    void see(PackedRows block) {
        if (!changesRows) {
            return;
        }
        int gradient = 0;
        for (int g = 0; g < numGroups; g++) {
            int first = firstSequence[g];
            int end = g + 1 < numGroups ? firstSequence[g + 1] : numSequences;
            int rowsEnd = block.starts()[end];
            int count = 0;
            while (gradient + count < block.numGradient() && block.gradientRows()[gradient + count] < rowsEnd) {
                count++;
            }
            LayerInserts inserts = groupInserts[g];
            if (inserts != null && !inserts.isPrefixTable()) {
                if (!views[g].holdsView(end - first, count)) {
                    views[g] = new PackedRows(2 * count, 2 * (end - first), 0);
                }
                views[g].view(block, first, end - first, gradient, count);
            }
            gradient += count;
        }
    }

    /** Returns this, or null if no sequence has inserts. */
    @Nullable
    LayerInserts orNull() {
        return mostPrefixes > 0 || changesRows ? this : null;
    }

    @Override
    public int numPrefixes() {
        return mostPrefixes;
    }

    @Override
    public int numPrefixes(int sequence) {
        LayerInserts inserts = groupInserts[groupOf[sequence]];
        return inserts == null ? 0 : inserts.numPrefixes(sequence - firstSequence[groupOf[sequence]]);
    }

    @Override
    public MemorySegment prefixes(int sequence) {
        LayerInserts inserts = groupInserts[groupOf[sequence]];
        return inserts == null ? MemorySegment.NULL : inserts.prefixes(sequence - firstSequence[groupOf[sequence]]);
    }

    @Override
    public long prefixRow(int sequence, int layer) {
        LayerInserts inserts = groupInserts[groupOf[sequence]];
        return inserts == null ? 0 : inserts.prefixRow(sequence - firstSequence[groupOf[sequence]], layer);
    }

    @Override
    public void afterLayer(int layer, PackedRows rows, MemorySegment x) {
        if (!changesRows) {
            return;
        }
        for (int g = 0; g < numGroups; g++) {
            LayerInserts inserts = groupInserts[g];
            if (inserts != null && !inserts.isPrefixTable()) {
                inserts.afterLayer(layer, views[g], x);
            }
        }
    }
}
