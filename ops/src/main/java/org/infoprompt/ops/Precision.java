package org.infoprompt.ops;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * In what the products with packed weights are computed. Everything else, inputs and outputs of these products included, is in
 * the backend's element type.
 */
public enum Precision {
    /** Double precision: the oracle. */
    FP64,
    /** Single precision. */
    FP32,
    /** Weights and rows rounded to bfloat16 (8 significant bits), sums in single precision. */
    BF16;

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
