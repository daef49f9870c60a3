package org.infoprompt.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.Kernels;
import org.infoprompt.session.HeapBytes;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.RandomModels;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that share a sequence against one thread, bit by bit. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a hang does not hear of interrupts
class EncoderTeamTest {
    private static final int MOST_ROWS = 48;
    private static final int PREFIXES = 3;

    /** Prefixes that are the same in every sequence. */
    private record Table(MemorySegment prefixes) implements LayerInserts {
        @Override
        public int numPrefixes() {
            return PREFIXES;
        }

        @Override
        public boolean isPrefixTable() {
            return true;
        }

        @Override
        public long prefixRow(int sequence, int layer) {
            return (long) layer * PREFIXES;
        }
    }

    private static MemorySegment random(Workspace memory, DType type, long n, Random random) {
        MemorySegment values = memory.allocate(type, n);
        for (long i = 0; i < n; i++) {
            double value = random.nextGaussian();
            if (type == DType.F64) {
                values.setAtIndex(ValueLayout.JAVA_DOUBLE, i, value);
            } else {
                values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
            }
        }
        return values;
    }

    private static RowTemplate sequence(int length, int read, Random random) {
        int[] ids = random.ints(length, 5, 60).toArray();
        ids[1] = -1;
        ids[length - 1] = -2;
        return new RowTemplate(IntSlice.of(ids), IntSlice.of(new int[length]), read, IntSlice.of(1, length - 1));
    }

    @Test
    void anyNumberOfThreadsGivesTheSameBits() throws Exception {
        Random random = new Random(11);
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active());
                Workspace memory = Workspace.ofBytes(1 << 20)) {
            EncoderWeights weights = backbone.weights();
            Kernels kernels = weights.backend().newKernels();
            DType type = weights.backend().dtype();
            int d = weights.config().hiddenSize();
            MemorySegment prompts = random(memory, type, 2L * d, random);
            LayerInserts table = new Table(
                    random(memory, type, 2L * d * PREFIXES * weights.config().numLayers(), random));
            MemorySegment one = memory.allocate(type, (long) MOST_ROWS * d);
            MemorySegment several = memory.allocate(type, (long) MOST_ROWS * d);
            for (int threads = 2; threads <= 4; threads++) {
                try (TransformerEncoder alone = new TransformerEncoder(weights, kernels, MOST_ROWS, PREFIXES, false);
                        TransformerEncoder shared =
                                new TransformerEncoder(weights, kernels, MOST_ROWS, PREFIXES, false);
                        EncoderTeam team = new EncoderTeam(weights, MOST_ROWS, PREFIXES, threads)) {
                    shared.workWith(team);
                    PackedRows rows =
                            new PackedRows(MOST_ROWS, 1, weights.config().positionOffset());
                    for (int length = 12; length <= MOST_ROWS; length += 3) {
                        int read = length % 2 == 0 ? RowTemplate.ALL_WORDS : length / 2;
                        for (LayerInserts inserts : new @Nullable LayerInserts[] {null, table}) {
                            rows.clear();
                            rows.add(sequence(length, read, random), 0);
                            assertThat(team.takes(rows, inserts)).isTrue();
                            alone.forward(rows, prompts, inserts, one, false);
                            shared.forward(rows, prompts, inserts, several, false);
                            long bytes = (long) rows.numRead() * d * type.bytes();
                            assertThat(one.asSlice(0, bytes).mismatch(several.asSlice(0, bytes)))
                                    .as("%d rows, %d threads", length, threads)
                                    .isEqualTo(-1);
                        }
                    }
                    assertThat(HeapBytes.leastOf(100, () -> shared.forward(rows, prompts, table, several, false)))
                            .isZero();
                }
            }
        }
    }

    @Test
    void whatCannotBeSharedIsLeftToOneThread() throws Exception {
        Random random = new Random(12);
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active());
                EncoderTeam team = new EncoderTeam(backbone.weights(), MOST_ROWS, 0, 2)) {
            PackedRows rows = new PackedRows(2 * MOST_ROWS, 2, 0);
            rows.add(sequence(4, 0, random), 0);
            assertThat(team.takes(rows, null)).as("few rows").isFalse();
            rows.clear();
            rows.add(sequence(30, 0, random), 0);
            assertThat(team.takes(rows, null)).isTrue();
            assertThat(team.takes(rows, new LayerInserts() {}))
                    .as("changes between layers see all rows")
                    .isFalse();
            rows.add(sequence(30, 0, random), 0);
            assertThat(team.takes(rows, null)).as("two sequences").isFalse();
            assertThatThrownBy(() -> new EncoderTeam(backbone.weights(), MOST_ROWS, 0, 1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void memoryThatRunsOutFreesWhatWasTaken() throws Exception {
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active())) {
            for (int possible = 0; possible < 3; possible++) {
                List<MemorySegment> taken = new ArrayList<>();
                int most = possible;
                Workspace.takeMemoryFrom((bytes, alignment, arena) -> {
                    if (taken.size() == most) {
                        throw new OutOfMemoryError("as a test");
                    }
                    MemorySegment memory = arena.allocate(bytes, alignment);
                    taken.add(memory);
                    return memory;
                });
                try {
                    assertThatThrownBy(() -> new EncoderTeam(backbone.weights(), MOST_ROWS, 0, 2, "team-of-a-test"))
                            .isInstanceOf(OutOfMemoryError.class);
                } finally {
                    Workspace.takeMemoryFrom(null);
                }
                assertThat(taken)
                        .hasSize(most)
                        .noneMatch(memory -> memory.scope().isAlive());
            }
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("team-of-a-test"));
    }

    /** The second thread's rows point behind the prompt table, so that only its part fails. */
    @Test
    void failureInOnePartEndsThePassAndNotTheTeam() throws Exception {
        Random random = new Random(13);
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active());
                Workspace memory = Workspace.ofBytes(1 << 20);
                EncoderTeam team = new EncoderTeam(backbone.weights(), MOST_ROWS, 0, 2)) {
            EncoderWeights weights = backbone.weights();
            int d = weights.config().hiddenSize();
            DType type = weights.backend().dtype();
            MemorySegment output = memory.allocate(type, (long) MOST_ROWS * d);
            MemorySegment oneSlot = random(memory, type, d, random);
            MemorySegment twoSlots = random(memory, type, 2L * d, random);
            PackedRows rows = new PackedRows(MOST_ROWS, 1, 0);
            rows.add(sequence(30, 0, random), 0);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> team.forward(rows, oneSlot, null, output))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                team.forward(rows, twoSlots, null, output);
            }
        }
    }
}
