package org.infoprompt.ops;

import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A backend at the precision that was asked for, and why it is this one.
 *
 * @param backend computes at the precision
 * @param reason who asked for it, or what made {@link #AUTO} choose it
 */
public record PrecisionChoice(Backend backend, String reason) {
    /** Asks for the precision that is fastest on this machine. */
    public static final String AUTO = "auto";

    /** The system property with the precision of {@link Backends#active()}: the name of one, or {@link #AUTO}. */
    public static final String PROPERTY = "infoprompt.precision";

    /**
     * {@return the choice}
     *
     * @param backend any backend
     * @param wanted the name of a precision, {@link #AUTO}, or null for the backend's own
     * @param asker who wants it, such as {@code --precision}
     * @throws IllegalStateException if the backend does not have it
     */
    public static PrecisionChoice of(Backend backend, @Nullable String wanted, String asker) {
        if (wanted == null) {
            return new PrecisionChoice(backend, "it is the default");
        }
        if (wanted.equals(AUTO)) {
            PrecisionAdvice advice = backend.precisionAdvice();
            return new PrecisionChoice(backend.with(advice.precision()), advice.reason());
        }
        Optional<Precision> precision = Precision.of(wanted);
        if (precision.isEmpty() || !backend.precisions().contains(precision.get())) {
            String known = backend.precisions().stream().map(Precision::text).collect(Collectors.joining(", "));
            throw new IllegalStateException(asker + " " + wanted + " cannot run: the backend '" + backend.name()
                    + "' has " + known + " (or auto)");
        }
        return new PrecisionChoice(backend.with(precision.get()), asker + " asks for it");
    }

    /** {@return the precision and its reason, for a line of the log} */
    public String line() {
        return "precision=" + backend.precision().text() + " because " + reason;
    }
}
