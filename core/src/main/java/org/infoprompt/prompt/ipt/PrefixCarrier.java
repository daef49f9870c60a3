package org.infoprompt.prompt.ipt;

import java.lang.foreign.MemorySegment;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.StrategyContext;
import org.jspecify.annotations.Nullable;

/**
 * Trained prefixes of every layer, to whose first layer each text adds its own slots times a factor. Rows of keys and values: the
 * trained ones as [L, P], then each text's first layer as [R, P].
 */
final class PrefixCarrier implements PromptStrategy, LayerInserts {
    private final StrategyContext context;
    private final Kernels kernels;
    private final double scale;
    private final int prefixes;
    private final int numLayers;
    private final int width;
    private final TextSlots slots;
    private final MemorySegment table;
    private final MemorySegment dTable;
    private final MemorySegment layered;
    private final MemorySegment dLayered;
    private final MemorySegment rows;
    private final MemorySegment added;

    PrefixCarrier(StrategyContext context, IptConfig config) {
        this.context = context;
        kernels = context.kernels();
        scale = config.instanceScale();
        prefixes = config.slots();
        numLayers = context.backbone().numLayers();
        width = 2 * context.backbone().hiddenSize();
        slots = new TextSlots(context, config, null);
        table = context.value(IptConfig.PREFIXES);
        dTable = context.gradient(IptConfig.PREFIXES);
        long trained = (long) numLayers * prefixes * width;
        layered = context.shared(trained);
        dLayered = context.scratch(trained);
        rows = context.scratch(trained + (long) context.maxRows() * prefixes * width);
        added = context.local(prefixes * width);
    }

    @Override
    public void prepare() {
        for (int p = 0; p < prefixes; p++) {
            for (int l = 0; l < numLayers; l++) {
                kernels.rows().copy(1, width, table, (long) p * numLayers + l, layered, (long) l * prefixes + p);
            }
        }
    }

    @Override
    public @Nullable MemorySegment prompts(int m) {
        RowKernels k = kernels.rows();
        MemorySegment own = slots.forward(m);
        k.copy(numLayers * prefixes, width, layered, 0, rows, 0);
        for (int i = 0; i < m; i++) {
            k.copy(prefixes, width, layered, 0, added, (long) i * prefixes);
        }
        k.axpby((long) m * prefixes * width, scale, own, 1, added);
        k.copy(m * prefixes, width, added, 0, rows, (long) numLayers * prefixes);
        return null;
    }

    @Override
    public LayerInserts inserts() {
        return this;
    }

    @Override
    public int numPrefixes() {
        return prefixes;
    }

    @Override
    public MemorySegment prefixes() {
        return rows;
    }

    @Override
    public long prefixRow(int sequence, int layer) {
        return (layer > 0 ? layer : (long) numLayers + sequence) * prefixes;
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
    public void backward(int m) {
        RowKernels k = kernels.rows();
        for (int i = 0; i < m; i++) {
            k.copy(
                    prefixes,
                    width,
                    context.dPrefixes(),
                    (long) i * numLayers * prefixes,
                    slots.dSlots(),
                    (long) i * prefixes);
        }
        k.axpby((long) m * prefixes * width, scale, slots.dSlots(), 0, slots.dSlots());
        slots.backward(m);
    }

    @Override
    public void gradients(int b) {
        RowKernels k = kernels.rows();
        k.columnSums(b, numLayers * prefixes * width, 1, context.dPrefixes(), 0, dLayered);
        for (int p = 0; p < prefixes; p++) {
            for (int l = 0; l < numLayers; l++) {
                k.copy(1, width, dLayered, (long) l * prefixes + p, dTable, (long) p * numLayers + l);
            }
        }
        slots.gradients(b);
    }
}
