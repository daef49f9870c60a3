package org.infoprompt.prompt.ptuning;

import java.lang.foreign.MemorySegment;
import org.infoprompt.prompt.Lstm;
import org.infoprompt.prompt.StrategyContext;

/** Both directions of one LSTM layer over one sequence, with the buffers between forward and backward pass. */
final class BiLstm {
    private final Lstm ahead;
    private final Lstm back;
    private final MemorySegment hidden;
    private final MemorySegment gatesAhead;
    private final MemorySegment gatesBack;
    private final MemorySegment cellsAhead;
    private final MemorySegment cellsBack;
    private final MemorySegment beforeAhead;
    private final MemorySegment beforeBack;

    BiLstm(StrategyContext context, String module, int layer, int in, int h, int rows) {
        ahead = new Lstm(context, module, layer, false, in, h);
        back = new Lstm(context, module, layer, true, in, h);
        long n = (long) rows * h;
        hidden = context.scratch(2 * n);
        gatesAhead = context.scratch(4 * n);
        gatesBack = context.scratch(4 * n);
        cellsAhead = context.scratch(n);
        cellsBack = context.scratch(n);
        beforeAhead = context.scratch(n);
        beforeBack = context.scratch(n);
    }

    /** Returns [rows, 2h], both directions side by side. */
    MemorySegment hidden() {
        return hidden;
    }

    void forward(int steps, MemorySegment x) {
        ahead.inputs(steps, x, gatesAhead);
        ahead.forward(0, steps, gatesAhead, cellsAhead, beforeAhead, hidden);
        back.inputs(steps, x, gatesBack);
        back.forward(0, steps, gatesBack, cellsBack, beforeBack, hidden);
    }

    /** Leaves the gradients to the gates for the two methods below. */
    void backward(int steps, MemorySegment dHidden) {
        ahead.backward(0, steps, gatesAhead, cellsAhead, dHidden);
        back.backward(0, steps, gatesBack, cellsBack, dHidden);
    }

    void gradients(int steps, MemorySegment x) {
        ahead.gradients(steps, gatesAhead, x, beforeAhead);
        back.gradients(steps, gatesBack, x, beforeBack);
    }

    void inputsBackward(int steps, MemorySegment dx) {
        ahead.inputsBackward(steps, gatesAhead, 0, dx);
        back.inputsBackward(steps, gatesBack, 1, dx);
    }
}
