package org.infoprompt.bench.torch;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.infoprompt.ffi.torch.TorchTensor.ElementType;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.Precision;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A linear layer [rows, 384]·[384, 384] with a bias, on one thread, by one way after the other. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector",
            "-Xms1g",
            "-Xmx1g",
            "-XX:+AlwaysPreTouch"
        })
public class TorchLinearBenchmark {
    private static final int WIDTH = 384;

    /** The way: two backends in float32, one in bfloat16, LibTorch's own layer in both, and {@code at::linear} by JNI. */
    public enum Kind {
        /** The Vector API. */
        VECTOR,
        /** The backend {@code torch}. */
        TORCH,
        /** The same in bfloat16, rounding the rows included. */
        TORCH_BF16,
        /** oneDNN's layer through LibTorch's C functions. */
        PACKED,
        /** The same in bfloat16, on rows that are bfloat16 already and with a bfloat16 result. */
        PACKED_BF16,
        /** {@code at::linear} through JavaCPP's JNI, the weight not packed. */
        JNI
    }

    /** Rows of the product. */
    @Param({"1", "16", "64", "512"})
    public int rows;

    /** How it is computed. */
    @Param({"VECTOR", "TORCH", "TORCH_BF16", "PACKED", "PACKED_BF16", "JNI"})
    public Kind kind = Kind.VECTOR;

    private @Nullable LinearLayer layer;
    private LinearLayer.@Nullable Way way;

    /** Makes the operands and checks the backends' results. */
    @Setup
    public void open() {
        LinearLayer made = new LinearLayer(rows, WIDTH, WIDTH);
        LinearLayer.Way chosen = switch (kind) {
            case VECTOR -> made.by(Backends.byName("vector"));
            case TORCH -> made.by(Backends.byName("torch"));
            case TORCH_BF16 -> made.by(Backends.byName("torch").with(Precision.BF16));
            case PACKED -> made.byPackedLinear(ElementType.F32);
            case PACKED_BF16 -> made.byPackedLinear(ElementType.BF16);
            case JNI -> new JniLinear(made, rows, WIDTH, WIDTH);
        };
        chosen.run();
        if (kind == Kind.VECTOR || kind == Kind.TORCH) {
            Memory.check(made.result(), made.expected(), 1e-4);
        } else if (kind == Kind.TORCH_BF16) {
            // 384 products of about 1/16, each wrong by 2⁻⁸ at most.
            Memory.check(made.result(), made.expected(), 0.05);
        }
        layer = made;
        way = chosen;
    }

    /** Computes the layer once. */
    @Benchmark
    public void linear() {
        Objects.requireNonNull(way).run();
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
        Objects.requireNonNull(way).close();
        Objects.requireNonNull(layer).close();
    }
}
