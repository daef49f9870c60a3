package org.infoprompt.serve;

/**
 * A request was not answered. One line says why and what to do; there is no stack trace, because an overloaded server must be
 * cheap to ask.
 */
public class ServingException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** There is no prompt of this name. */
        UNKNOWN_PROMPT,
        /** The prompt's files cannot be used. */
        UNUSABLE_PROMPT,
        /** The request is not one the prompt takes: a pair for single texts, or the other way round. */
        BAD_REQUEST,
        /** Too much is waiting. */
        OVERLOADED,
        /** The request's deadline passed. */
        DEADLINE,
        /** The request was cancelled. */
        CANCELLED,
        /** The server is closed. */
        CLOSED,
        /** The computation failed for this request. */
        FAILED
    }

    /** Why. */
    private final Reason reason;

    /**
     * Creates the exception.
     *
     * @param reason why
     * @param message one line
     */
    public ServingException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * Creates the exception.
     *
     * @param reason why
     * @param message one line
     * @param cause what was caught, or null
     */
    public ServingException(Reason reason, String message, @org.jspecify.annotations.Nullable Throwable cause) {
        super(message, cause, true, false);
        this.reason = reason;
    }

    /** {@return why} */
    public Reason reason() {
        return reason;
    }
}
