package org.infoprompt.prompt.ipt;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.prompt.Elements;
import org.infoprompt.prompt.LinearLayer;
import org.infoprompt.prompt.Lstm;
import org.infoprompt.prompt.StrategyContext;

/**
 * Two bidirectional LSTM layers, the last state of each direction, linear. (The published code takes the output at index 0, which
 * is a row or an example, depending on the layout.)
 */
final class LstmEncoder implements TokenEncoder {
    private static final int DIRECTIONS = 2;

    private final Kernels kernels;
    private final Elements elements;
    private final int maxTokens;
    private final int h;
    private final LinearLayer linear;
    private final Lstm[][] lstm = new Lstm[IptConfig.LSTM_LAYERS][DIRECTIONS];
    private final MemorySegment[][] gates = new MemorySegment[IptConfig.LSTM_LAYERS][DIRECTIONS];
    private final MemorySegment[][] before = new MemorySegment[IptConfig.LSTM_LAYERS][DIRECTIONS];
    private final MemorySegment[][] cells = new MemorySegment[IptConfig.LSTM_LAYERS][DIRECTIONS];
    private final MemorySegment[] hidden = new MemorySegment[IptConfig.LSTM_LAYERS];
    private final MemorySegment features;
    private final MemorySegment dFeatures;
    private final MemorySegment dHidden;
    private final MemorySegment zeros;

    LstmEncoder(StrategyContext context, int maxTokens, int h, int width) {
        kernels = context.kernels();
        elements = new Elements(context.dtype(), context.kernels());
        this.maxTokens = maxTokens;
        this.h = h;
        linear = new LinearLayer(context, IptConfig.LINEAR, width, 2 * h);
        for (int l = 0; l < IptConfig.LSTM_LAYERS; l++) {
            int in = l == 0 ? context.backbone().hiddenSize() : 2 * h;
            for (int way = 0; way < DIRECTIONS; way++) {
                lstm[l][way] = new Lstm(context, IptConfig.LSTM, l, way == 1, in, h);
                gates[l][way] = context.saved(maxTokens * 4 * h);
                before[l][way] = context.saved(maxTokens * h);
                cells[l][way] = context.local(maxTokens * h);
            }
            hidden[l] = context.saved(maxTokens * 2 * h);
        }
        features = context.saved(2 * h);
        dFeatures = context.local(2 * h);
        dHidden = context.local(maxTokens * 2 * h);
        zeros = context.scratch(4L * h);
    }

    @Override
    public void forward(int m, Lengths lengths, MemorySegment rows, MemorySegment out) {
        RowKernels k = kernels.rows();
        MemorySegment input = rows;
        for (int l = 0; l < IptConfig.LSTM_LAYERS; l++) {
            k.fill((long) m * maxTokens * 2 * h, 0, hidden[l]);
            for (int way = 0; way < DIRECTIONS; way++) {
                k.fill((long) m * maxTokens * h, 0, before[l][way]);
                lstm[l][way].inputs(m * maxTokens, input, gates[l][way]);
                for (int i = 0; i < m; i++) {
                    lstm[l][way].forward(
                            i * maxTokens, lengths.of(i), gates[l][way], cells[l][way], before[l][way], hidden[l]);
                }
            }
            input = hidden[l];
        }
        for (int i = 0; i < m; i++) {
            ends(i, lengths.of(i), input, features, false);
        }
        linear.forward(m, features, out);
    }

    /** Copies an example's last state of each direction, from states to ends or back. */
    private void ends(int example, int length, MemorySegment states, MemorySegment ends, boolean back) {
        for (int j = 0; j < 2 * h; j++) {
            long row = (long) example * maxTokens + (j < h ? length - 1 : 0);
            long state = row * 2 * h + j;
            long end = (long) example * 2 * h + j;
            if (back) {
                elements.set(states, state, elements.get(ends, end));
            } else {
                elements.set(ends, end, elements.get(states, state));
            }
        }
    }

    @Override
    public void backward(int m, Lengths lengths, MemorySegment dOut, MemorySegment dRows) {
        RowKernels k = kernels.rows();
        linear.backward(m, dOut, dFeatures);
        k.fill((long) m * maxTokens * 2 * h, 0, dHidden);
        for (int i = 0; i < m; i++) {
            ends(i, lengths.of(i), dHidden, dFeatures, true);
        }
        for (int l = IptConfig.LSTM_LAYERS - 1; l >= 0; l--) {
            for (int way = 0; way < DIRECTIONS; way++) {
                for (int i = 0; i < m; i++) {
                    int first = i * maxTokens;
                    lstm[l][way].backward(first, lengths.of(i), gates[l][way], cells[l][way], dHidden);
                    clear(gates[l][way], first + lengths.of(i), first + maxTokens);
                }
            }
            for (int way = 0; way < DIRECTIONS; way++) {
                MemorySegment dInput = l == 0 ? dRows : dHidden;
                lstm[l][way].inputsBackward(m * maxTokens, gates[l][way], way, dInput);
            }
        }
    }

    /** What the inputs' share left in rows of no token must not reach any sum. */
    private void clear(MemorySegment dGates, int from, int to) {
        for (int row = from; row < to; row++) {
            kernels.rows().copy(1, 4 * h, zeros, 0, dGates, row);
        }
    }

    @Override
    public void gradients(int b, MemorySegment rows, MemorySegment dOut) {
        linear.gradients(b, dOut, features);
        for (int l = 0; l < IptConfig.LSTM_LAYERS; l++) {
            for (int way = 0; way < DIRECTIONS; way++) {
                MemorySegment input = l == 0 ? rows : hidden[0];
                lstm[l][way].gradients(b * maxTokens, gates[l][way], input, before[l][way]);
            }
        }
    }
}
