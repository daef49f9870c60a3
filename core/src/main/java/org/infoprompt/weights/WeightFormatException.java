package org.infoprompt.weights;

import org.infoprompt.io.InputException;

/** A weight file cannot be used: the message is one line that names the file, the tensor and the remedy. */
public class WeightFormatException extends InputException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_NAME = 160;

    /**
     * Creates the exception.
     *
     * @param path the file
     * @param tensor the tensor; empty if the file as a whole is meant
     * @param problem what is wrong
     * @param remedy what to do about it
     */
    public WeightFormatException(String path, String tensor, String problem, String remedy) {
        super(path, place(tensor), problem, remedy);
    }

    /**
     * Creates the exception.
     *
     * @param path the file
     * @param tensor the tensor; empty if the file as a whole is meant
     * @param problem what is wrong
     * @param remedy what to do about it
     * @param cause what was caught
     */
    public WeightFormatException(String path, String tensor, String problem, String remedy, Throwable cause) {
        super(path, place(tensor), problem, remedy, cause);
    }

    private static String place(String tensor) {
        if (tensor.isEmpty()) {
            return "";
        }
        return "tensor " + (tensor.length() > MAX_NAME ? tensor.substring(0, MAX_NAME) + "..." : tensor);
    }
}
