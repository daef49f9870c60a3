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
}
