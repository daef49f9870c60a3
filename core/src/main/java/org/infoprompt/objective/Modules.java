package org.infoprompt.objective;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Live views of the trained tensors after the prompts, looked up once; null where the configuration has none. */
final class Modules {
    final @Nullable MemorySegment projectionWeight;
    final @Nullable MemorySegment projectionBias;
    final @Nullable MemorySegment meanWeight;
    final @Nullable MemorySegment meanBias;
    final @Nullable MemorySegment logStdWeight;
    final @Nullable MemorySegment logStdBias;
    final @Nullable MemorySegment decoderWeight;
    final @Nullable MemorySegment decoderBias;
    final MemorySegment headWeight;
    final @Nullable MemorySegment headBias;

    private Modules(ParameterSet parameters, boolean gradients) {
        Lookup at = new Lookup(parameters, gradients);
        projectionWeight = at.find(ParameterLayout.PROJECTION_WEIGHT);
        projectionBias = at.find(ParameterLayout.PROJECTION_BIAS);
        meanWeight = at.find(ParameterLayout.MEAN_WEIGHT);
        meanBias = at.find(ParameterLayout.MEAN_BIAS);
        logStdWeight = at.find(ParameterLayout.LOG_STD_WEIGHT);
        logStdBias = at.find(ParameterLayout.LOG_STD_BIAS);
        decoderWeight = at.find(ParameterLayout.DECODER_WEIGHT);
        decoderBias = at.find(ParameterLayout.DECODER_BIAS);
        headWeight = need(at.find(ParameterLayout.HEAD_WEIGHT));
        headBias = at.find(ParameterLayout.HEAD_BIAS);
    }

    static Modules values(ParameterSet parameters) {
        return new Modules(parameters, false);
    }

    static Modules gradients(ParameterSet parameters) {
        return new Modules(parameters, true);
    }

    /** Returns a tensor the configuration promises. */
    static MemorySegment need(@Nullable MemorySegment tensor) {
        if (tensor == null) {
            throw new IllegalStateException("the configuration uses a tensor its layout does not have");
        }
        return tensor;
    }

    private record Lookup(ParameterSet parameters, boolean gradients) {
        @Nullable
        MemorySegment find(String name) {
            if (!parameters.contains(name)) {
                return null;
            }
            return gradients ? parameters.gradient(name) : parameters.value(name);
        }
    }
}
