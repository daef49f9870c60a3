package org.infoprompt.peft;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The virtual tokens of a prompt adapter as one table [N, D] of word vectors. Those of multitask prompt tuning are {@code
 * prompt_embeddings ∘ (prefix_task_cols[t] · prefix_task_rows[t])} of one task t (Wang et al., arXiv 2303.02861).
 */
final class PromptTable {
    static final String EMBEDDINGS = "prompt_embeddings";
    static final String COLUMNS = "prefix_task_cols";
    static final String ROWS = "prefix_task_rows";
    static final String DAMAGED = "save the adapter again with PEFT";
    private static final String OTHER_CONFIG = "use configuration and weights of the same adapter";

    private PromptTable() {}

    /** Reads the table into the arena; {@code task} is needed where the adapter has several. */
    static MemorySegment load(
            AdapterConfig config,
            AdapterFiles adapter,
            PeftType type,
            int hiddenSize,
            @Nullable Integer task,
            DType dtype,
            Arena arena)
            throws IOException {
        int n = config.needSize("num_virtual_tokens");
        Tensor table = adapter.tensor(EMBEDDINGS, Shape.of(n, hiddenSize), DAMAGED, OTHER_CONFIG);
        MemorySegment prompts = Segments.copy(table, dtype, arena);
        if (type == PeftType.MULTITASK_PROMPT_TUNING) {
            multiply(config, adapter, task, prompts, n, hiddenSize, dtype);
        } else if (task != null) {
            throw new PeftException(
                    config.name(), "", "is an adapter of one task, task " + task + " was asked for", "leave it out");
        }
        return prompts;
    }

    private static void multiply(
            AdapterConfig config,
            AdapterFiles adapter,
            @Nullable Integer task,
            MemorySegment prompts,
            int n,
            int hiddenSize,
            DType dtype)
            throws IOException {
        int numTasks = orOne(config.size("num_tasks"));
        int numRanks = orOne(config.size("num_ranks"));
        if (task == null && numTasks > 1) {
            throw config.problem(
                    "num_tasks",
                    "is " + numTasks + " and no task was chosen",
                    "say which with --adapter-task, 0 to " + (numTasks - 1));
        }
        int t = task == null ? 0 : task;
        if (t < 0 || t >= numTasks) {
            throw config.problem(
                    "num_tasks", "is " + numTasks + ", task " + t + " was asked for", "choose 0 to " + (numTasks - 1));
        }
        Tensor columns = adapter.tensor(COLUMNS, Shape.of(numTasks, n, numRanks), DAMAGED, OTHER_CONFIG);
        Tensor rows = adapter.tensor(ROWS, Shape.of(numTasks, numRanks, hiddenSize), DAMAGED, OTHER_CONFIG);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < hiddenSize; j++) {
                double product = 0;
                for (int r = 0; r < numRanks; r++) {
                    product += (double) Segments.float32(columns, ((long) t * n + i) * numRanks + r)
                            * Segments.float32(rows, ((long) t * numRanks + r) * hiddenSize + j);
                }
                long at = (long) i * hiddenSize + j;
                Segments.set(prompts, dtype, at, Segments.get(prompts, dtype, at) * product);
            }
        }
    }

    private static int orOne(@Nullable Integer size) {
        return size == null ? 1 : size;
    }
}
