package org.infoprompt.ops.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Supplier;
import org.infoprompt.ops.Availability;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;

/** Finds out whether a float32 backend really runs here, by a product whose answer is known. */
public final class BackendProbe {
    /** Not a multiple of any vector width, so that whole vectors and tails both run. */
    private static final int SIZE = 19;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private BackendProbe() {}

    /**
     * Multiplies a row of small whole numbers, whose product is exact, and compares.
     *
     * @param backend creates the backend
     * @return usable with its description; or not, if its classes or libraries cannot be linked, if it does not support
     *     this machine, or if the answer is wrong
     */
    public static Availability probe(Supplier<? extends Backend> backend) {
        try {
            Backend candidate = backend.get();
            String fault = run(candidate);
            return fault.isEmpty()
                    ? new Availability(true, candidate.description(), "")
                    : new Availability(false, fault, "report this machine's CPU and Java version");
        } catch (LinkageError | UnsupportedOperationException e) {
            return new Availability(false, "it cannot be loaded: " + e, "");
        }
    }

    private static String run(Backend backend) {
        try (Arena arena = Arena.ofConfined()) {
            return run(backend, arena);
        }
    }

    private static String run(Backend backend, Arena arena) {
        MemorySegment weight = arena.allocate(FLOAT, SIZE * SIZE);
        MemorySegment x = arena.allocate(FLOAT, SIZE);
        MemorySegment y = arena.allocate(FLOAT, SIZE);
        for (int i = 0; i < SIZE * SIZE; i++) {
            weight.setAtIndex(FLOAT, i, i % 7 - 3);
        }
        for (int i = 0; i < SIZE; i++) {
            x.setAtIndex(FLOAT, i, i % 5 - 2);
        }
        PackedWeight packed = backend.pack(weight, SIZE, SIZE, WeightUse.FORWARD);
        Kernels kernels = backend.newKernels();
        kernels.matmul().linear(packed, 1, x, null, y);
        kernels.rows().axpby(SIZE, 1, x, 1, y);
        for (int n = 0; n < SIZE; n++) {
            float expected = n % 5 - 2;
            for (int k = 0; k < SIZE; k++) {
                expected += (k % 5 - 2) * ((n * SIZE + k) % 7 - 3);
            }
            float actual = y.getAtIndex(FLOAT, n);
            if (actual != expected) {
                return "its probe computed " + actual + " where " + expected + " is right";
            }
        }
        return "";
    }
}
