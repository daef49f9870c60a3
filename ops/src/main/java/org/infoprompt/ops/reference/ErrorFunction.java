package org.infoprompt.ops.reference;

/** The complementary error function to a few units in the last place, relative, on the whole line. */
final class ErrorFunction {
    /** From here on 1 - erf(x) would lose more than two bits. */
    private static final double FRACTION_START = 1;

    /** Below, erfc(x) rounds to 2; above its mirror image, the square's exponential falls under the least double. */
    private static final double FLAT = -6;

    private static final double UNDERFLOW = 27.3;

    private ErrorFunction() {}

    /** Returns 1 - erf(x). */
    static double erfc(double x) {
        if (x < FRACTION_START) {
            return x < FLAT ? 2 : 1 - series(x);
        }
        return x > UNDERFLOW ? 0 : fraction(x);
    }

    /** erf(x) = 2/√π·exp(-x²)·Σ 2ⁿx²ⁿ⁺¹/(2n+1)!!: all terms have one sign, so nothing cancels (Abramowitz, Stegun, 7.1.6). */
    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /** erfc(x) = exp(-x²)/√π · 1/(x + ½/(x + 1/(x + 3/2/(x + ...)))), from the tail inwards (Abramowitz, Stegun, 7.1.14). */
    private static double fraction(double x) {
        // Terms after which the last digit no longer changes were 200 at 1, 60 at 2, 30 at 3, 15 from 6 on.
        int terms = (int) (240 / (x * x)) + 15;
        double tail = x;
        for (int n = terms; n > 0; n--) {
            tail = x + n / 2.0 / tail;
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
    }
}
