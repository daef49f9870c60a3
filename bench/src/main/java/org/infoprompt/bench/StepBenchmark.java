package org.infoprompt.bench;

import java.io.IOException;
import java.util.Objects;
import org.infoprompt.objective.LossReport;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.PrecisionChoice;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole training step: 32 texts of one length through the encoder and back, all losses, clipping and AdamW. Plain states are
 * computed before, as in training from the second epoch on. Its losses are compared with those of the Vector API in fp32 first.
 */
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
public class StepBenchmark {
    /** Texts of a step. */
    static final int BATCH = 32;

    /** The frozen encoder, a name, Maven coordinates or a folder. */
    @Param("minilm")
    public String model = "minilm";

    /** Which implementation. */
    @Param("native")
    public String backend = "native";

    /** What the encoder multiplies in; fp32 or bf16, as far as the backend has it. */
    @Param({"fp32", "bf16"})
    public String precision = "fp32";

    /** Whose prompts. */
    @Param({"infoprompt", "prompt-tuning"})
    public String method = "infoprompt";

    /** Words of each text. */
    @Param({"32", "64"})
    public int length = 64;

    /** Workers. */
    @Param({"1", "2"})
    public int threads = 1;

    private @Nullable StepProblem problem;

    /** Creates the benchmark; called by JMH. */
    public StepBenchmark() {}

    /**
     * Loads the encoder, lays out the texts and compares one step with the Vector API's.
     *
     * @throws IOException if the encoder cannot be fetched or read
     */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        double expected;
        try (StepProblem reference = problem(Backends.byName("vector"), 1)) {
            expected = reference.step().total();
        }
        Backend chosen = PrecisionChoice.of(Backends.byName(backend), precision, "precision")
                .backend();
        StepProblem measured = problem(chosen, threads);
        problem = measured;
        double total = measured.step().total();
        double tolerance = (precision.equals("fp32") ? 1e-3 : 5e-2) * Math.max(1, Math.abs(expected));
        if (!(Math.abs(total - expected) <= tolerance)) {
            throw new IllegalStateException("the loss is " + total + ", expected " + expected + " ± " + tolerance);
        }
    }

    private StepProblem problem(Backend on, int numThreads) throws IOException {
        return new StepProblem(model, method, on, BATCH, length, numThreads);
    }

    /**
     * Forward, losses, backward and update.
     *
     * @param work counts
     * @return the losses
     */
    @Benchmark
    public LossReport step(Work work) {
        StepProblem p = Objects.requireNonNull(problem);
        work.add(p.flops(), 0);
        return p.step();
    }

    /** Frees the encoder. */
    @TearDown(Level.Trial)
    public void close() {
        if (problem != null) {
            problem.close();
        }
    }
}
