package org.infoprompt.serve;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.model.LinearAdapters;
import org.infoprompt.model.PackedRows;
import org.infoprompt.weights.EncoderConfig;
import org.jspecify.annotations.Nullable;

/**
 * What several prompts put into the layers of one pass: each group of sequences has its own prefixes, its own changes between layers
 * and its own changes of linear layers, and sees nothing of the others. Reused from pass to pass; nothing is allocated but small views
 * for groups that change linear layers and stand behind others.
 */
final class MixedInserts implements LayerInserts, LinearAdapters {
    private final @Nullable LayerInserts[] groupInserts;
    private final PackedRows[] views;
    private final int[] firstSequence;
    private final int[] groupOf;
    /** Starts of the group that is at work, counted from its own first row. */
    private final int[] ownStarts;

    private final int hiddenSize;
    private final int feedForwardSize;
    private final int elementBytes;
    private int numGroups;
    private int numSequences;
    private int mostPrefixes;
    private boolean changesRows;
    private boolean changesLayers;

    /**
     * Allocates.
     *
     * @param maxSequences the most sequences of a pass
     * @param config sizes of the encoder
     * @param elementBytes of the backend
     */
    MixedInserts(int maxSequences, EncoderConfig config, int elementBytes) {
        hiddenSize = config.hiddenSize();
        feedForwardSize = config.feedForwardSize();
        this.elementBytes = elementBytes;
        ownStarts = new int[maxSequences + 1];
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
        changesLayers = false;
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
            changesLayers |= inserts.adapters() != null;
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

    /** {@return whether one group alone has nothing but prefixes, so that threads can share its sequence} */
    @Override
    public boolean isPrefixTable() {
        return numGroups == 1 && !changesRows;
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

    @Override
    public @Nullable LinearAdapters adapters() {
        return changesLayers ? this : null;
    }

    private @Nullable LinearAdapters adapters(int group) {
        LayerInserts inserts = groupInserts[group];
        return inserts == null ? null : inserts.adapters();
    }

    @Override
    public boolean changes(Product product) {
        for (int g = 0; g < numGroups; g++) {
            LinearAdapters adapters = adapters(g);
            if (adapters != null && adapters.changes(product)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void input(int layer, Product product, int n, int[] starts, MemorySegment x, boolean keep) {
        for (int g = 0; g < numGroups; g++) {
            LinearAdapters adapters = adapters(g);
            if (adapters != null && adapters.changes(product)) {
                int count = ownStarts(g, starts);
                adapters.input(
                        layer, product, count, ownStarts, rows(x, starts[firstSequence[g]], inputSize(product)), keep);
            }
        }
    }

    @Override
    public void output(
            int layer, Product product, int n, int[] starts, MemorySegment x, MemorySegment y, boolean keep) {
        for (int g = 0; g < numGroups; g++) {
            LinearAdapters adapters = adapters(g);
            if (adapters != null && adapters.changes(product)) {
                int count = ownStarts(g, starts);
                int from = starts[firstSequence[g]];
                adapters.output(
                        layer,
                        product,
                        count,
                        ownStarts,
                        rows(x, from, inputSize(product)),
                        rows(y, from, outputSize(product)),
                        keep);
            }
        }
    }

    /** Counts a group's starts from its first row; returns how many sequences it has. */
    private int ownStarts(int group, int[] starts) {
        int first = firstSequence[group];
        int end = group + 1 < numGroups ? firstSequence[group + 1] : numSequences;
        for (int i = first; i <= end; i++) {
            ownStarts[i - first] = starts[i] - starts[first];
        }
        return end - first;
    }

    /** Returns rows from one on; a view of its own, made only where a group stands behind others. */
    private MemorySegment rows(MemorySegment all, int from, int width) {
        return from == 0 ? all : all.asSlice((long) from * width * elementBytes);
    }

    private int inputSize(Product product) {
        return product == Product.OUTPUT ? feedForwardSize : hiddenSize;
    }

    private int outputSize(Product product) {
        return switch (product) {
            case QUERY_KEY_VALUE -> 3 * hiddenSize;
            case KEY_VALUE -> 2 * hiddenSize;
            case INTERMEDIATE -> feedForwardSize;
            case QUERY, ATTENTION_OUTPUT, OUTPUT -> hiddenSize;
        };
    }
}
