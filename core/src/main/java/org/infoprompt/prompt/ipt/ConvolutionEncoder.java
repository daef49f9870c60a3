package org.infoprompt.prompt.ipt;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Kernels;
import org.infoprompt.prompt.Elements;
import org.infoprompt.prompt.LinearLayer;
import org.infoprompt.prompt.StrategyContext;

/**
 * Three filters over 3, 4 and 5 rows, ReLU, the maximum over all places, linear. Filters are stacked as [12, D]: one product gives
 * every row's share, and a place's value is the sum along a diagonal. Rows past the text's end count as zero.
 */
final class ConvolutionEncoder implements TokenEncoder {
    static final int NUM_FEATURES = 3;
    static final int NUM_ROWS = 12;
    static final int SMALLEST = 3;

    private final Kernels kernels;
    private final Elements elements;
    private final int maxTokens;
    private final int d;
    private final LinearLayer linear;
    private final MemorySegment weight;
    private final MemorySegment dWeight;
    private final MemorySegment bias;
    private final MemorySegment dBias;
    private final MemorySegment shares;
    private final MemorySegment dShares;
    private final MemorySegment features;
    private final MemorySegment dFeatures;
    private final int[] places;

    ConvolutionEncoder(StrategyContext context, int maxTokens, int width) {
        kernels = context.kernels();
        elements = new Elements(context.dtype(), context.kernels());
        this.maxTokens = maxTokens;
        d = context.backbone().hiddenSize();
        linear = new LinearLayer(context, IptConfig.LINEAR, width, NUM_FEATURES);
        weight = context.value(IptConfig.CONVOLUTION + ".weight");
        dWeight = context.gradient(IptConfig.CONVOLUTION + ".weight");
        bias = context.value(IptConfig.CONVOLUTION + ".bias");
        dBias = context.gradient(IptConfig.CONVOLUTION + ".bias");
        shares = context.local(maxTokens * NUM_ROWS);
        dShares = context.saved(maxTokens * NUM_ROWS);
        features = context.saved(NUM_FEATURES);
        dFeatures = context.saved(NUM_FEATURES);
        places = new int[context.maxRows() * NUM_FEATURES];
    }

    /** First of a filter's rows among the stacked ones. */
    private static int firstRow(int feature) {
        return feature == 0 ? 0 : feature == 1 ? 3 : 7;
    }

    @Override
    public void forward(int m, Lengths lengths, MemorySegment rows, MemorySegment out) {
        kernels.matmul().gemm(false, true, m * maxTokens, NUM_ROWS, d, 1, rows, weight, 0, shares);
        for (int i = 0; i < m; i++) {
            int count = lengths.of(i);
            for (int f = 0; f < NUM_FEATURES; f++) {
                int size = SMALLEST + f;
                double best = Double.NEGATIVE_INFINITY;
                for (int place = 0; place <= Math.max(0, count - size); place++) {
                    double value = elements.get(bias, f);
                    for (int j = 0; j < size && place + j < count; j++) {
                        value += elements.get(shares, share(i, place + j, firstRow(f) + j));
                    }
                    if (value > best) {
                        best = value;
                        places[i * NUM_FEATURES + f] = place;
                    }
                }
                elements.set(features, (long) i * NUM_FEATURES + f, Math.max(0, best));
            }
        }
        linear.forward(m, features, out);
    }

    private long share(int example, int row, int filterRow) {
        return ((long) example * maxTokens + row) * NUM_ROWS + filterRow;
    }

    @Override
    public void backward(int m, Lengths lengths, MemorySegment dOut, MemorySegment dRows) {
        linear.backward(m, dOut, dFeatures);
        kernels.rows().fill((long) m * maxTokens * NUM_ROWS, 0, dShares);
        for (int i = 0; i < m; i++) {
            int count = lengths.of(i);
            for (int f = 0; f < NUM_FEATURES; f++) {
                long at = (long) i * NUM_FEATURES + f;
                if (!(elements.get(features, at) > 0)) {
                    elements.set(dFeatures, at, 0);
                    continue;
                }
                double gradient = elements.get(dFeatures, at);
                int place = places[i * NUM_FEATURES + f];
                for (int j = 0; j < SMALLEST + f && place + j < count; j++) {
                    elements.set(dShares, share(i, place + j, firstRow(f) + j), gradient);
                }
            }
        }
        kernels.matmul().gemm(false, false, m * maxTokens, d, NUM_ROWS, 1, dShares, weight, 0, dRows);
    }

    @Override
    public void gradients(int b, MemorySegment rows, MemorySegment dOut) {
        linear.gradients(b, dOut, features);
        kernels.matmul().gemm(true, false, NUM_ROWS, d, b * maxTokens, 1, dShares, rows, 0, dWeight);
        kernels.rows().columnSums(b, NUM_FEATURES, 1, dFeatures, 0, dBias);
    }
}
