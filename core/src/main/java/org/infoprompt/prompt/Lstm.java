package org.infoprompt.prompt;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.infoprompt.ops.Kernels;
import org.infoprompt.tensor.Shape;

/**
 * One direction of one LSTM layer as in PyTorch: gates i, f, g, o in parameters {@code weight_ih} [4h, in], {@code weight_hh} [4h,
 * h], {@code bias_ih} and {@code bias_hh} [4h]; start state zero. Sequences are rows [rows, width] of buffers that the caller
 * owns and keeps from the forward to the backward pass; hidden states are written into a column of wider rows, so that both
 * directions share one buffer.
 *
 * <p>Source: Hochreiter and Schmidhuber 1997; gate order and biases as in {@code torch.nn.LSTM}.
 */
public final class Lstm {
    private final Kernels kernels;
    private final Elements elements;
    private final int in;
    private final int h;
    private final int column;
    private final int stride;
    private final boolean reverse;
    private final MemorySegment inputWeight;
    private final MemorySegment hiddenWeight;
    private final MemorySegment inputBias;
    private final MemorySegment hiddenBias;
    private final MemorySegment dInputWeight;
    private final MemorySegment dHiddenWeight;
    private final MemorySegment dInputBias;
    private final MemorySegment dHiddenBias;
    private final MemorySegment state;
    private final MemorySegment recurrent;
    private final MemorySegment dCell;
    private final MemorySegment dState;

    /**
     * Opens a direction.
     *
     * @param context parameters and memory
     * @param module name of the LSTM
     * @param layer number of the layer
     * @param reverse whether sequences are read from their end
     * @param in input width
     * @param h hidden width; hidden rows are 2h wide, the reverse direction has their second half
     */
    public Lstm(StrategyContext context, String module, int layer, boolean reverse, int in, int h) {
        kernels = context.kernels();
        elements = new Elements(context.dtype(), context.kernels());
        this.in = in;
        this.h = h;
        this.reverse = reverse;
        column = reverse ? h : 0;
        stride = 2 * h;
        String end = end(layer, reverse);
        inputWeight = context.value(module + ".weight_ih" + end);
        hiddenWeight = context.value(module + ".weight_hh" + end);
        inputBias = context.value(module + ".bias_ih" + end);
        hiddenBias = context.value(module + ".bias_hh" + end);
        dInputWeight = context.gradient(module + ".weight_ih" + end);
        dHiddenWeight = context.gradient(module + ".weight_hh" + end);
        dInputBias = context.gradient(module + ".bias_ih" + end);
        dHiddenBias = context.gradient(module + ".bias_hh" + end);
        state = context.scratch(h);
        recurrent = context.scratch(4L * h);
        dCell = context.scratch(h);
        dState = context.scratch(h);
    }

    private static String end(int layer, boolean reverse) {
        return "_l" + layer + (reverse ? "_reverse" : "");
    }

    /**
     * Adds the parameters of both directions.
     *
     * @param shapes the list
     * @param module name of the LSTM
     * @param layer number of the layer
     * @param in input width
     * @param h hidden width
     */
    public static void declare(Map<String, Shape> shapes, String module, int layer, long in, long h) {
        for (boolean reverse : new boolean[] {false, true}) {
            String end = end(layer, reverse);
            shapes.put(module + ".weight_ih" + end, Shape.of(4 * h, in));
            shapes.put(module + ".weight_hh" + end, Shape.of(4 * h, h));
            shapes.put(module + ".bias_ih" + end, Shape.of(4 * h));
            shapes.put(module + ".bias_hh" + end, Shape.of(4 * h));
        }
    }

    /**
     * Starts both directions as PyTorch does, U(±1/√h).
     *
     * @param start sets the values
     * @param module name of the LSTM
     * @param layer number of the layer
     * @param h hidden width
     */
    public static void initialize(PromptStart start, String module, int layer, int h) {
        for (boolean reverse : new boolean[] {false, true}) {
            for (String name : new String[] {".weight_ih", ".weight_hh", ".bias_ih", ".bias_hh"}) {
                start.uniform(module + name + end(layer, reverse), 1 / Math.sqrt(h));
            }
        }
    }

    /**
     * The input's share of all gates, for all sequences at once.
     *
     * @param rows rows of all sequences
     * @param x [rows, in]
     * @param gates [rows, 4h], overwritten; to be given to {@link #forward}
     */
    public void inputs(int rows, MemorySegment x, MemorySegment gates) {
        kernels.matmul().gemm(false, true, rows, 4 * h, in, 1, x, inputWeight, 0, gates);
        kernels.rows().addBias(rows, 4 * h, inputBias, gates);
        kernels.rows().addBias(rows, 4 * h, hiddenBias, gates);
    }

    /**
     * Runs one sequence.
     *
     * @param row its first row
     * @param steps its rows
     * @param gates [rows, 4h] as written by {@link #inputs}; holds the gates afterwards
     * @param cells [rows, h], receives the cell states
     * @param before [rows, h], receives the hidden state that each step started from
     * @param hidden [rows, 2h], receives the hidden states in this direction's half
     */
    public void forward(
            int row, int steps, MemorySegment gates, MemorySegment cells, MemorySegment before, MemorySegment hidden) {
        for (int s = 0; s < steps; s++) {
            int t = row + (reverse ? steps - 1 - s : s);
            int previous = reverse ? t + 1 : t - 1;
            for (int j = 0; j < h; j++) {
                elements.set(state, j, s == 0 ? 0 : elements.get(hidden, (long) previous * stride + column + j));
            }
            kernels.rows().copy(1, h, state, 0, before, t);
            if (s > 0) {
                kernels.matmul().gemm(false, true, 1, 4 * h, h, 1, state, hiddenWeight, 0, recurrent);
            } else {
                kernels.rows().fill(4L * h, 0, recurrent);
            }
            for (int j = 0; j < h; j++) {
                long g = (long) t * 4 * h + j;
                double i = sigmoid(elements.get(gates, g) + elements.get(recurrent, j));
                double f = sigmoid(elements.get(gates, g + h) + elements.get(recurrent, (long) h + j));
                double c = Math.tanh(elements.get(gates, g + 2L * h) + elements.get(recurrent, 2L * h + j));
                double o = sigmoid(elements.get(gates, g + 3L * h) + elements.get(recurrent, 3L * h + j));
                double kept = s == 0 ? 0 : elements.get(cells, (long) previous * h + j);
                double cell = f * kept + i * c;
                elements.set(gates, g, i);
                elements.set(gates, g + h, f);
                elements.set(gates, g + 2L * h, c);
                elements.set(gates, g + 3L * h, o);
                elements.set(cells, (long) t * h + j, cell);
                elements.set(hidden, (long) t * stride + column + j, o * Math.tanh(cell));
            }
        }
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /**
     * Carries gradients of one sequence's hidden states back to its gates.
     *
     * @param row its first row
     * @param steps its rows
     * @param gates [rows, 4h] as left by {@link #forward}; overwritten with the gradients before the activations
     * @param cells [rows, h] as written by {@link #forward}
     * @param dHidden [rows, 2h], gradient to the hidden states, this direction's half is read
     */
    public void backward(int row, int steps, MemorySegment gates, MemorySegment cells, MemorySegment dHidden) {
        kernels.rows().fill(h, 0, dCell);
        kernels.rows().fill(h, 0, dState);
        for (int s = steps - 1; s >= 0; s--) {
            int t = row + (reverse ? steps - 1 - s : s);
            int previous = reverse ? t + 1 : t - 1;
            for (int j = 0; j < h; j++) {
                long g = (long) t * 4 * h + j;
                double i = elements.get(gates, g);
                double f = elements.get(gates, g + h);
                double c = elements.get(gates, g + 2L * h);
                double o = elements.get(gates, g + 3L * h);
                double tanh = Math.tanh(elements.get(cells, (long) t * h + j));
                double kept = s == 0 ? 0 : elements.get(cells, (long) previous * h + j);
                double dh = elements.get(dHidden, (long) t * stride + column + j) + elements.get(dState, j);
                double dc = elements.get(dCell, j) + dh * o * (1 - tanh * tanh);
                elements.set(gates, g, dc * c * i * (1 - i));
                elements.set(gates, g + h, dc * kept * f * (1 - f));
                elements.set(gates, g + 2L * h, dc * i * (1 - c * c));
                elements.set(gates, g + 3L * h, dh * tanh * o * (1 - o));
                elements.set(dCell, j, dc * f);
            }
            kernels.rows().copy(1, 4 * h, gates, t, recurrent, 0);
            kernels.matmul().gemm(false, false, 1, h, 4 * h, 1, recurrent, hiddenWeight, 0, dState);
        }
    }

    /**
     * dx = or += dGates·W.
     *
     * @param rows rows of all sequences
     * @param dGates as left by {@link #backward}
     * @param keep 1 to add to dx, 0 to overwrite it
     * @param dx [rows, in]
     */
    public void inputsBackward(int rows, MemorySegment dGates, double keep, MemorySegment dx) {
        kernels.matmul().gemm(false, false, rows, in, 4 * h, 1, dGates, inputWeight, keep, dx);
    }

    /**
     * Overwrites the gradients of the parameters.
     *
     * @param rows rows of all sequences
     * @param dGates as left by {@link #backward}; zero in rows of no sequence
     * @param x [rows, in]
     * @param before [rows, h] as written by {@link #forward}
     */
    public void gradients(int rows, MemorySegment dGates, MemorySegment x, MemorySegment before) {
        kernels.matmul().gemm(true, false, 4 * h, in, rows, 1, dGates, x, 0, dInputWeight);
        kernels.matmul().gemm(true, false, 4 * h, h, rows, 1, dGates, before, 0, dHiddenWeight);
        kernels.rows().columnSums(rows, 4 * h, 1, dGates, 0, dInputBias);
        kernels.rows().columnSums(rows, 4 * h, 1, dGates, 0, dHiddenBias);
    }
}
