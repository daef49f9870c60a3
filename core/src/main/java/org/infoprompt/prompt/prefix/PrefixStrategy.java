package org.infoprompt.prompt.prefix;

import java.lang.foreign.MemorySegment;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.prompt.Elements;
import org.infoprompt.prompt.LinearLayer;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.StrategyContext;
import org.jspecify.annotations.Nullable;

/** One set of prefixes for all examples: table [P, L, 2D], laid out for the layers as [L, P, 2D]. */
final class PrefixStrategy implements PromptStrategy, LayerInserts {
    private final StrategyContext context;
    private final Kernels kernels;
    private final Elements elements;
    private final int d;
    private final int numLayers;
    private final int prefixes;
    private final int hidden;
    private final MemorySegment embedding;
    private final MemorySegment dEmbedding;
    private final @Nullable LinearLayer down;
    private final @Nullable LinearLayer up;
    private final MemorySegment active;
    private final MemorySegment dActive;
    private final MemorySegment table;
    private final MemorySegment dTable;
    private final MemorySegment layered;
    private final MemorySegment dLayered;
    private final MemorySegment vectors;
    private final MemorySegment dVectors;

    /** Which row of the table each row of {@link #layered} is, and the other way round. */
    private final int[] toLayers;

    private final int[] toTable;

    PrefixStrategy(StrategyContext context, PrefixConfig config) {
        this.context = context;
        kernels = context.kernels();
        elements = new Elements(context.dtype(), context.kernels());
        d = context.backbone().hiddenSize();
        numLayers = context.backbone().numLayers();
        prefixes = config.prefixes();
        hidden = config.encoderHiddenSize();
        embedding = context.value(PrefixConfig.TABLE);
        dEmbedding = context.gradient(PrefixConfig.TABLE);
        long n = (long) prefixes * numLayers * 2 * d;
        layered = context.shared(n);
        dLayered = context.scratch(n);
        toLayers = new int[prefixes * numLayers];
        toTable = new int[prefixes * numLayers];
        for (int i = 0; i < toLayers.length; i++) {
            int layer = i / prefixes;
            toLayers[i] = i % prefixes * numLayers + layer;
            toTable[toLayers[i]] = i;
        }
        long own = (long) prefixes * d;
        dVectors = context.scratch(own);
        if (config.reparameterise()) {
            down = new LinearLayer(context, PrefixConfig.DOWN, hidden, d);
            up = new LinearLayer(context, PrefixConfig.UP, numLayers * 2 * d, hidden);
            active = context.scratch((long) prefixes * hidden);
            dActive = context.scratch((long) prefixes * hidden);
            table = context.scratch(n);
            dTable = context.scratch(n);
            vectors = embedding;
        } else {
            down = null;
            up = null;
            active = MemorySegment.NULL;
            dActive = MemorySegment.NULL;
            table = embedding;
            dTable = dEmbedding;
            vectors = context.shared(own);
        }
    }

    @Override
    public void prepare() {
        if (down != null && up != null) {
            down.forward(prefixes, embedding, active);
            elements.tanh((long) prefixes * hidden, active, active);
            up.forward(prefixes, active, table);
        } else {
            kernels.rows().groupMean(prefixes, 2 * numLayers, d, table, vectors);
        }
        kernels.rows().gather(prefixes * numLayers, 2 * d, table, toLayers, layered);
    }

    @Override
    public MemorySegment prompts(int m) {
        return vectors;
    }

    @Override
    public LayerInserts inserts() {
        return this;
    }

    @Override
    public boolean isPrefixTable() {
        return true;
    }

    @Override
    public int numPrefixes() {
        return prefixes;
    }

    @Override
    public MemorySegment prefixes() {
        return layered;
    }

    @Override
    public long prefixRow(int sequence, int layer) {
        return (long) layer * prefixes;
    }

    @Override
    public MemorySegment dPrefixes() {
        return context.dPrefixes();
    }

    @Override
    public long dPrefixRow(int sequence, int layer) {
        return ((long) sequence * numLayers + layer) * prefixes;
    }

    @Override
    public void gradients(int b) {
        RowKernels rows = kernels.rows();
        rows.columnSums(b, prefixes * numLayers * 2 * d, 1, context.dPrefixes(), 0, dLayered);
        rows.gather(prefixes * numLayers, 2 * d, dLayered, toTable, dTable);
        // What the information losses say about the prompt vectors; zero where they are off.
        rows.columnSums(b, prefixes * d, 1, context.dPrompts(), 0, dVectors);
        if (down == null || up == null) {
            rows.groupSpread(prefixes, 2 * numLayers, d, 1.0 / (2 * numLayers), dVectors, dTable);
            return;
        }
        up.gradients(prefixes, dTable, active);
        up.backward(prefixes, dTable, dActive);
        elements.tanhBackward((long) prefixes * hidden, active, dActive, dActive);
        down.gradients(prefixes, dActive, embedding);
        down.backward(prefixes, dActive, dEmbedding);
        rows.axpby((long) prefixes * d, 1, dVectors, 1, dEmbedding);
    }
}
