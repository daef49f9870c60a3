package org.infoprompt.prompt.lora;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.infoprompt.ops.Kernels;
import org.infoprompt.prompt.AdaptedLinear;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.StrategyContext;
import org.infoprompt.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * The low-rank changes of one matrix product of one layer. The A of its targets stand on each other, [k, in]; each Bᵀ·alpha/r
 * stands in the columns of its target, [k, out], zero elsewhere. So query, key and value take two products together.
 */
final class LoraProduct {
    private final Kernels kernels;
    private final DType dtype;
    private final int[] columns;

    /** Where each row of a product [k, out] has its target's columns, in rows of as many. */
    private final int[] ownColumns;

    private final int rank;
    private final int k;
    private final int in;
    private final int out;
    private final int part;
    private final MemorySegment[] a;
    private final MemorySegment[] b;
    private final MemorySegment[] dA;
    private final MemorySegment[] dB;
    private final MemorySegment down;
    private final MemorySegment up;
    private final MemorySegment savedInput;
    private final MemorySegment savedDown;

    /**
     * Opens a product.
     *
     * @param layer from 0
     * @param last whether that is the last layer
     * @param targets changed layers that the product computes, at least one
     */
    LoraProduct(StrategyContext context, int layer, boolean last, int rank, List<AdaptedLinear> targets) {
        kernels = context.kernels();
        dtype = context.dtype();
        BackboneShape backbone = context.backbone();
        this.rank = rank;
        int d = backbone.hiddenSize();
        int count = targets.size();
        AdaptedLinear first = targets.getFirst();
        k = Math.multiplyExact(rank, count);
        in = first.inputSize(backbone);
        part = first.outputSize(backbone);
        out = switch (first.product(last)) {
            case QUERY_KEY_VALUE -> 3 * d;
            case KEY_VALUE -> 2 * d;
            default -> part;
        };
        columns = new int[count];
        a = new MemorySegment[count];
        b = new MemorySegment[count];
        dA = new MemorySegment[count];
        dB = new MemorySegment[count];
        for (int t = 0; t < count; t++) {
            AdaptedLinear target = targets.get(t);
            columns[t] = target.column(d, last);
            a[t] = context.value(LoraConfig.down(target, layer));
            b[t] = context.value(LoraConfig.up(target, layer));
            dA[t] = context.gradient(LoraConfig.down(target, layer));
            dB[t] = context.gradient(LoraConfig.up(target, layer));
        }
        ownColumns = new int[k];
        for (int row = 0; row < k; row++) {
            ownColumns[row] = row * (out / part) + columns[row / rank] / part;
        }
        down = context.shared((long) k * in);
        up = context.shared((long) k * out);
        boolean saves = context.isTraining();
        savedInput = context.encoderRows(saves ? in : 0);
        savedDown = context.encoderRows(saves ? k : 0);
    }

    /** Returns r·(in + out) over all targets, elements of one example's gradients. */
    int gradientSize() {
        return Math.multiplyExact(k, in + part);
    }

    int rank() {
        return k;
    }

    int inputSize() {
        return in;
    }

    int outputSize() {
        return out;
    }

    /** Lays the parameters out. */
    void prepare(double scale) {
        kernels.rows().fill((long) k * out, 0, up);
        for (int t = 0; t < columns.length; t++) {
            kernels.rows().copy(rank, in, a[t], 0, down, (long) t * rank);
        }
        kernels.await();
        for (int t = 0; t < columns.length; t++) {
            for (int j = 0; j < rank; j++) {
                long to = (long) (t * rank + j) * out + columns[t];
                for (int o = 0; o < part; o++) {
                    LoraStrategy.set(dtype, up, to + o, scale * LoraStrategy.get(dtype, b[t], (long) o * rank + j));
                }
            }
        }
    }

    /** y += alpha/r·B·A·x. */
    void forward(int rows, MemorySegment x, MemorySegment y, boolean keep, MemorySegment scratch) {
        MemorySegment inner = scratch;
        if (keep) {
            kernels.rows().copy(rows, in, x, 0, savedInput, 0);
            inner = savedDown;
        }
        kernels.matmul().gemm(false, true, rows, k, in, 1, x, down, 0, inner);
        kernels.matmul().gemm(false, false, rows, out, k, 1, inner, up, 1, y);
    }

    /** dx += alpha/r·Aᵀ·Bᵀ·dy; {@code dInner} receives alpha/r·Bᵀ·dy. */
    void backward(int rows, MemorySegment dY, @Nullable MemorySegment dX, MemorySegment dInner) {
        kernels.matmul().gemm(false, true, rows, k, out, 1, dY, up, 0, dInner);
        if (dX != null) {
            kernels.matmul().gemm(false, false, rows, in, k, 1, dInner, down, 1, dX);
        }
    }

    /**
     * Writes one example's gradients: dA [k, in], then dBᵀ [k, part].
     *
     * @param from its first row
     * @param rows its rows
     * @param own this thread's memory for one example
     * @param gradients receives them
     * @param at from this element on
     */
    void collect(
            int from,
            int rows,
            MemorySegment dY,
            MemorySegment dInner,
            double scale,
            LoraScratch own,
            MemorySegment gradients,
            long at) {
        copyRows(dInner, from, rows, k, own.inner());
        copyRows(savedInput, from, rows, in, own.rows());
        kernels.matmul().gemm(true, false, k, in, rows, 1, own.inner(), own.rows(), 0, own.product());
        int size = Math.multiplyExact(k, in);
        kernels.rows().copy(size, 1, own.product(), 0, gradients, at);
        copyRows(savedDown, from, rows, k, own.inner());
        copyRows(dY, from, rows, out, own.rows());
        kernels.matmul().gemm(true, false, k, out, rows, scale, own.inner(), own.rows(), 0, own.product());
        long element = dtype.bytes();
        MemorySegment target = gradients.asSlice((at + size) * element, (long) k * part * element);
        kernels.rows().gather(k, part, own.product(), ownColumns, target);
    }

    private void copyRows(MemorySegment source, int from, int rows, int width, MemorySegment target) {
        kernels.rows().copy(rows, width, source, from, target, 0);
    }

    /** Gives the batch's summed gradients, laid out as in {@link #collect}, to the parameters. */
    void spread(MemorySegment sums, long at) {
        kernels.await();
        long element = dtype.bytes();
        for (int t = 0; t < columns.length; t++) {
            long size = (long) rank * in;
            MemorySegment.copy(sums, (at + t * size) * element, dA[t], 0, size * element);
            long from = at + (long) k * in + (long) t * rank * part;
            for (int j = 0; j < rank; j++) {
                for (int o = 0; o < part; o++) {
                    double value = LoraStrategy.get(dtype, sums, from + (long) j * part + o);
                    LoraStrategy.set(dtype, dB[t], (long) o * rank + j, value);
                }
            }
        }
    }
}
