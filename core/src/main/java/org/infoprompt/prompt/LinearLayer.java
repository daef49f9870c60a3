package org.infoprompt.prompt;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.infoprompt.ops.Kernels;
import org.infoprompt.tensor.Shape;

/**
 * A trained linear layer with bias, y = x·Wᵀ + b, over parameters {@code NAME.weight} [out, in] and {@code NAME.bias} [out], with
 * its gradients: PyTorch's layout.
 */
public final class LinearLayer {
    private final Kernels kernels;
    private final int out;
    private final int in;
    private final MemorySegment weight;
    private final MemorySegment bias;
    private final MemorySegment dWeight;
    private final MemorySegment dBias;

    /**
     * Opens a layer.
     *
     * @param context holds the parameters
     * @param name the layer
     * @param out outputs
     * @param in inputs
     */
    public LinearLayer(StrategyContext context, String name, int out, int in) {
        kernels = context.kernels();
        this.out = out;
        this.in = in;
        weight = context.value(name + ".weight");
        bias = context.value(name + ".bias");
        dWeight = context.gradient(name + ".weight");
        dBias = context.gradient(name + ".bias");
    }

    /**
     * Adds a layer's parameters to a list of shapes.
     *
     * @param shapes the list
     * @param name the layer
     * @param out outputs
     * @param in inputs
     */
    public static void declare(Map<String, Shape> shapes, String name, long out, long in) {
        shapes.put(name + ".weight", Shape.of(out, in));
        shapes.put(name + ".bias", Shape.of(out));
    }

    /**
     * y = x·Wᵀ + b.
     *
     * @param m rows
     * @param x [m, in]
     * @param y [m, out], overwritten
     */
    public void forward(int m, MemorySegment x, MemorySegment y) {
        kernels.matmul().gemm(false, true, m, out, in, 1, x, weight, 0, y);
        kernels.rows().addBias(m, out, bias, y);
    }

    /**
     * dx = dy·W.
     *
     * @param m rows
     * @param dy [m, out]
     * @param dx [m, in], overwritten
     */
    public void backward(int m, MemorySegment dy, MemorySegment dx) {
        kernels.matmul().gemm(false, false, m, in, out, 1, dy, weight, 0, dx);
    }

    /**
     * dW = dyᵀ·x, db = Σ dy, overwritten.
     *
     * @param m rows
     * @param dy [m, out]
     * @param x [m, in]
     */
    public void gradients(int m, MemorySegment dy, MemorySegment x) {
        kernels.matmul().gemm(true, false, out, in, m, 1, dy, x, 0, dWeight);
        kernels.rows().columnSums(m, out, 1, dy, 0, dBias);
    }
}
