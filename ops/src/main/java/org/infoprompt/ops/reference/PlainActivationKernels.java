package org.infoprompt.ops.reference;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.ActivationKernels;
import org.infoprompt.ops.check.RowChecks;
import org.infoprompt.tensor.DType;

/** Activations one element at a time. */
public final class PlainActivationKernels implements ActivationKernels {
    private static final double TANH_SCALE = Math.sqrt(2 / Math.PI);
    private static final double TANH_CUBE = 0.044715;

    private final Elements e;

    /**
     * Creates the kernels.
     *
     * @param dtype F32 or F64
     */
    public PlainActivationKernels(DType dtype) {
        this.e = Elements.of(dtype);
    }

    @Override
    public void forward(int n, Activation activation, MemorySegment x, MemorySegment y) {
        RowChecks.elements(e.bytes(), n, "x", x);
        RowChecks.elements(e.bytes(), n, "y", y);
        for (int i = 0; i < n; i++) {
            e.set(y, i, value(activation, e.get(x, i)));
        }
    }

    @Override
    public void backward(int n, Activation activation, MemorySegment x, MemorySegment dy, MemorySegment dx) {
        RowChecks.elements(e.bytes(), n, "x", x);
        RowChecks.elements(e.bytes(), n, "dy", dy);
        RowChecks.elements(e.bytes(), n, "dx", dx);
        for (int i = 0; i < n; i++) {
            e.set(dx, i, e.get(dy, i) * slope(activation, e.get(x, i)));
        }
    }

    /**
     * {@return activation(x)}
     *
     * @param activation the function
     * @param x where
     */
    public static double value(Activation activation, double x) {
        return switch (activation) {
            case GELU_ERF -> x == Double.NEGATIVE_INFINITY ? -0.0 : x * normalCdf(x);
            case GELU_TANH -> x == Double.NEGATIVE_INFINITY ? -0.0 : x * logistic(2 * inner(x));
            case RELU -> x <= 0 ? 0 : x;
        };
    }

    /**
     * {@return activation'(x)}
     *
     * @param activation the function
     * @param x where
     */
    public static double slope(Activation activation, double x) {
        return switch (activation) {
            case GELU_ERF -> {
                double density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
                yield density == 0 ? normalCdf(x) : normalCdf(x) + x * density;
            }
            case GELU_TANH -> {
                double p = logistic(2 * inner(x));
                double peak = p * (1 - p);
                double innerSlope = TANH_SCALE * (1 + 3 * TANH_CUBE * x * x);
                yield peak == 0 ? p : p + x * peak * 2 * innerSlope;
            }
            case RELU -> x <= 0 ? 0 : Double.isNaN(x) ? x : 1;
        };
    }

    private static double normalCdf(double x) {
        return 0.5 * ErrorFunction.erfc(-x / Math.sqrt(2));
    }

    private static double inner(double x) {
        return TANH_SCALE * (x + TANH_CUBE * x * x * x);
    }

    /** ½(1 + tanh(t/2)) without cancellation. */
    private static double logistic(double t) {
        return 1 / (1 + Math.exp(-t));
    }
}
