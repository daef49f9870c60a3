package org.infoprompt.ops.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.Guarded;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.MatmulKernelsContract;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.vector.VectorBfloat16;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Bf16MatmulKernelsTest extends MatmulKernelsContract {
    private Backend backend;
    private MatmulKernels kernels;

    @BeforeEach
    void load() {
        Torch.assumeBf16();
        backend = Backends.byName("torch").with(Precision.BF16);
        kernels = backend.newKernels().matmul();
    }

    @Override
    protected MatmulKernels kernels() {
        return kernels;
    }

    @Override
    protected double[] factors(double[] values) {
        return Arrays.stream(values)
                .map(v -> Float.intBitsToFloat(VectorBfloat16.round((float) v) << 16))
                .toArray();
    }

    @Override
    protected long elementBytes() {
        return Short.BYTES;
    }

    @Override
    protected PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        return backend.pack(weight, out, in, use);
    }

    @Test
    void theBackendHasTwoPrecisions() {
        assertThat(backend.name()).isEqualTo("torch");
        assertThat(backend.precision()).isEqualTo(Precision.BF16);
        assertThat(backend.precisions()).containsExactlyInAnyOrder(Precision.FP32, Precision.BF16);
        assertThat(backend.with(Precision.FP32)).isSameAs(Backends.byName("torch"));
        assertThat(backend.precisions()).contains(backend.precisionAdvice().precision());
    }

    @Test
    void rowsOfAThousandAreTheSameAsRowsOfOneBlock() {
        int rows = 1000;
        int n = 40;
        int k = 33;
        Random random = new Random(11);
        PackedWeight packed = pack(Guarded.of(Guarded.random(random, n * k, 1)).segment(), n, k, WeightUse.FORWARD);
        assertThat(packed.byteSize()).isEqualTo(2L * 34 * 64);
        MemorySegment x = Guarded.of(Guarded.random(random, rows * k, 1)).segment();
        Guarded whole = Guarded.unwritten(rows * n);
        kernels.linear(packed, rows, x, null, whole.segment());
        Guarded parts = Guarded.unwritten(rows * n);
        for (int r = 0; r < rows; r += 37) {
            int count = Math.min(37, rows - r);
            kernels.linear(
                    packed,
                    count,
                    x.asSlice(4L * r * k, 4L * count * k),
                    null,
                    parts.segment().asSlice(4L * r * n, 4L * count * n));
        }
        assertThat(parts.values()).isEqualTo(whole.values());
        parts.assertIntact();
    }
}
