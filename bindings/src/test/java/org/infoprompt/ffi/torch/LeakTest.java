package org.infoprompt.ffi.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.infoprompt.ffi.Downcalls;
import org.infoprompt.ffi.NativeCallException;
import org.infoprompt.ffi.torch.TorchOps.Epilogue;
import org.infoprompt.ffi.torch.TorchTensor.ElementType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls everything that owns memory ten thousand times; what is forgotten each time would show in the process's size. */
class LeakTest {
    private static final int CALLS = 10_000;
    private static final int WARM_UP = 1_000;
    private static final Path STATUS = Path.of("/proc/self/status");

    /** What the Java virtual machine itself may allocate meanwhile, mostly for its compiler. */
    private static final long ALLOWED_ALLOCATED = 16L << 20;

    /** With the Java heap, which grows as it likes. */
    private static final long ALLOWED_RESIDENT = 256L << 20;

    /** {@code struct mallinfo2}: ten sizes, of which these two. */
    private static final int IN_MAPPED = 4;

    private static final int IN_USE = 7;

    private static final MethodHandle MALLINFO = mallinfo();

    @BeforeAll
    static void load() {
        Torch.assumeLoaded();
        Assumptions.assumeTrue(Files.isReadable(STATUS), "the size of the process is unknown here");
    }

    private static MethodHandle mallinfo() {
        MemoryLayout[] sizes = new MemoryLayout[10];
        Arrays.fill(sizes, ValueLayout.JAVA_LONG);
        return Downcalls.link(
                Downcalls.systemLibrary(), "mallinfo2", FunctionDescriptor.of(MemoryLayout.structLayout(sizes)));
    }

    @Test
    void operationsGiveEverythingBack() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment weight = Torch.copy(arena, Torch.random(64 * 64));
            MemorySegment rows = Torch.copy(arena, Torch.random(64 * 64 + 1));
            assertNoGrowth(() -> {
                // A forgotten result or packed copy would be 16 KiB a call, a forgotten handle some hundred bytes.
                try (TorchTensor w = TorchTensor.over(weight, ElementType.F32, 64, 64);
                        TorchTensor x = TorchTensor.over(rows, ElementType.F32, 64, 64);
                        TorchTensor packed = TorchOps.packLinear(w);
                        TorchTensor y = TorchOps.linear(x, packed, null, Epilogue.GELU_ERF);
                        TorchTensor z = TorchOps.linearAdd(y, packed, null, x)) {
                    TorchOps.matmul(y, z, w);
                }
            });
        }
    }

    @Test
    void attentionGivesEverythingBack() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rows = Torch.copy(arena, Torch.random(64 * 64));
            assertNoGrowth(() -> {
                try (TorchTensor x = TorchTensor.over(rows, ElementType.F32, 1, 4, 64, 16);
                        TorchTensor y = TorchOps.attention(x, x, x)) {
                    y.handle();
                }
            });
        }
    }

    @Test
    void handlesAreGivenBack() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(64, 64);
            assertNoGrowth(() -> {
                for (int i = 0; i < 20; i++) {
                    TorchTensor.over(memory, ElementType.F32, 16).close();
                }
            });
        }
    }

    @Test
    void failuresGiveEverythingBack() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(4L * 2048 * 65, 64);
            int[] failures = {0};
            // Each failure prints a line, so there are fewer of them, of tensors of 512 KiB.
            assertNoGrowth(4, 40, () -> {
                try (TorchTensor x = TorchTensor.over(memory, ElementType.F32, 64, 64);
                        TorchTensor w = TorchTensor.over(memory, ElementType.F32, 2048, 65);
                        TorchTensor copy = TorchOps.packLinear(w)) {
                    TorchOps.linear(x, copy, null, Epilogue.NONE).close();
                } catch (NativeCallException e) {
                    failures[0]++;
                }
            });
            assertThat(failures[0]).isEqualTo(44);
        }
    }

    private static void assertNoGrowth(Runnable call) throws IOException {
        assertNoGrowth(WARM_UP, CALLS, call);
    }

    private static void assertNoGrowth(int warmUp, int calls, Runnable call) throws IOException {
        for (int i = 0; i < warmUp; i++) {
            call.run();
        }
        long tensors = TorchTensor.openTensors();
        long allocated = allocatedBytes();
        long resident = residentBytes();
        for (int i = 0; i < calls; i++) {
            call.run();
        }
        assertThat(TorchTensor.openTensors()).isEqualTo(tensors);
        assertThat(allocatedBytes() - allocated)
                .as("bytes more allocated after %d calls", calls)
                .isLessThan(ALLOWED_ALLOCATED);
        assertThat(residentBytes() - resident)
                .as("bytes more resident after %d calls", calls)
                .isLessThan(ALLOWED_RESIDENT);
    }

    /** Returns the bytes that malloc has given out and not got back, by the C library's own count. */
    private static long allocatedBytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment counts = (MemorySegment) MALLINFO.invokeExact((SegmentAllocator) arena);
            return counts.getAtIndex(ValueLayout.JAVA_LONG, IN_MAPPED)
                    + counts.getAtIndex(ValueLayout.JAVA_LONG, IN_USE);
        } catch (Throwable e) {
            throw new AssertionError("mallinfo2", e);
        }
    }

    private static long residentBytes() throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith("RssAnon:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException(STATUS + " has no line RssAnon");
    }
}
