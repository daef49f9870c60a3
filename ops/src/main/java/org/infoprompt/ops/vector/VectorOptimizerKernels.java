package org.infoprompt.ops.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.infoprompt.ops.vector.Lanes.COUNT;
import static org.infoprompt.ops.vector.Lanes.FLOATS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.infoprompt.ops.OptimizerKernels;
import org.infoprompt.ops.check.OptimizerChecks;

/** AdamW in float, its scalar factors computed in double. */
final class VectorOptimizerKernels implements OptimizerKernels {
    VectorOptimizerKernels() {}

    @Override
    public void adamW(
            long n,
            MemorySegment parameter,
            MemorySegment gradient,
            double gradientFactor,
            MemorySegment firstMoment,
            MemorySegment secondMoment,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            long step) {
        OptimizerChecks.adamW(Float.BYTES, n, parameter, gradient, firstMoment, secondMoment, step);
        double stepSize = learningRate / (1 - Math.pow(beta1, (double) step));
        double root = Math.sqrt(1 - Math.pow(beta2, (double) step));
        // lr·m̂/(√v/root + ε) = stepSize·root·m/(√v + ε·root): one division an element.
        update(
                n,
                parameter,
                gradient,
                firstMoment,
                secondMoment,
                (float) (-learningRate * weightDecay),
                (float) beta1,
                (float) ((1 - beta1) * gradientFactor),
                (float) beta2,
                (float) (Math.sqrt(1 - beta2) * gradientFactor),
                (float) (-stepSize * root),
                (float) (epsilon * root));
    }

    private static void update(
            long n,
            MemorySegment parameter,
            MemorySegment gradient,
            MemorySegment firstMoment,
            MemorySegment secondMoment,
            float decay,
            float b1,
            float g1,
            float b2,
            float g2,
            float factor,
            float floor) {
        FloatVector decays = FloatVector.broadcast(FLOATS, decay);
        FloatVector b1s = FloatVector.broadcast(FLOATS, b1);
        long i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            FloatVector g = FloatVector.fromMemorySegment(FLOATS, gradient, i * Float.BYTES, LITTLE_ENDIAN);
            FloatVector m = FloatVector.fromMemorySegment(FLOATS, firstMoment, i * Float.BYTES, LITTLE_ENDIAN)
                    .fma(b1s, g.mul(g1));
            FloatVector scaled = g.mul(g2);
            FloatVector v = FloatVector.fromMemorySegment(FLOATS, secondMoment, i * Float.BYTES, LITTLE_ENDIAN)
                    .mul(b2);
            v = scaled.fma(scaled, v);
            FloatVector p = FloatVector.fromMemorySegment(FLOATS, parameter, i * Float.BYTES, LITTLE_ENDIAN);
            p = p.fma(decays, p);
            m.intoMemorySegment(firstMoment, i * Float.BYTES, LITTLE_ENDIAN);
            v.intoMemorySegment(secondMoment, i * Float.BYTES, LITTLE_ENDIAN);
            m.mul(factor).div(v.sqrt().add(floor)).add(p).intoMemorySegment(parameter, i * Float.BYTES, LITTLE_ENDIAN);
        }
        for (; i < n; i++) {
            float g = Memory.get(gradient, i);
            float m = Math.fma(Memory.get(firstMoment, i), b1, g * g1);
            float scaled = g * g2;
            float v = Math.fma(scaled, scaled, Memory.get(secondMoment, i) * b2);
            float p = Memory.get(parameter, i);
            p = Math.fma(p, decay, p);
            Memory.set(firstMoment, i, m);
            Memory.set(secondMoment, i, v);
            Memory.set(parameter, i, m * factor / ((float) Math.sqrt(v) + floor) + p);
        }
    }
}
