package org.infoprompt.data;

import org.infoprompt.io.InputException;

/** A data file cannot be used as it is; the one-line message names the file, the line and the remedy. */
public class DataFormatException extends InputException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param source the file
     * @param place the line, for example {@code line 7}; empty if the whole file is meant
     * @param problem what is wrong
     * @param remedy what to do about it; empty if the problem says it
     */
    public DataFormatException(String source, String place, String problem, String remedy) {
        super(source, place, problem, remedy);
    }

    /**
     * Creates the exception with its cause.
     *
     * @param source the file
     * @param place the line, for example {@code line 7}; empty if the whole file is meant
     * @param problem what is wrong
     * @param remedy what to do about it; empty if the problem says it
     * @param cause what was caught
     */
    public DataFormatException(String source, String place, String problem, String remedy, Throwable cause) {
        super(source, place, problem, remedy, cause);
    }
}
