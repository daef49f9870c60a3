package org.infoprompt.peft;

import org.infoprompt.io.InputException;

/** An adapter cannot be used or written: the message is one line that names the file, the place in it and the remedy. */
public final class PeftException extends InputException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param source the file or folder
     * @param place key or tensor; may be empty
     * @param problem what is wrong
     * @param remedy what to do
     */
    public PeftException(String source, String place, String problem, String remedy) {
        super(source, place, problem, remedy);
    }

    /**
     * Creates the exception with its cause.
     *
     * @param source the file or folder
     * @param place key or tensor; may be empty
     * @param problem what is wrong
     * @param remedy what to do
     * @param cause what was caught
     */
    public PeftException(String source, String place, String problem, String remedy, Throwable cause) {
        super(source, place, problem, remedy, cause);
    }
}
