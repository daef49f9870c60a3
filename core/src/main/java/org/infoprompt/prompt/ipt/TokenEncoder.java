package org.infoprompt.prompt.ipt;

import java.lang.foreign.MemorySegment;

/**
 * Turns the rows of a text's first tokens into all its slots. Rows of example i start at {@code i·maxTokens}; those past its
 * length hold anything.
 */
interface TokenEncoder {
    /** How many of its rows an example has. */
    interface Lengths {
        int of(int example);
    }

    /** out [m, slots] from rows [m·maxTokens, D]. */
    void forward(int m, Lengths lengths, MemorySegment rows, MemorySegment out);

    /** Keeps what gradients need of each example, and overwrites dRows, zero past the length. */
    void backward(int m, Lengths lengths, MemorySegment dOut, MemorySegment dRows);

    /** Overwrites the gradients of the encoder's parameters. */
    void gradients(int b, MemorySegment rows, MemorySegment dOut);
}
