package org.infoprompt.ops;

/** The double reference of int8 products: factors rounded as {@link Precision#INT8} says, then multiplied in double. */
final class PlainInt8 {
    private PlainInt8() {}

    /** Returns x·wᵀ + bias for x [rows, k] and w [n, k]. */
    static double[] product(int rows, int n, int k, double[] x, double[] w, double[] bias) {
        double[] left = new double[rows * k];
        double[] right = new double[n * k];
        for (int r = 0; r < rows; r++) {
            roundRow(x, left, r * k, k);
        }
        for (int j = 0; j < n; j++) {
            roundWeights(w, right, j * k, k);
        }
        return PlainMatmul.product(false, true, rows, n, k, left, right, bias, false);
    }

    /** Puts each value on the nearest of 255 steps between -max |w| and max |w|. */
    private static void roundWeights(double[] w, double[] to, int from, int k) {
        double largest = 0;
        for (int i = from; i < from + k; i++) {
            largest = Math.max(largest, Math.abs(w[i]));
        }
        float scale = (float) largest / 127;
        for (int i = from; i < from + k; i++) {
            to[i] = scale == 0 ? 0 : Math.rint((float) w[i] * (1 / scale)) * scale;
        }
    }

    /** Puts each value on the nearest of 256 steps between the least and the largest of the row and 0, one of which is 0. */
    private static void roundRow(double[] x, double[] to, int from, int k) {
        double least = 0;
        double most = 0;
        for (int i = from; i < from + k; i++) {
            least = Math.min(least, x[i]);
            most = Math.max(most, x[i]);
        }
        float scale = (float) most / 255 - (float) least / 255;
        double zero = scale == 0 ? 0 : Math.rint((float) -least * (1 / scale));
        for (int i = from; i < from + k; i++) {
            double step = scale == 0 ? 0 : Math.rint((float) x[i] * (1 / scale));
            to[i] = Math.min(step, 255 - zero) * scale;
        }
    }
}
