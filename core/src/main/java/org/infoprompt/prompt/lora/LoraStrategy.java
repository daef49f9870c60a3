package org.infoprompt.prompt.lora;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.model.LinearAdapters;
import org.infoprompt.prompt.AdaptedLinear;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.StrategyContext;
import org.infoprompt.tensor.DType;
import org.jspecify.annotations.Nullable;

/** Adds the low-rank changes to the encoder's products; keeps their inputs and collects gradients example by example. */
final class LoraStrategy implements PromptStrategy, LayerInserts, LinearAdapters {
    private final StrategyContext context;
    private final double scale;
    private final List<Map<Product, LoraProduct>> layers = new ArrayList<>();
    private final List<Map<Product, Integer>> offsets = new ArrayList<>();
    private final Set<Product> changed = EnumSet.noneOf(Product.class);
    private final int width;
    private final MemorySegment inner;
    private final LoraScratch own;
    private final MemorySegment saved;
    private final MemorySegment sums;

    LoraStrategy(StrategyContext context, LoraConfig config) {
        this.context = context;
        scale = config.scale();
        int numLayers = context.backbone().numLayers();
        int size = 0;
        int rank = 0;
        int rows = 0;
        for (int l = 0; l < numLayers; l++) {
            boolean last = l == numLayers - 1;
            Map<Product, List<AdaptedLinear>> groups = new EnumMap<>(Product.class);
            for (AdaptedLinear target : config.targets()) {
                groups.computeIfAbsent(target.product(last), product -> new ArrayList<>())
                        .add(target);
            }
            Map<Product, LoraProduct> products = new EnumMap<>(Product.class);
            Map<Product, Integer> places = new EnumMap<>(Product.class);
            for (Map.Entry<Product, List<AdaptedLinear>> group : groups.entrySet()) {
                LoraProduct product = new LoraProduct(context, l, last, config.rank(), group.getValue());
                products.put(group.getKey(), product);
                places.put(group.getKey(), size);
                size = Math.addExact(size, product.gradientSize());
                rank = Math.max(rank, product.rank());
                rows = Math.max(rows, Math.max(product.inputSize(), product.outputSize()));
                changed.add(group.getKey());
            }
            layers.add(products);
            offsets.add(places);
        }
        width = size;
        inner = context.encoderRows(rank);
        boolean training = context.isTraining();
        own = new LoraScratch(
                context.encoderRows(training ? rank : 0),
                context.encoderRows(training ? rows : 0),
                context.scratch(training ? (long) rank * rows : 0));
        saved = context.saved(training ? width : 0);
        sums = context.scratch(training ? width : 0);
    }

    static double get(DType dtype, MemorySegment values, long index) {
        return dtype == DType.F64
                ? values.getAtIndex(ValueLayout.JAVA_DOUBLE, index)
                : values.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    static void set(DType dtype, MemorySegment values, long index, double value) {
        if (dtype == DType.F64) {
            values.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
        } else {
            values.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
        }
    }

    @Override
    public void prepare() {
        for (Map<Product, LoraProduct> products : layers) {
            for (LoraProduct product : products.values()) {
                product.prepare(scale);
            }
        }
    }

    @Override
    public @Nullable MemorySegment prompts(int m) {
        return null;
    }

    @Override
    public LayerInserts inserts() {
        return this;
    }

    @Override
    public LinearAdapters adapters() {
        return this;
    }

    @Override
    public boolean changes(Product product) {
        return changed.contains(product);
    }

    @Override
    public void output(
            int layer, Product product, int n, int[] starts, MemorySegment x, MemorySegment y, boolean keep) {
        LoraProduct adapted = layers.get(layer).get(product);
        if (adapted != null) {
            adapted.forward(starts[n], x, y, keep, inner);
        }
    }

    @Override
    public void inputBackward(
            int layer, Product product, int n, int[] starts, MemorySegment dY, @Nullable MemorySegment dX) {
        LoraProduct adapted = layers.get(layer).get(product);
        Integer offset = offsets.get(layer).get(product);
        if (adapted == null || offset == null) {
            return;
        }
        adapted.backward(starts[n], dY, dX, inner);
        for (int i = 0; i < n; i++) {
            long at = (long) i * width + offset;
            adapted.collect(starts[i], starts[i + 1] - starts[i], dY, inner, scale, own, saved, at);
        }
    }

    @Override
    public void gradients(int b) {
        context.kernels().rows().columnSums(b, width, 1, saved, 0, sums);
        for (int l = 0; l < layers.size(); l++) {
            for (Map.Entry<Product, LoraProduct> entry : layers.get(l).entrySet()) {
                Integer offset = offsets.get(l).get(entry.getKey());
                if (offset != null) {
                    entry.getValue().spread(sums, offset);
                }
            }
        }
    }
}
