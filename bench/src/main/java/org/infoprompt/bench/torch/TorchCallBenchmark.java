package org.infoprompt.bench.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.infoprompt.ffi.torch.Brgemm;
import org.infoprompt.ffi.torch.TorchOps;
import org.infoprompt.ffi.torch.TorchTensor;
import org.infoprompt.ffi.torch.TorchTensor.ElementType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a call costs: a product so small that nothing else counts, and the making of a tensor. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Xms512m", "-Xmx512m"})
public class TorchCallBenchmark {
    private static final int SIZE = 4;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment left = Memory.random(arena, SIZE * SIZE);
    private final MemorySegment right = Memory.random(arena, SIZE * SIZE);
    private final MemorySegment result = arena.allocate(SIZE * SIZE * Float.BYTES, 64);
    private final TorchTensor a = TorchTensor.over(left, ElementType.F32, SIZE, SIZE);
    private final TorchTensor b = TorchTensor.over(right, ElementType.F32, SIZE, SIZE);
    private final TorchTensor c = TorchTensor.over(result, ElementType.F32, SIZE, SIZE);
    private final NoGradGuard noGradients = new NoGradGuard();
    private final FloatPointer memory = new FloatPointer(3L * SIZE * SIZE);
    private final Tensor jniA = tensor(0);
    private final Tensor jniB = tensor(SIZE * SIZE);
    private final Tensor jniC = tensor(2L * SIZE * SIZE);

    private Tensor tensor(long offset) {
        return torch.from_blob(memory.getPointer(offset), SIZE, SIZE);
    }

    /** Copies the operands to where JNI takes them and compares the ways' answers. */
    @Setup
    public void check() {
        torch.set_num_threads(1);
        for (int i = 0; i < SIZE * SIZE; i++) {
            memory.put(i, left.getAtIndex(ValueLayout.JAVA_FLOAT, i));
            memory.put(SIZE * SIZE + i, right.getAtIndex(ValueLayout.JAVA_FLOAT, i));
        }
        matmulByJni();
        MemorySegment expected = arena.allocate(result.byteSize(), 64);
        for (int i = 0; i < SIZE * SIZE; i++) {
            expected.setAtIndex(ValueLayout.JAVA_FLOAT, i, memory.get(2L * SIZE * SIZE + i));
        }
        matmul();
        Memory.check(result, expected, 1e-5);
        block();
        Memory.check(result, expected, 1e-5);
    }

    /** {@code aoti_torch_cpu_mm_out} through the foreign function interface. */
    @Benchmark
    public void matmul() {
        TorchOps.matmul(c, a, b);
    }

    /**
     * {@return the result of {@code at::mm_out} through JavaCPP's JNI}
     */
    @Benchmark
    public Tensor matmulByJni() {
        return torch.mm_out(jniC, jniA, jniB);
    }

    /** {@code at::native::cpublas::brgemm} on plain memory. */
    @Benchmark
    public void block() {
        Brgemm.f32(SIZE, SIZE, SIZE, false, left, 0, SIZE, right, SIZE, result, SIZE);
    }

    /** Makes and closes a tensor through the foreign function interface. */
    @Benchmark
    public void tensor() {
        TorchTensor.over(left, ElementType.F32, SIZE, SIZE).close();
    }

    /** Makes and closes a tensor through JavaCPP's JNI. */
    @Benchmark
    public void tensorByJni() {
        torch.from_blob(memory, SIZE, SIZE).close();
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
        a.close();
        b.close();
        c.close();
        jniA.close();
        jniB.close();
        jniC.close();
        noGradients.close();
        memory.close();
        arena.close();
    }
}
