package org.infoprompt.io;

import java.io.IOException;

/**
 * Something the user gave cannot be used: a file, a row, a tensor, an option. The message is one line that names the
 * source, the place in it and the remedy; the command line prints it as it is and exits with status 2.
 */
public class InputException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception from its three parts.
     *
     * @param source file or option
     * @param place line, tensor name or the like; empty if the whole source is meant
     * @param problem what is wrong
     * @param remedy what to do about it; empty if the problem says it
     */
    public InputException(String source, String place, String problem, String remedy) {
        super(line(source, place, problem, remedy));
    }

    /**
     * Creates the exception from its three parts and its cause.
     *
     * @param source file or option
     * @param place line, tensor name or the like; empty if the whole source is meant
     * @param problem what is wrong
     * @param remedy what to do about it; empty if the problem says it
     * @param cause what was caught
     */
    public InputException(String source, String place, String problem, String remedy, Throwable cause) {
        super(line(source, place, problem, remedy), cause);
    }

    private static String line(String source, String place, String problem, String remedy) {
        StringBuilder text = new StringBuilder(source);
        if (!place.isEmpty()) {
            text.append(", ").append(place);
        }
        text.append(": ").append(problem);
        if (!remedy.isEmpty()) {
            text.append("; ").append(remedy);
        }
        return text.toString().replace('\n', ' ').replace('\r', ' ');
    }
}
