package org.infoprompt.ops.vector;

import static org.infoprompt.ops.vector.Lanes.COUNT;
import static org.infoprompt.ops.vector.Lanes.FLOATS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.infoprompt.ops.OptimizerKernels;
import org.infoprompt.ops.check.OptimizerChecks;

/**
 * AdamW in float, its scalar factors computed in double.
 *
 * <p>Works on short pieces copied into arrays, a call each. In a loop over the segments themselves the compiler gave up inlining
 * (seven segment accesses an element) and every vector was allocated; and it counts calls, of which a step would make few.
 */
final class VectorOptimizerKernels implements OptimizerKernels {
    private static final int PIECE = 1024;

    private final float[] parameters = new float[PIECE];
    private final float[] gradients = new float[PIECE];
    private final float[] firstMoments = new float[PIECE];
    private final float[] secondMoments = new float[PIECE];

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
        float decay = (float) (-learningRate * weightDecay);
        float b1 = (float) beta1;
        float g1 = (float) ((1 - beta1) * gradientFactor);
        float b2 = (float) beta2;
        float g2 = (float) (Math.sqrt(1 - beta2) * gradientFactor);
        // lr·m̂/(√v/root + ε) = stepSize·root·m/(√v + ε·root): one division an element.
        float factor = (float) (-stepSize * root);
        float floor = (float) (epsilon * root);
        for (long i = 0; i < n; i += PIECE) {
            int count = (int) Math.min(n - i, PIECE);
            Memory.read(parameter, i, parameters, count);
            Memory.read(gradient, i, gradients, count);
            Memory.read(firstMoment, i, firstMoments, count);
            Memory.read(secondMoment, i, secondMoments, count);
            // What lies between the count and the next whole vector is computed and not written back.
            update(Memory.padded(count), decay, b1, g1, b2, g2, factor, floor);
            Memory.write(parameters, parameter, i, count);
            Memory.write(firstMoments, firstMoment, i, count);
            Memory.write(secondMoments, secondMoment, i, count);
        }
    }

    private void update(int n, float decay, float b1, float g1, float b2, float g2, float factor, float floor) {
        FloatVector decays = FloatVector.broadcast(FLOATS, decay);
        FloatVector b1s = FloatVector.broadcast(FLOATS, b1);
        for (int i = 0; i < n; i += COUNT) {
            FloatVector g = FloatVector.fromArray(FLOATS, gradients, i);
            FloatVector m = FloatVector.fromArray(FLOATS, firstMoments, i).fma(b1s, g.mul(g1));
            FloatVector scaled = g.mul(g2);
            FloatVector v = FloatVector.fromArray(FLOATS, secondMoments, i).mul(b2);
            v = scaled.fma(scaled, v);
            FloatVector p = FloatVector.fromArray(FLOATS, parameters, i);
            p = p.fma(decays, p);
            m.intoArray(firstMoments, i);
            v.intoArray(secondMoments, i);
            m.mul(factor).div(v.sqrt().add(floor)).add(p).intoArray(parameters, i);
        }
    }
}
