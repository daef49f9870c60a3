package org.infoprompt.ops.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Compares the vector functions with double precision on dense grids and at the edges. */
@EnabledIfSystemProperty(named = "infoprompt.test.expectedBackend", matches = "vector|native")
class VectorMathTest {
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    @Test
    void expIsAccurate() {
        assertRelative("exp", Math::exp, -87.3, 88.7, 1.3e-7);
        assertValues(
                "exp",
                new float[] {0f, -0f, INFINITY, -INFINITY, -200f, 200f, 88.8f, Float.NaN},
                1f,
                1f,
                INFINITY,
                0f,
                0f,
                INFINITY,
                INFINITY,
                Float.NaN);
        assertThat(apply("exp", Float.intBitsToFloat(0x7FC001FF))[0]).isNaN();
        assertRelative("expSum", Math::exp, -87.3, 88.7, 1.3e-7);
    }

    @Test
    void logIsAccurate() {
        assertRelative("log", Math::log, 1e-6, 0.99, 1.5e-7);
        assertRelative("log", Math::log, 1.01, 2, 1.5e-7);
        assertRelative("log", Math::log, 2, 1e9, 1.3e-7);
        assertValues(
                "log", new float[] {1f, 0f, -1f, INFINITY, Float.NaN}, 0f, -INFINITY, Float.NaN, INFINITY, Float.NaN);
    }

    @Test
    void erfIsAccurate() {
        assertAbsolute("erf", VectorMathTest::erf, -5, 5, 3e-7);
        assertRelative("erf", VectorMathTest::erf, 1e-6, 1, 4e-7);
        assertValues("erf", new float[] {0f, 4f, -4f, INFINITY, -INFINITY, Float.NaN}, 0f, 1f, -1f, 1f, -1f, Float.NaN);
    }

    @Test
    void tanhIsAccurate() {
        assertAbsolute("tanh", Math::tanh, -12, 12, 3e-7);
        assertRelative("tanh", Math::tanh, 1e-6, 1, 3e-7);
        assertValues(
                "tanh", new float[] {0f, 9f, -9f, INFINITY, -INFINITY, Float.NaN}, 0f, 1f, -1f, 1f, -1f, Float.NaN);
    }

    @Test
    void geluAndItsDerivativesAreAccurate() {
        assertAbsolute("GELU_ERF", x -> x * cdf(x), -8, 8, 1e-6);
        assertAbsolute("slope GELU_ERF", x -> cdf(x) + x * density(x), -8, 8, 4e-7);
        assertAbsolute("GELU_TANH", x -> 0.5 * x * (1 + Math.tanh(inner(x))), -8, 8, 1e-6);
        assertAbsolute(
                "slope GELU_TANH",
                x -> {
                    double t = Math.tanh(inner(x));
                    double slope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
                    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope;
                },
                -8,
                8,
                1e-6);
        for (String name : new String[] {"GELU_ERF", "GELU_TANH"}) {
            assertValues(
                    name,
                    new float[] {0f, 1e4f, -1e4f, INFINITY, -INFINITY, Float.NaN},
                    0f,
                    1e4f,
                    0f,
                    INFINITY,
                    0f,
                    Float.NaN);
            assertValues(
                    "slope " + name,
                    new float[] {0f, 1e4f, -1e4f, INFINITY, -INFINITY, Float.NaN},
                    0.5f,
                    1f,
                    0f,
                    1f,
                    0f,
                    Float.NaN);
        }
        assertValues("RELU", new float[] {-1f, 0f, 2f, Float.NaN}, 0f, 0f, 2f, Float.NaN);
        assertValues("slope RELU", new float[] {-1f, 0f, 2f}, 0f, 0f, 1f);
    }

    private static void assertRelative(String name, DoubleUnaryOperator exact, double low, double high, double bound) {
        assertThat(worst(name, exact, low, high, true)).as(name).isLessThan(bound);
    }

    private static void assertAbsolute(String name, DoubleUnaryOperator exact, double low, double high, double bound) {
        assertThat(worst(name, exact, low, high, false)).as(name).isLessThan(bound);
    }

    private static double worst(String name, DoubleUnaryOperator exact, double low, double high, boolean relative) {
        float[] x = new float[20_000];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (low + (high - low) * i / (x.length - 1));
        }
        float[] y = apply(name, x);
        double worst = 0;
        for (int i = 0; i < x.length; i++) {
            double expected = exact.applyAsDouble(x[i]);
            double error = Math.abs(y[i] - expected) / (relative ? Math.abs(expected) : 1);
            assertThat(error).as("%s(%s) = %s", name, x[i], y[i]).isNotNaN();
            worst = Math.max(worst, error);
        }
        return worst;
    }

    private static void assertValues(String name, float[] x, float... expected) {
        float[] y = apply(name, x);
        for (int i = 0; i < x.length; i++) {
            if (Float.isNaN(expected[i])) {
                assertThat(y[i]).as("%s(%s)", name, x[i]).isNaN();
            } else {
                assertThat(y[i] + 0f).as("%s(%s)", name, x[i]).isEqualTo(expected[i]);
            }
        }
    }

    private static float[] apply(String name, float... x) {
        float[] y = new float[x.length];
        VectorMathCalls.apply(name, x, y);
        return y;
    }

    private static double inner(double x) {
        return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    }

    private static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    private static double cdf(double x) {
        return 0.5 * (1 + erf(x / Math.sqrt(2)));
    }

    /** The Taylor series where it converges quickly, else the continued fraction of erfc. */
    private static double erf(double x) {
        double a = Math.abs(x);
        if (a > 2.5) {
            double f = 0;
            for (int k = 60; k >= 1; k--) {
                f = k / 2.0 / (a + f);
            }
            return Math.copySign(1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + f), x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; n < 80; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }
}
