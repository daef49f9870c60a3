package org.infoprompt.hub;

/** Hears how far a download or an extraction is. Calls may come from any thread, one at a time per resource. */
@FunctionalInterface
public interface ProgressListener {
    /**
     * More bytes of a resource are here.
     *
     * @param resource its file name
     * @param doneBytes how many bytes are here
     * @param totalBytes how many there will be; -1 if unknown
     */
    void progressed(String resource, long doneBytes, long totalBytes);

    /**
     * A resource is complete.
     *
     * @param resource its file name
     * @param totalBytes its size
     */
    default void finished(String resource, long totalBytes) {}

    /**
     * Returns a listener that ignores everything.
     *
     * @return the listener
     */
    static ProgressListener none() {
        return (resource, doneBytes, totalBytes) -> {};
    }
}
