package org.infoprompt.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PromptMemoryTest {
    private record Held(PromptMemory.Block block, MemorySegment memory, long mark) {
        static Held of(PromptMemory memory, long bytes, long mark) {
            PromptMemory.Block block = memory.allocate(bytes);
            MemorySegment segment = block.segment();
            assertThat(segment.byteSize()).isGreaterThanOrEqualTo(bytes);
            assertThat(segment.address() % 64).isZero();
            fill(segment, mark);
            return new Held(block, segment, mark);
        }

        private static void fill(MemorySegment segment, long mark) {
            for (long i = 0; i < segment.byteSize(); i += 8) {
                segment.set(ValueLayout.JAVA_LONG, i, mark * 31 + i);
            }
        }

        void check() {
            for (long i = 0; i < memory.byteSize(); i += 8) {
                if (memory.get(ValueLayout.JAVA_LONG, i) != mark * 31 + i) {
                    throw new AssertionError("block " + mark + " was written by another at " + i);
                }
            }
        }
    }

    @Test
    void blocksOfAllSizesKeepApartAndGiveTheirSlabsBack() {
        Random random = new Random(5);
        try (PromptMemory memory = new PromptMemory()) {
            List<Held> held = new ArrayList<>();
            for (int i = 0; i < 4000; i++) {
                if (held.isEmpty() || random.nextInt(5) < 3) {
                    int most = random.nextInt(40) == 0 ? 300_000 : 9_000;
                    held.add(Held.of(memory, 1 + random.nextInt(most), i));
                } else {
                    Held gone = held.remove(random.nextInt(held.size()));
                    gone.check();
                    gone.block.free();
                    gone.block.free();
                }
            }
            held.forEach(Held::check);
            assertThat(memory.heldBytes()).isGreaterThan(2 * PromptMemory.SLAB_BYTES);
            held.forEach(each -> each.block.free());
            assertThat(memory.heldBytes()).as("one empty slab is kept").isLessThanOrEqualTo(PromptMemory.SLAB_BYTES);
        }
    }

    @Test
    void slabsAreFilledToTheirEnds() {
        try (PromptMemory memory = new PromptMemory()) {
            long each = 9_224;
            int count = 1_000;
            List<PromptMemory.Block> blocks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                blocks.add(memory.allocate(each));
            }
            assertThat((double) memory.heldBytes()).isLessThan(1.12 * each * count);
            // Every second place is free again, and is taken before a new slab is.
            long held = memory.heldBytes();
            for (int i = 0; i < count; i += 2) {
                blocks.get(i).free();
            }
            for (int i = 0; i < count; i += 2) {
                blocks.set(i, memory.allocate(each));
            }
            assertThat(memory.heldBytes()).isEqualTo(held);
            blocks.forEach(PromptMemory.Block::free);
        }
    }

    @Test
    void heldBlocksOutliveTheOwner() {
        PromptMemory memory = new PromptMemory();
        Held small = Held.of(memory, 1000, 1);
        Held large = Held.of(memory, 1 << 20, 2);
        memory.close();
        small.check();
        large.check();
        assertThatThrownBy(() -> memory.allocate(8)).hasMessageContaining("closed");
        small.block.free();
        large.block.free();
        assertThat(small.memory.scope().isAlive()).isFalse();
        assertThat(large.memory.scope().isAlive()).isFalse();
        assertThat(memory.heldBytes()).isZero();
    }
}
