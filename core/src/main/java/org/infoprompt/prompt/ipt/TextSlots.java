package org.infoprompt.prompt.ipt;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ops.Kernels;
import org.infoprompt.prompt.StrategyContext;
import org.infoprompt.prompt.TokenRows;
import org.jspecify.annotations.Nullable;

/** The slots of each text from its own tokens, and their gradients: table, encoder, or both. */
final class TextSlots {
    private final StrategyContext context;
    private final Kernels kernels;
    private final int numRows;
    private final int rowWidth;
    private final @Nullable TokenEncoder encoder;
    private final MemorySegment table;
    private final @Nullable MemorySegment dTable;
    private final MemorySegment rows;
    private final MemorySegment dRows;
    private final MemorySegment out;
    private final MemorySegment dOut;
    private final TokenEncoder.Lengths lengths = this::length;
    private final int[] index;

    TextSlots(StrategyContext context, IptConfig config, @Nullable MemorySegment dSlots) {
        this.context = context;
        kernels = context.kernels();
        numRows = config.numRows();
        rowWidth = config.rowWidth(context.backbone());
        int width = config.slots() * config.slotWidth(context.backbone());
        table = config.isTrainedTable() ? context.value(IptConfig.ROWS) : context.words();
        dTable = config.isTrainedTable() ? context.gradient(IptConfig.ROWS) : null;
        rows = context.saved(numRows * rowWidth);
        dOut = dSlots != null ? dSlots : context.saved(width);
        boolean direct = config.encoder() == IptConfig.Encoder.NONE;
        out = direct ? rows : context.local(width);
        dRows = direct ? dOut : dTable == null ? context.local(numRows * rowWidth) : context.saved(numRows * rowWidth);
        encoder = switch (config.encoder()) {
            case NONE -> null;
            case MLP -> new MeanEncoder(context, numRows, width);
            case CNN -> new ConvolutionEncoder(context, numRows, width);
            case LSTM -> new LstmEncoder(context, numRows, config.lstmSize(), width);
        };
        index = new int[context.maxRows() * numRows];
    }

    /** Returns the gradient to the slots, [R, slots], that {@link #backward} reads. */
    MemorySegment dSlots() {
        return dOut;
    }

    private int length(int example) {
        return Math.min(numRows, context.tokens().length(example));
    }

    private void index(int m) {
        TokenRows tokens = context.tokens();
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < numRows; j++) {
                // A text of fewer tokens repeats its last one; encoders do not read so far.
                index[i * numRows + j] = tokens.id(i, Math.min(j, tokens.length(i) - 1));
            }
        }
    }

    /** Returns [m, slots]. */
    MemorySegment forward(int m) {
        index(m);
        kernels.rows().gather(m * numRows, rowWidth, table, index, rows);
        if (encoder != null) {
            encoder.forward(m, lengths, rows, out);
        }
        return out;
    }

    void backward(int m) {
        if (encoder != null) {
            encoder.backward(m, lengths, dOut, dRows);
        }
    }

    void gradients(int b) {
        if (encoder != null) {
            encoder.gradients(b, rows, dOut);
        }
        if (dTable != null) {
            index(b);
            kernels.rows().fill(dTable.byteSize() / context.dtype().bytes(), 0, dTable);
            kernels.rows().scatterAdd(b * numRows, rowWidth, dRows, index, dTable);
        }
    }
}
