package org.infoprompt.prompt.multitask;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.prompt.Elements;
import org.infoprompt.prompt.SharedPrompts;
import org.infoprompt.prompt.StrategyContext;

/** Makes P ∘ (U·V) and, with G the gradient to it, dP = G ∘ (U·V), dU = (G ∘ P)·Vᵀ, dV = Uᵀ·(G ∘ P). */
final class MultitaskPrompts extends SharedPrompts {
    private final StrategyContext context;
    private final MatmulKernels matmul;
    private final Elements elements;
    private final int n;
    private final int d;
    private final int ranks;
    private final MemorySegment table;
    private final MemorySegment columns;
    private final MemorySegment rows;
    private final MemorySegment product;
    private final MemorySegment dProduct;

    MultitaskPrompts(StrategyContext context, MultitaskPromptConfig config) {
        super(context, config.slots());
        this.context = context;
        matmul = context.kernels().matmul();
        elements = new Elements(context.dtype(), context.kernels());
        n = config.slots();
        d = context.backbone().hiddenSize();
        ranks = config.ranks();
        table = context.value(MultitaskPromptConfig.PROMPTS);
        columns = context.value(MultitaskPromptConfig.COLUMNS);
        rows = context.value(MultitaskPromptConfig.ROWS);
        product = context.scratch((long) n * d);
        dProduct = context.scratch((long) n * d);
    }

    @Override
    protected void compute(MemorySegment prompts) {
        matmul.gemm(false, false, n, d, ranks, 1, columns, rows, 0, product);
        context.kernels().rows().copy(n, d, product, 0, prompts, 0);
        elements.multiply((long) n * d, table, prompts);
    }

    @Override
    protected void computeBackward(MemorySegment dPrompts) {
        context.kernels().rows().copy(n, d, dPrompts, 0, dProduct, 0);
        elements.multiply((long) n * d, table, dProduct);
        MemorySegment dTable = context.gradient(MultitaskPromptConfig.PROMPTS);
        context.kernels().rows().copy(n, d, dPrompts, 0, dTable, 0);
        elements.multiply((long) n * d, product, dTable);
        matmul.gemm(false, true, n, ranks, d, 1, dProduct, rows, 0, context.gradient(MultitaskPromptConfig.COLUMNS));
        matmul.gemm(true, false, ranks, d, n, 1, columns, dProduct, 0, context.gradient(MultitaskPromptConfig.ROWS));
    }
}
