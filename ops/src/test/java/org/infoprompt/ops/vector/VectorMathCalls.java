package org.infoprompt.ops.vector;

import java.util.Arrays;
import java.util.Locale;
import jdk.incubator.vector.FloatVector;
import org.infoprompt.ops.Activation;

/** Applies a vector function to arrays; apart from the test, which must load without the Vector API. */
final class VectorMathCalls {
    private VectorMathCalls() {}

    static void apply(String name, float[] x, float[] y) {
        int padded = Lanes.FLOATS.loopBound(x.length + Lanes.COUNT - 1);
        float[] in = Arrays.copyOf(x, padded);
        if (name.startsWith("slope ")) {
            float[] slope = new float[padded];
            Arrays.fill(slope, 1);
            Activation activation = Activation.valueOf(name.substring(6));
            VectorTileMath.INSTANCE.multiplySlope(activation, slope, 0, Arrays.copyOf(in, 3 * padded), padded);
            in = slope;
        } else if (name.equals(name.toUpperCase(Locale.ROOT))) {
            VectorTileMath.INSTANCE.activate(Activation.valueOf(name), in, 0, new float[padded], padded);
        } else if (name.equals("expSum")) {
            VectorLoops.expSum(in, 0, padded, 1, 0);
        } else {
            for (int i = 0; i < padded; i += Lanes.COUNT) {
                call(name, FloatVector.fromArray(Lanes.FLOATS, in, i)).intoArray(in, i);
            }
        }
        System.arraycopy(in, 0, y, 0, x.length);
    }

    private static FloatVector call(String name, FloatVector x) {
        return switch (name) {
            case "exp" -> VectorMath.exp(x);
            case "log" -> VectorMath.log(x);
            case "erf" -> VectorMath.erf(x);
            case "tanh" -> VectorMath.tanh(x);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
