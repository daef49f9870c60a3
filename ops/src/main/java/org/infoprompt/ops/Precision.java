package org.infoprompt.ops;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * In what the products with packed weights are computed. Everything else, inputs and outputs of these products included, is in
 * the backend's element type, unless {@link Backend#activationType} names another for what lies between them.
 */
public enum Precision {
    /** Double precision: the oracle. */
    FP64,
    /** Single precision. */
    FP32,
    /** Weights and rows rounded to bfloat16 (8 significant bits), sums in single precision. */
    BF16,
    /**
     * For inference: weights rounded to integers in [-127, 127] times a scale for each output, rows to 256 equal steps between 0, their
     * least and their largest value, sums exact. Never chosen unasked.
     */
    INT8;

    /** {@return whether gradients can be computed through the products} */
    public boolean isTrainable() {
        return this != INT8;
    }

    /** {@return the name as in {@code -Dinfoprompt.precision}} */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the precision of this name}
     *
     * @param text the name
     */
    public static Optional<Precision> of(String text) {
        return Arrays.stream(values()).filter(p -> p.text().equals(text)).findFirst();
    }
}
