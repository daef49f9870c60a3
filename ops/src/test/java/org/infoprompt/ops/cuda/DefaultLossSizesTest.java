package org.infoprompt.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.InformationKernels;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.Noise;
import org.infoprompt.ops.reference.ReferenceBackend;
import org.infoprompt.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** The two information losses as they are used, B = 8, K = 4B = 32, D = Z = 384, through the interpreter: seconds, not minutes. */
@DisabledIfSystemProperty(
        named = "infoprompt.test.expectedBackend",
        matches = "scalar",
        disabledReason = "does not depend on the backend; runs in the run with the vector module")
class DefaultLossSizesTest {
    private static final int ROWS = 8;
    private static final int SAMPLES = 32;
    private static final int WIDTH = 384;
    private static final int TOKENS = 12;
    private static final int N = ROWS * WIDTH;

    /** Calls a loss with memory of a backend and returns what it writes. */
    private interface Loss {
        List<MemorySegment> run(InformationKernels kernels, Data data);
    }

    /** The same numbers in any element type. */
    private static final class Data {
        private final Random random = new Random(12);
        private final DType type;
        private final Arena arena;

        Data(DType type, Arena arena) {
            this.type = type;
            this.arena = arena;
        }

        MemorySegment normals(int n, double scale) {
            MemorySegment segment = arena.allocate((long) n * type.bytes(), 64);
            for (int i = 0; i < n; i++) {
                float value = (float) (scale * random.nextGaussian());
                if (type == DType.F64) {
                    segment.setAtIndex(ValueLayout.JAVA_DOUBLE, i, value);
                } else {
                    segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
                }
            }
            return segment;
        }

        MemorySegment zeros(int n) {
            return arena.allocate((long) n * type.bytes(), 64);
        }
    }

    @Test
    void theRepresentationLossIsAccurate() {
        Noise noise = new Noise(ROWS);
        noise.set(77, 3);
        for (int r = 0; r < ROWS; r++) {
            noise.setRow(r, r);
        }
        agrees((kernels, d) -> {
            MemorySegment losses = d.zeros(ROWS);
            MemorySegment dContext = d.zeros(N);
            MemorySegment[] gradients = {d.normals(N, 1), d.normals(N, 1), d.normals(N, 1), d.normals(N, 1)};
            kernels.representationInformation(
                    ROWS,
                    WIDTH,
                    SAMPLES,
                    d.normals(N, 0.1),
                    d.normals(N, 1),
                    d.normals(N, 0.3),
                    d.normals(N, 1),
                    d.normals(N, 0.3),
                    noise,
                    null,
                    Double.NaN,
                    0.2 / ROWS,
                    losses,
                    dContext,
                    gradients[0],
                    gradients[1],
                    gradients[2],
                    gradients[3]);
            return List.of(losses, dContext, gradients[0], gradients[1], gradients[2], gradients[3]);
        });
    }

    @Test
    void theHeadLossIsAccurate() {
        int[] starts = new int[ROWS + 1];
        for (int r = 0; r < ROWS; r++) {
            starts[r + 1] = (r + 1) * TOKENS;
        }
        int[] ids = new Random(2).ints((long) ROWS * TOKENS, 0, 50).toArray();
        agrees((kernels, d) -> {
            MemorySegment losses = d.zeros(ROWS);
            MemorySegment dPrompts = d.normals(N, 1);
            MemorySegment dClass = d.zeros(N);
            kernels.headInformation(
                    ROWS,
                    WIDTH,
                    d.normals(N, 1),
                    d.normals(50 * WIDTH, 1),
                    ids,
                    starts,
                    d.normals(WIDTH, 1),
                    Double.NaN,
                    0.1 / ROWS,
                    losses,
                    dPrompts,
                    dClass);
            return List.of(losses, dPrompts, dClass);
        });
    }

    private static void agrees(Loss loss) {
        List<double[]> expected = results(ReferenceBackend.instance(), loss);
        List<double[]> actual = results(new FakeGpu().backend(), loss);
        for (int i = 0; i < expected.size(); i++) {
            double scale = 1e-6;
            for (double e : expected.get(i)) {
                scale = Math.max(scale, Math.abs(e));
            }
            for (int j = 0; j < expected.get(i).length; j++) {
                assertThat(Math.abs(actual.get(i)[j] - expected.get(i)[j]))
                        .as("result %d, element %d", i, j)
                        .isLessThanOrEqualTo(2e-5 * scale);
            }
        }
    }

    private static List<double[]> results(Backend backend, Loss loss) {
        try (Arena arena = Arena.ofShared()) {
            Kernels kernels = backend.newKernels();
            List<double[]> all = new ArrayList<>();
            for (MemorySegment result : loss.run(kernels.information(), new Data(backend.dtype(), arena))) {
                double[] values =
                        new double[(int) (result.byteSize() / backend.dtype().bytes())];
                for (int i = 0; i < values.length; i++) {
                    values[i] = backend.dtype() == DType.F64
                            ? result.getAtIndex(ValueLayout.JAVA_DOUBLE, i)
                            : result.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                }
                all.add(values);
            }
            return all;
        }
    }
}
