package org.infoprompt.ops.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.Allocations;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.Guarded;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.MatmulKernelsContract;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchMatmulKernelsTest extends MatmulKernelsContract {
    private MatmulKernels kernels;

    @BeforeEach
    void load() {
        Torch.assumeUsable();
        kernels = Backends.byName("torch").newKernels().matmul();
    }

    @Override
    protected MatmulKernels kernels() {
        return kernels;
    }

    @Override
    protected PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return Backends.byName("torch").pack(weight, out, in, use);
    }

    @Test
    void blocksOfManyRowsAllocateNothing() {
        int rows = 100;
        int n = 100;
        int k = 70;
        Random random = new Random(5);
        PackedWeight packed = pack(Guarded.of(Guarded.random(random, n * k, 1)).segment(), n, k, WeightUse.FORWARD);
        MemorySegment x = Guarded.of(Guarded.random(random, rows * k, 1)).segment();
        MemorySegment y = Guarded.unwritten(rows * n).segment();
        Allocations.assertNone(call -> kernels.linear(packed, rows - (call & 3), x, null, y));
    }

    @ParameterizedTest
    @CsvSource({"1,64,40", "15,33,400", "16,7,1024", "67,384,384", "300,100,769", "257,1536,96"})
    void bitsAreThoseOfTheVectorBackend(int rows, int n, int k) {
        Random random = new Random(rows);
        MemorySegment weight = Guarded.of(Guarded.random(random, n * k, 1)).segment();
        MemorySegment x = Guarded.of(Guarded.random(random, rows * k, 1)).segment();
        MemorySegment bias = Guarded.of(Guarded.random(random, n, 1)).segment();
        double[] residual = Guarded.random(random, rows * n, 1);
        MatmulKernels vector = Backends.byName("vector").newKernels().matmul();
        for (WeightUse use : WeightUse.values()) {
            boolean forward = use == WeightUse.FORWARD;
            PackedWeight packed = pack(weight, forward ? n : k, forward ? k : n, use);
            Guarded expected = Guarded.of(residual);
            Guarded actual = Guarded.of(residual);
            vector.linearAdd(packed, rows, x, bias, expected.segment(), expected.segment());
            kernels.linearAdd(packed, rows, x, bias, actual.segment(), actual.segment());
            assertThat(actual.values()).isEqualTo(expected.values());
            vector.linearActivationBackward(packed, rows, x, expected.segment(), expected.segment());
            kernels.linearActivationBackward(packed, rows, x, actual.segment(), actual.segment());
            assertThat(actual.values()).isEqualTo(expected.values());
            Guarded expectedSlope = Guarded.unwritten(rows * n);
            Guarded actualSlope = Guarded.unwritten(rows * n);
            vector.linearActivation(
                    packed, rows, x, bias, Activation.GELU_ERF, expectedSlope.segment(), expected.segment());
            kernels.linearActivation(
                    packed, rows, x, bias, Activation.GELU_ERF, actualSlope.segment(), actual.segment());
            assertThat(actual.values()).isEqualTo(expected.values());
            assertThat(actualSlope.values()).isEqualTo(expectedSlope.values());
            actual.assertIntact();
        }
    }
}
