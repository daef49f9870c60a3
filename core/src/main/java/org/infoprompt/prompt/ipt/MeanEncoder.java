package org.infoprompt.prompt.ipt;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.prompt.LinearLayer;
import org.infoprompt.prompt.StrategyContext;

/** Mean of the rows, linear, ReLU. */
final class MeanEncoder implements TokenEncoder {
    private final Kernels kernels;
    private final int maxTokens;
    private final int d;
    private final int width;
    private final LinearLayer linear;
    private final MemorySegment means;
    private final MemorySegment dMeans;
    private final MemorySegment pre;
    private final MemorySegment dPre;
    private final MemorySegment group;
    private final MemorySegment one;

    MeanEncoder(StrategyContext context, int maxTokens, int width) {
        kernels = context.kernels();
        this.maxTokens = maxTokens;
        this.width = width;
        d = context.backbone().hiddenSize();
        linear = new LinearLayer(context, IptConfig.LINEAR, width, d);
        means = context.saved(d);
        dMeans = context.local(d);
        pre = context.local(width);
        dPre = context.saved(width);
        group = context.scratch((long) maxTokens * d);
        one = context.scratch(d);
    }

    @Override
    public void forward(int m, Lengths lengths, MemorySegment rows, MemorySegment out) {
        RowKernels k = kernels.rows();
        for (int i = 0; i < m; i++) {
            int count = lengths.of(i);
            k.copy(count, d, rows, (long) i * maxTokens, group, 0);
            k.groupMean(1, count, d, group, one);
            k.copy(1, d, one, 0, means, i);
        }
        linear.forward(m, means, pre);
        kernels.activation().forward(m * width, Activation.RELU, pre, out);
    }

    @Override
    public void backward(int m, Lengths lengths, MemorySegment dOut, MemorySegment dRows) {
        RowKernels k = kernels.rows();
        kernels.activation().backward(m * width, Activation.RELU, pre, dOut, dPre);
        linear.backward(m, dPre, dMeans);
        k.fill((long) m * maxTokens * d, 0, dRows);
        for (int i = 0; i < m; i++) {
            int count = lengths.of(i);
            k.copy(1, d, dMeans, i, one, 0);
            k.fill((long) count * d, 0, group);
            k.groupSpread(1, count, d, 1.0 / count, one, group);
            k.copy(count, d, group, 0, dRows, (long) i * maxTokens);
        }
    }

    @Override
    public void gradients(int b, MemorySegment rows, MemorySegment dOut) {
        linear.gradients(b, dPre, means);
    }
}
