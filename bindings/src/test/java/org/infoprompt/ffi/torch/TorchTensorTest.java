package org.infoprompt.ffi.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.infoprompt.ffi.torch.TorchTensor.ElementType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TorchTensorTest {
    @BeforeAll
    static void load() {
        Torch.assumeLoaded();
    }

    @Test
    void liesWhereTheSegmentLies() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = Torch.copy(arena, Torch.random(12));
            try (TorchTensor whole = TorchTensor.over(memory, ElementType.F32, 3, 4);
                    TorchTensor part = TorchTensor.over(memory.asSlice(16), ElementType.F32, 2, 4);
                    TorchTensor halves = TorchTensor.over(memory, ElementType.BF16, 24)) {
                assertThat(whole.address()).isEqualTo(memory.address());
                assertThat(part.address()).isEqualTo(memory.address() + 16);
                assertThat(whole.sizes()).containsExactly(3, 4);
                assertThat(whole.strides()).containsExactly(4, 1);
                assertThat(whole.type()).isEqualTo(ElementType.F32);
                assertThat(halves.type()).isEqualTo(ElementType.BF16);
                assertThat(halves.sizes()).containsExactly(24);
            }
        }
    }

    @Test
    void resultsAreWrittenIntoTheSegment() {
        try (Arena arena = Arena.ofConfined()) {
            float[] a = Torch.random(6);
            float[] b = Torch.random(8);
            MemorySegment out = arena.allocate(48, 64);
            try (TorchTensor left = TorchTensor.over(Torch.copy(arena, a), ElementType.F32, 3, 2);
                    TorchTensor right = TorchTensor.over(Torch.copy(arena, b), ElementType.F32, 2, 4);
                    TorchTensor result = TorchTensor.over(out, ElementType.F32, 3, 4)) {
                TorchOps.matmul(result, left, right);
            }
            float[] expected = Torch.product(3, 4, 2, a, b, false);
            for (int i = 0; i < expected.length; i++) {
                assertThat(Torch.values(out)[i]).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-6f));
            }
        }
    }

    @Test
    void closingTwiceIsFineAndUseAfterwardsIsNot() {
        try (Arena arena = Arena.ofConfined()) {
            long before = TorchTensor.openTensors();
            TorchTensor tensor = TorchTensor.over(arena.allocate(16, 64), ElementType.F32, 4);
            assertThat(TorchTensor.openTensors()).isEqualTo(before + 1);
            tensor.close();
            tensor.close();
            assertThat(TorchTensor.openTensors()).isEqualTo(before);
            assertThatThrownBy(tensor::sizes).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void refusesWhatCannotBeATensor() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(47, 64);
            assertThatThrownBy(() -> TorchTensor.over(memory, ElementType.F32, 3, 4))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("[3, 4]")
                    .hasMessageContaining("48 bytes");
            assertThatThrownBy(() -> TorchTensor.over(memory, ElementType.F32, new long[] {2, 2}, new long[] {10, 2}))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> TorchTensor.over(memory, ElementType.F32, -1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> TorchTensor.over(MemorySegment.ofArray(new float[12]), ElementType.F32, 12))
                    .isInstanceOf(IllegalArgumentException.class);
            try (TorchTensor empty = TorchTensor.over(memory, ElementType.F32, 0, 1000)) {
                assertThat(empty.sizes()).containsExactly(0, 1000);
            }
        }
    }

    @Test
    void aForgottenTensorIsReportedWithThePlaceOfItsCreation() throws InterruptedException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            forget();
            for (int i = 0; i < 300 && !log.toString(StandardCharsets.UTF_8).contains("forget"); i++) {
                System.gc();
                Thread.sleep(10);
            }
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("a tensor of LibTorch was never closed")
                .contains("TorchTensorTest.forget");
    }

    private static void forget() {
        TorchTensor.over(Arena.ofAuto().allocate(16, 64), ElementType.F32, 4);
    }
}
