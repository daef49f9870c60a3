package org.infoprompt.ops;

/** Matrix products by plain loops, in double or rounding every step to float. */
final class PlainMatmul {
    private PlainMatmul() {}

    /** Returns op(a)·op(b) + bias for [m, k] and [k, n]. */
    static double[] product(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            double[] a,
            double[] b,
            double[] bias,
            boolean single) {
        double[] c = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int l = 0; l < k; l++) {
                    double x = a[transposeA ? l * m + i : i * k + l];
                    double y = b[transposeB ? j * k + l : l * n + j];
                    sum = single ? (float) sum + (float) x * (float) y : sum + x * y;
                }
                double shifted = sum + bias[j];
                c[i * n + j] = single ? (float) shifted : shifted;
            }
        }
        return c;
    }

    static double activation(Activation activation, double x) {
        return switch (activation) {
            case GELU_ERF -> x * cdf(x);
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(inner(x)));
            case RELU -> Math.max(x, 0);
        };
    }

    static double slope(Activation activation, double x) {
        return switch (activation) {
            case GELU_ERF -> cdf(x) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            case GELU_TANH -> {
                double t = Math.tanh(inner(x));
                double innerSlope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
                yield 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * innerSlope;
            }
            case RELU -> x > 0 ? 1 : 0;
        };
    }

    private static double inner(double x) {
        return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    }

    /** The normal distribution by the Taylor series of erf, or the continued fraction of erfc. */
    private static double cdf(double x) {
        double a = Math.abs(x) / Math.sqrt(2);
        double erf;
        if (a > 2.5) {
            double f = 0;
            for (int k = 60; k >= 1; k--) {
                f = k / 2.0 / (a + f);
            }
            erf = 1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + f);
        } else {
            double term = a;
            double sum = a;
            for (int n = 1; n < 80; n++) {
                term *= -a * a / n;
                sum += term / (2 * n + 1);
            }
            erf = 2 / Math.sqrt(Math.PI) * sum;
        }
        return 0.5 * (1 + Math.copySign(erf, x));
    }
}
