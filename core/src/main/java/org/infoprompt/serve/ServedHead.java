package org.infoprompt.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import org.infoprompt.objective.Classification;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.ops.Kernels;
import org.infoprompt.tensor.DType;

/** Turns read states into class scores. Immutable, safe for all threads. */
interface ServedHead {
    /**
     * Computes class scores.
     *
     * @param kernels this thread's kernels
     * @param m number of texts
     * @param states [m, D] read states
     * @param hidden [m, D] overwritten
     * @param logits [m, C] overwritten
     */
    void score(Kernels kernels, int m, MemorySegment states, MemorySegment hidden, MemorySegment logits);

    /**
     * One linear layer [C, D] with bias [C]. At inference our heads are linear in the state they read: the bottleneck gives its
     * mean, so that head, decoder and mean multiply into one matrix, (H·Wo·Wm [+ H])·h + H·(Wo·bm + bo) [+ b], folded here in
     * float64.
     */
    record Linear(MemorySegment weight, MemorySegment bias, int hiddenSize, int numClasses) implements ServedHead {

        static Linear fold(ParameterLayout layout, ParameterSet parameters, SegmentAllocator memory) {
            int d = layout.hiddenSize();
            int z = layout.latentSize();
            int c = layout.numClasses();
            Classification kind = layout.objective().classification();
            double[] head = values(parameters, "head.weight");
            double[] weight = new double[c * d];
            double[] bias = new double[c];
            if (kind.usesBottleneck()) {
                double[] mean = values(parameters, "bottleneck.mean.weight");
                double[] meanBias = values(parameters, "bottleneck.mean.bias");
                double[] decoder = values(parameters, "decoder.weight");
                double[] decoderBias = values(parameters, "decoder.bias");
                double[] inner = new double[z];
                for (int k = 0; k < c; k++) {
                    java.util.Arrays.fill(inner, 0);
                    for (int j = 0; j < d; j++) {
                        double h = head[k * d + j];
                        bias[k] += h * decoderBias[j];
                        for (int i = 0; i < z; i++) {
                            inner[i] += h * decoder[j * z + i];
                        }
                    }
                    for (int i = 0; i < z; i++) {
                        bias[k] += inner[i] * meanBias[i];
                        for (int j = 0; j < d; j++) {
                            weight[k * d + j] += inner[i] * mean[i * d + j];
                        }
                    }
                }
            }
            if (kind.usesDirect()) {
                double[] headBias = values(parameters, "head.bias");
                for (int i = 0; i < weight.length; i++) {
                    weight[i] += head[i];
                }
                for (int k = 0; k < c; k++) {
                    bias[k] += headBias[k];
                }
            }
            return new Linear(
                    segment(weight, parameters.dtype(), memory), segment(bias, parameters.dtype(), memory), d, c);
        }

        private static double[] values(ParameterSet parameters, String name) {
            MemorySegment segment = parameters.value(name);
            double[] values =
                    new double[(int) (segment.byteSize() / parameters.dtype().bytes())];
            for (int i = 0; i < values.length; i++) {
                values[i] = parameters.get(segment, i);
            }
            return values;
        }

        private static MemorySegment segment(double[] values, DType dtype, SegmentAllocator memory) {
            MemorySegment segment = memory.allocate((long) values.length * dtype.bytes(), 64);
            for (int i = 0; i < values.length; i++) {
                if (dtype == DType.F64) {
                    segment.setAtIndex(ValueLayout.JAVA_DOUBLE, i, values[i]);
                } else {
                    segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
                }
            }
            return segment;
        }

        @Override
        public void score(Kernels kernels, int m, MemorySegment states, MemorySegment hidden, MemorySegment logits) {
            kernels.matmul().gemm(false, true, m, numClasses, hiddenSize, 1, states, weight, 0, logits);
            kernels.rows().addBias(m, numClasses, bias, logits);
        }
    }
}
