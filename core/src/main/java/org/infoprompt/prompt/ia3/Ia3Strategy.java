package org.infoprompt.prompt.ia3;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.model.LinearAdapters;
import org.infoprompt.prompt.AdaptedLinear;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.StrategyContext;
import org.jspecify.annotations.Nullable;

/** Scales the encoder's rows at the target layers, and collects the factors' gradients example by example. */
final class Ia3Strategy implements PromptStrategy, LayerInserts, LinearAdapters {
    /** Factors and where their gradients stand among an example's. */
    private record Place(ColumnFactors factors, int offset) {}

    private final StrategyContext context;
    private final List<Map<Product, List<Place>>> layers = new ArrayList<>();
    private final List<Place> all = new ArrayList<>();
    private final Set<Product> changed = EnumSet.noneOf(Product.class);
    private final int width;
    private final MemorySegment saved;
    private final MemorySegment sums;

    Ia3Strategy(StrategyContext context, Ia3Config config) {
        this.context = context;
        BackboneShape backbone = context.backbone();
        int d = backbone.hiddenSize();
        int size = 0;
        for (int l = 0; l < backbone.numLayers(); l++) {
            boolean last = l == backbone.numLayers() - 1;
            Map<Product, List<Place>> products = new EnumMap<>(Product.class);
            for (AdaptedLinear target : config.targets()) {
                int own = Ia3Config.size(target, backbone);
                Product product = target.product(last);
                int stride = Ia3Config.scalesInput(target) ? own : (last ? 2 : 3) * d;
                int column = Ia3Config.scalesInput(target) ? 0 : target.column(d, last);
                ColumnFactors factors = new ColumnFactors(context, Ia3Config.factors(target, l), stride, column, own);
                Place place = new Place(factors, size);
                products.computeIfAbsent(product, p -> new ArrayList<>()).add(place);
                all.add(place);
                changed.add(product);
                size = Math.addExact(size, own);
            }
            layers.add(products);
        }
        width = size;
        saved = context.saved(context.isTraining() ? width : 0);
        sums = context.scratch(context.isTraining() ? width : 0);
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

    private static boolean scalesInput(Product product) {
        return product == Product.ATTENTION_OUTPUT || product == Product.OUTPUT;
    }

    @Override
    public void input(int layer, Product product, int n, int[] starts, MemorySegment x, boolean keep) {
        if (scalesInput(product)) {
            scale(layer, product, n, starts, x, keep);
        }
    }

    @Override
    public void output(
            int layer, Product product, int n, int[] starts, MemorySegment x, MemorySegment y, boolean keep) {
        if (!scalesInput(product)) {
            scale(layer, product, n, starts, y, keep);
        }
    }

    private void scale(int layer, Product product, int n, int[] starts, MemorySegment rows, boolean keep) {
        List<Place> places = layers.get(layer).get(product);
        for (int p = 0; places != null && p < places.size(); p++) {
            places.get(p).factors.scale(starts[n], rows, keep);
        }
    }

    @Override
    public void outputBackward(int layer, Product product, int n, int[] starts, MemorySegment dY) {
        if (!scalesInput(product)) {
            backward(layer, product, n, starts, dY);
        }
    }

    @Override
    public void inputBackward(
            int layer, Product product, int n, int[] starts, MemorySegment dY, @Nullable MemorySegment dX) {
        if (scalesInput(product) && dX != null) {
            backward(layer, product, n, starts, dX);
        }
    }

    private void backward(int layer, Product product, int n, int[] starts, MemorySegment rows) {
        List<Place> places = layers.get(layer).get(product);
        for (int p = 0; places != null && p < places.size(); p++) {
            Place place = places.get(p);
            for (int i = 0; i < n; i++) {
                place.factors.backward(starts[i], starts[i + 1], rows, saved, (long) i * width + place.offset);
            }
        }
    }

    @Override
    public void gradients(int b) {
        context.kernels().rows().columnSums(b, width, 1, saved, 0, sums);
        for (int p = 0; p < all.size(); p++) {
            all.get(p).factors.spread(sums, all.get(p).offset);
        }
    }
}
