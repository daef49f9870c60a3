package org.infoprompt.ops.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Applies a vector function to arrays; apart from the test, which must load without the Vector API. */
final class VectorMathCalls {
    private VectorMathCalls() {}

    static void apply(String name, float[] x, float[] y) {
        int padded = Lanes.FLOATS.loopBound(x.length + Lanes.COUNT - 1);
        float[] in = Arrays.copyOf(x, padded);
        for (int i = 0; i < padded; i += Lanes.COUNT) {
            call(name, FloatVector.fromArray(Lanes.FLOATS, in, i)).intoArray(in, i);
        }
        System.arraycopy(in, 0, y, 0, x.length);
    }

    private static FloatVector call(String name, FloatVector x) {
        return switch (name) {
            case "exp" -> VectorMath.exp(x);
            case "log" -> VectorMath.log(x);
            case "erf" -> VectorMath.erf(x);
            case "tanh" -> VectorMath.tanh(x);
            case "geluErf" -> VectorMath.geluErf(x);
            case "geluErfDerivative" -> VectorMath.normalDensityTimes(x).add(VectorMath.normalCdf(x));
            case "geluTanh" -> VectorMath.geluTanh(x);
            case "geluTanhDerivative" -> VectorMath.geluTanhSlope(x, VectorMath.geluTanhExponential(x));
            case "relu" -> VectorMath.relu(x);
            case "reluDerivative" -> VectorMath.reluDerivative(x);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
