package org.infoprompt.prompt.idpg;

import java.lang.foreign.MemorySegment;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.model.PackedRows;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.StrategyContext;
import org.jspecify.annotations.Nullable;

/**
 * The generator at the input and, for M-IDPG, after every layer but the last. Place 0 is the input, place l+1 what follows layer
 * l. A generator that reads the sentence everywhere runs once; its gradient is the sum over all places.
 */
final class IdpgStrategy implements PromptStrategy, LayerInserts {
    private final StrategyContext context;
    private final Kernels kernels;
    private final int d;
    private final int slots;
    private final int width;
    private final int bottleneck;
    private final int numPlaces;
    private final boolean current;
    private final boolean multi;
    private final Generator down;
    private final Generator up;
    private final MemorySegment downBias;
    private final MemorySegment dDownBias;
    private final MemorySegment[] biases;
    private final MemorySegment[] dBiases;
    private final MemorySegment[] read;
    private final MemorySegment[] pre;
    private final MemorySegment[] active;
    private final MemorySegment[] dPre;
    private final MemorySegment[] dOut;
    private final MemorySegment out;
    private final MemorySegment sum;
    private final MemorySegment generated;
    private final MemorySegment addend;
    private final MemorySegment dRead;
    private final MemorySegment[] dMatrices;
    private int examples;

    IdpgStrategy(StrategyContext context, IdpgConfig config) {
        this.context = context;
        kernels = context.kernels();
        d = context.backbone().hiddenSize();
        slots = config.slots();
        width = slots * d;
        bottleneck = config.bottleneck();
        multi = config.isMulti();
        numPlaces = multi ? context.backbone().numLayers() : 1;
        current = multi && config.source() == IdpgConfig.Source.CURRENT;
        int n = config.order();
        if (config.generator() == IdpgConfig.Kind.PHM) {
            String shared = config.sharedFactors() ? IdpgConfig.FACTORS : "";
            String downFactors = shared.isEmpty() ? IdpgConfig.FACTORS + ".down" : shared;
            String upFactors = shared.isEmpty() ? IdpgConfig.FACTORS + ".up" : shared;
            dMatrices = gradients(context, downFactors, upFactors, IdpgConfig.DOWN, IdpgConfig.UP);
            down = new KroneckerMatrix(context, downFactors, IdpgConfig.DOWN, n, bottleneck, d);
            up = new KroneckerMatrix(context, upFactors, IdpgConfig.UP, n, width, bottleneck);
        } else {
            dMatrices = gradients(context, IdpgConfig.DOWN, IdpgConfig.UP);
            down = new DenseMatrix(context, IdpgConfig.DOWN, bottleneck, d);
            up = new DenseMatrix(context, IdpgConfig.UP, width, bottleneck);
        }
        downBias = context.value(IdpgConfig.DOWN_BIAS);
        dDownBias = context.gradient(IdpgConfig.DOWN_BIAS);
        biases = places(context.value(multi ? IdpgConfig.LAYER_BIAS : IdpgConfig.UP_BIAS));
        dBiases = places(context.gradient(multi ? IdpgConfig.LAYER_BIAS : IdpgConfig.UP_BIAS));
        int runs = current ? numPlaces : 1;
        read = new MemorySegment[runs];
        pre = new MemorySegment[runs];
        active = new MemorySegment[runs];
        dPre = new MemorySegment[runs];
        for (int i = 0; i < runs; i++) {
            read[i] = i == 0 ? context.sentences() : context.saved(d);
            pre[i] = context.local(bottleneck);
            active[i] = context.saved(bottleneck);
            dPre[i] = context.saved(bottleneck);
        }
        dOut = new MemorySegment[numPlaces];
        for (int i = 0; i < numPlaces; i++) {
            dOut[i] = i == 0 ? context.dPrompts() : context.saved(width);
        }
        out = context.local(width);
        generated = multi ? context.local(width) : out;
        boolean summed = multi && !current;
        sum = summed ? context.saved(width) : dOut[0];
        addend = summed ? context.local(width) : generated;
        dRead = current ? context.local(d) : MemorySegment.NULL;
    }

    private static MemorySegment[] gradients(StrategyContext context, String... names) {
        MemorySegment[] gradients = new MemorySegment[names.length];
        for (int i = 0; i < names.length; i++) {
            gradients[i] = context.gradient(names[i]);
        }
        return gradients;
    }

    private MemorySegment[] places(MemorySegment rows) {
        MemorySegment[] places = new MemorySegment[numPlaces];
        long bytes = (long) width * context.dtype().bytes();
        for (int i = 0; i < numPlaces; i++) {
            places[i] = rows.asSlice(i * bytes, bytes);
        }
        return places;
    }

    @Override
    public void prepare() {
        down.prepare();
        up.prepare();
    }

    @Override
    public MemorySegment prompts(int m) {
        examples = m;
        generate(m, 0, generated);
        if (multi) {
            kernels.rows().copy(m, width, generated, 0, out, 0);
        }
        kernels.rows().addBias(m, width, biases[0], out);
        return out;
    }

    private void generate(int m, int run, MemorySegment to) {
        down.forward(m, read[run], pre[run]);
        kernels.rows().addBias(m, bottleneck, downBias, pre[run]);
        kernels.activation().forward(m * bottleneck, Activation.GELU_ERF, pre[run], active[run]);
        up.forward(m, active[run], to);
    }

    @Override
    public @Nullable LayerInserts inserts() {
        return multi ? this : null;
    }

    @Override
    public void afterLayer(int layer, PackedRows packed, MemorySegment x) {
        RowKernels rows = kernels.rows();
        int m = examples;
        if (current) {
            rows.gather(m, d, x, packed.starts(), read[layer + 1]);
            generate(m, layer + 1, generated);
            rows.addBias(m, width, biases[layer + 1], generated);
            rows.scatterAdd(m * slots, d, generated, packed.gradientRows(), x);
        } else {
            rows.copy(m, width, generated, 0, addend, 0);
            rows.addBias(m, width, biases[layer + 1], addend);
            rows.scatterAdd(m * slots, d, addend, packed.gradientRows(), x);
        }
    }

    @Override
    public void afterLayerBackward(int layer, PackedRows packed, MemorySegment dX) {
        RowKernels rows = kernels.rows();
        int m = examples;
        MemorySegment to = dOut[layer + 1];
        rows.gather(m * slots, d, dX, packed.gradientRows(), to);
        if (current) {
            generateBackward(m, layer + 1, to);
            down.backward(m, dPre[layer + 1], dRead);
            rows.scatterAdd(m, d, dRead, packed.starts(), dX);
        }
    }

    private void generateBackward(int m, int run, MemorySegment from) {
        up.backward(m, from, dPre[run]);
        kernels.activation().backward(m * bottleneck, Activation.GELU_ERF, pre[run], dPre[run], dPre[run]);
    }

    @Override
    public void backward(int m) {
        if (multi && !current) {
            kernels.rows().copy(m, width, dOut[0], 0, sum, 0);
            for (int i = 1; i < numPlaces; i++) {
                kernels.rows().axpby((long) m * width, 1, dOut[i], 1, sum);
            }
        }
        generateBackward(m, 0, sum);
    }

    @Override
    public void gradients(int b) {
        RowKernels rows = kernels.rows();
        for (int i = 0; i < numPlaces; i++) {
            rows.columnSums(b, width, 1, dOut[i], 0, dBiases[i]);
        }
        for (MemorySegment gradient : dMatrices) {
            rows.fill(gradient.byteSize() / context.dtype().bytes(), 0, gradient);
        }
        for (int run = 0; run < read.length; run++) {
            MemorySegment from = run == 0 ? sum : dOut[run];
            up.gradients(b, from, active[run]);
            down.gradients(b, dPre[run], read[run]);
            rows.columnSums(b, bottleneck, 1, dPre[run], run == 0 ? 0 : 1, dDownBias);
        }
    }
}
