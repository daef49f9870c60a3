package org.infoprompt.ops;

/** A frozen weight in a backend's own layout; immutable, shared by all threads, freed by the garbage collector. */
public interface PackedWeight {
    /** {@return the width K of the rows it is multiplied with} */
    int inputSize();

    /** {@return the width N of the rows it produces} */
    int outputSize();

    /** {@return the memory it takes in bytes} */
    long byteSize();
}
