package org.infoprompt.ffi;

/** Thrown when a native function returns a failing status; no native status code is ever dropped. */
public final class NativeCallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The status the function returned. */
    private final int status;

    /**
     * Creates the exception.
     *
     * @param function the native function's name
     * @param status the status it returned
     * @param text what the library says about it, or the arguments' shapes
     */
    public NativeCallException(String function, int status, String text) {
        super(function + " failed with status " + status + ": " + text);
        this.status = status;
    }

    /** {@return the native status code} */
    public int status() {
        return status;
    }
}
