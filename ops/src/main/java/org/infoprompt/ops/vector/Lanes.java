package org.infoprompt.ops.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width every kernel of this package is compiled for: the widest the processor prefers, or less with {@code
 * -Dinfoprompt.vector.bits=128|256|512}, which may lower the width and never raises it.
 */
final class Lanes {
    /** Float vectors. */
    static final VectorSpecies<Float> FLOATS = choose();

    /** Int vectors with as many lanes. */
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

    /** Floats in one vector. */
    static final int COUNT = FLOATS.length();

    /** Whether 32 vector registers exist at this width (AVX-512, NEON) rather than 16 (AVX2, SSE). */
    static final boolean MANY_REGISTERS =
            COUNT == 16 || System.getProperty("os.arch", "").equals("aarch64");

    private Lanes() {}

    private static VectorSpecies<Float> choose() {
        VectorSpecies<Float> preferred = FloatVector.SPECIES_PREFERRED;
        int bits = Integer.getInteger("infoprompt.vector.bits", preferred.vectorBitSize());
        if (bits >= preferred.vectorBitSize()) {
            return preferred;
        }
        if (bits != 128 && bits != 256) {
            throw new IllegalArgumentException("infoprompt.vector.bits " + bits + " must be 128, 256 or 512");
        }
        return VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    }

    /** Returns a vector of one value. */
    static FloatVector all(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    /** Returns an int vector of one value. */
    static IntVector all(int value) {
        return IntVector.broadcast(INTS, value);
    }
}
