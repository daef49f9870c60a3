package org.infoprompt.ops.contract;

import java.util.Arrays;
import java.util.Random;

/** Random input that float and double hold alike. Replay a printed seed with {@code -Dinfoprompt.seed=}. */
final class TestData {
    private static final long SEED = Long.getLong("infoprompt.seed", 20261122L);

    private final Random random = new Random(SEED);

    TestData() {
        System.getLogger(TestData.class.getName()).log(System.Logger.Level.DEBUG, "infoprompt.seed={0}", SEED);
    }

    /** Returns standard normals times a factor. */
    double[] normals(int n, double factor) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (random.nextGaussian() * factor);
        }
        return values;
    }

    double[] normals(int n) {
        return normals(n, 1);
    }

    /** Returns whole numbers below a bound. */
    int[] indices(int n, int bound) {
        return random.ints(n, 0, bound).toArray();
    }

    /** Returns rows of a matrix. */
    static double[] rows(double[] matrix, int width, int from, int to) {
        return Arrays.copyOfRange(matrix, from * width, to * width);
    }

    static int[] rows(int[] values, int from, int to) {
        return Arrays.copyOfRange(values, from, to);
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
