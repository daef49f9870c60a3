package org.infoprompt.ops;

/** Service that offers one backend; found by {@link java.util.ServiceLoader}. */
public interface BackendProvider {
    /** {@return the backend's short name} */
    String name();

    /**
     * {@return its place in the order of choice: the usable one with the highest rank is taken} One with a negative rank is
     * only taken by name.
     */
    int rank();

    /** {@return whether it can run here; runs a tiny kernel and compares the answer} Never throws for what is merely absent. */
    Availability availability();

    /**
     * {@return the backend}
     *
     * @throws IllegalStateException if it is not usable
     */
    Backend backend();

    /** {@return whether it runs on devices that have numbers} */
    default boolean hasDevices() {
        return false;
    }

    /**
     * {@return whether it can run on a device}
     *
     * @param device its number, from 0
     */
    default Availability availability(int device) {
        return availability();
    }

    /**
     * {@return the backend on a device}
     *
     * @param device its number, from 0
     * @throws IllegalStateException if it is not usable
     */
    default Backend backend(int device) {
        return backend();
    }
}
