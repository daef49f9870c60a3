package org.infoprompt.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.cudasim.ptx.DeviceHeap;
import org.infoprompt.cudasim.ptx.LaunchReport;
import org.infoprompt.cudasim.ptx.PtxMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** What the loss kernels must move between memory and chip, counted: each operand once, and no noise at all. */
@DisabledIfSystemProperty(
        named = "infoprompt.test.expectedBackend",
        matches = "scalar",
        disabledReason = "does not depend on the backend; runs in the run with the vector module")
class InformationBytesTest {
    private static final int ROWS = 8;
    private static final int SAMPLES = 32;
    private static final int WIDTH = 384;
    private static final int ELEMENT = Float.BYTES;
    private static final long NAN = Float.floatToIntBits(Float.NaN);
    private static final long ONE = Float.floatToIntBits(1);

    @Test
    void theRepresentationLossReadsNineAndWritesFiveMatrices() {
        try (DeviceHeap heap = new DeviceHeap()) {
            int n = ROWS * WIDTH;
            double[] half = new double[n];
            Arrays.fill(half, 0.5);
            LaunchReport report = new PtxMachine(heap)
                    .launch(
                            FakeGpu.shipped(),
                            "ipk_representation_information_f32",
                            ROWS,
                            1,
                            256,
                            ELEMENT * WIDTH * 17,
                            WIDTH,
                            SAMPLES,
                            heap.floats(half),
                            heap.floats(half),
                            heap.floats(half),
                            heap.floats(half),
                            heap.floats(half),
                            heap.ints(0, 1, 2, 3, 4, 5, 6, 7),
                            42,
                            0,
                            0,
                            NAN,
                            ONE,
                            heap.floats(new double[ROWS]),
                            heap.floats(new double[n]),
                            heap.floats(half),
                            heap.floats(half),
                            heap.floats(half),
                            heap.floats(half));
            // Context, two means and two deviations; four gradients that are added to; the rows' numbers.
            assertThat(report.bytesRead()).isEqualTo(ELEMENT * (9L * n + ROWS));
            // The context's gradient and the four; the losses. The K samples of noise are nowhere.
            assertThat(report.bytesWritten()).isEqualTo(ELEMENT * (5L * n + ROWS));
        }
    }

    @Test
    void theHeadLossReadsEachWordOnce() {
        try (DeviceHeap heap = new DeviceHeap()) {
            int n = ROWS * WIDTH;
            int tokens = 10;
            int[] ids = new int[ROWS * tokens];
            int[] starts = new int[ROWS + 1];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = i;
                starts[i / tokens + 1] = i + 1;
            }
            LaunchReport report = new PtxMachine(heap)
                    .launch(
                            FakeGpu.shipped(),
                            "ipk_head_information_f32",
                            ROWS,
                            1,
                            256,
                            ELEMENT * WIDTH * 16,
                            WIDTH,
                            heap.floats(new double[n]),
                            heap.floats(new double[(ids.length + 5) * WIDTH]),
                            heap.ints(ids),
                            heap.ints(starts),
                            heap.floats(new double[WIDTH]),
                            NAN,
                            ONE,
                            heap.floats(new double[ROWS]),
                            heap.floats(new double[n]),
                            heap.floats(new double[n]));
            long words = (long) ids.length * WIDTH;
            // The words, prompts and their gradients, the class row; ids and starts.
            assertThat(report.bytesRead()).isEqualTo(ELEMENT * (words + 2L * n + WIDTH + ids.length + starts.length));
            assertThat(report.bytesWritten()).isEqualTo(ELEMENT * (2L * n + ROWS));
        }
    }

    /** In elements, M rows of D and K candidates: 2MD + KD with frozen candidates; with their gradient MK, then MK + MD + KD more. */
    @Test
    void infoNceReadsQueriesAndCandidatesOnce() {
        try (DeviceHeap heap = new DeviceHeap()) {
            int candidates = 40;
            long n = (long) ROWS * WIDTH;
            long m = (long) candidates * WIDTH;
            long pairs = (long) ROWS * candidates;
            long queries = heap.floats(new double[(int) n]);
            long keys = heap.floats(new double[(int) m]);
            long own = heap.ints(0, 1, 2, 3, 4, 5, 6, 7);
            long losses = heap.floats(new double[ROWS]);
            long dQueries = heap.floats(new double[(int) n]);
            long scores = heap.floats(new double[ROWS * candidates]);
            long logSumExp = heap.floats(new double[ROWS]);
            PtxMachine machine = new PtxMachine(heap);
            int shared = ELEMENT * WIDTH * (16 + 4);
            LaunchReport frozen = machine.launch(
                    FakeGpu.shipped(),
                    "ipk_info_nce_f32",
                    1,
                    1,
                    256,
                    shared,
                    ROWS,
                    candidates,
                    WIDTH,
                    4,
                    queries,
                    keys,
                    own,
                    ONE,
                    ONE,
                    losses,
                    dQueries,
                    0,
                    0);
            assertThat(frozen.bytesRead()).isEqualTo(ELEMENT * (n + m + ROWS));
            assertThat(frozen.bytesWritten()).isEqualTo(ELEMENT * (n + ROWS));
            LaunchReport first = machine.launch(
                    FakeGpu.shipped(),
                    "ipk_info_nce_f32",
                    1,
                    1,
                    256,
                    shared,
                    ROWS,
                    candidates,
                    WIDTH,
                    4,
                    queries,
                    keys,
                    own,
                    ONE,
                    ONE,
                    losses,
                    dQueries,
                    scores,
                    logSumExp);
            assertThat(first.bytesWritten()).isEqualTo(ELEMENT * (n + 2L * ROWS + pairs));
            LaunchReport second = machine.launch(
                    FakeGpu.shipped(),
                    "ipk_info_nce_candidates_f32",
                    5,
                    1,
                    256,
                    ELEMENT * WIDTH * (8 + 4),
                    ROWS,
                    candidates,
                    WIDTH,
                    4,
                    queries,
                    own,
                    scores,
                    logSumExp,
                    ONE,
                    heap.floats(new double[(int) m]));
            assertThat(second.bytesRead()).isEqualTo(ELEMENT * (n + 2L * ROWS + pairs));
            assertThat(second.bytesWritten()).isEqualTo(ELEMENT * m);
        }
    }
}
