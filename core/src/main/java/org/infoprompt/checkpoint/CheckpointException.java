package org.infoprompt.checkpoint;

import org.infoprompt.io.InputException;

/** A checkpoint cannot be used: missing, damaged, or made for something else. */
public final class CheckpointException extends InputException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param source the file
     * @param place key or tensor; may be empty
     * @param problem what is wrong
     * @param remedy what to do
     */
    public CheckpointException(String source, String place, String problem, String remedy) {
        super(source, place, problem, remedy);
    }

    /**
     * Creates the exception with its cause.
     *
     * @param source the file
     * @param place key or tensor; may be empty
     * @param problem what is wrong
     * @param remedy what to do
     * @param cause what was caught
     */
    public CheckpointException(String source, String place, String problem, String remedy, Throwable cause) {
        super(source, place, problem, remedy, cause);
    }
}
