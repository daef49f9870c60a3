package org.infoprompt.ops;

/** Thrown when a device has not enough memory; the message has the bytes that are needed and those that are free. */
public final class DeviceMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was asked for. */
    private final long neededBytes;

    /** What there was. */
    private final long freeBytes;

    /**
     * Creates the exception.
     *
     * @param device the device
     * @param neededBytes what was asked for
     * @param freeBytes what there is
     * @param heldBytes what this process holds
     */
    public DeviceMemoryException(String device, long neededBytes, long freeBytes, long heldBytes) {
        super(neededBytes + " bytes are needed on " + device + ", " + freeBytes + " are free, " + heldBytes
                + " are held by this process");
        this.neededBytes = neededBytes;
        this.freeBytes = freeBytes;
    }

    /** {@return the bytes that were asked for} */
    public long neededBytes() {
        return neededBytes;
    }

    /** {@return the bytes that were free} */
    public long freeBytes() {
        return freeBytes;
    }
}
