package org.infoprompt.ops.panel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.infoprompt.ops.Activation;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.check.MatmulChecks;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products in tiles: rows are copied into a block that the second-level cache holds, every panel passes over all
 * tiles of the block while it is in the first-level cache, and a finished tile gets bias, residual or activation before
 * it is written.
 *
 * @param <W> the packed weights
 */
public abstract class PanelMatmulKernels<W extends PackedWeight> implements MatmulKernels {
    /** Floats of the block of rows: 1 MiB, half of a usual second-level cache. */
    private static final int BLOCK_FLOATS = 1 << 18;

    private static final MemorySegment NONE = MemorySegment.NULL;

    private enum Finish {
        BIAS,
        ADD,
        ACTIVATE,
        SLOPE,
        COMBINE
    }

    private final TileMath tile;
    private final Class<W> weightClass;
    private float[] other = new float[0];
    private float[] slopes = new float[0];
    private float[] a = new float[0];
    private float[] c = new float[0];
    private float[] biases = new float[0];
    private float[] operand = new float[0];
    private float[] line = new float[0];

    private Finish finish = Finish.BIAS;
    private Activation activation = Activation.RELU;
    private boolean keepSlope;
    private MemorySegment second = NONE;
    private MemorySegment output = NONE;
    private int numBlocks;
    private int depth;
    private float alpha;
    private float beta;

    /**
     * Creates the kernels; scratch memory grows at first use.
     *
     * @param tile the inner loops
     * @param weightClass the packed weights
     */
    protected PanelMatmulKernels(TileMath tile, Class<W> weightClass) {
        this.tile = tile;
        this.weightClass = weightClass;
    }

    @Override
    public final void linear(PackedWeight w, int rows, MemorySegment x, @Nullable MemorySegment bias, MemorySegment y) {
        W own = own(w);
        MatmulChecks.linear(Float.BYTES, w, rows, x, bias, null, y);
        finish = Finish.BIAS;
        run(own, rows, x, bias, NONE, y);
    }

    @Override
    public final void linearAdd(
            PackedWeight w,
            int rows,
            MemorySegment x,
            @Nullable MemorySegment bias,
            MemorySegment residual,
            MemorySegment y) {
        W own = own(w);
        MatmulChecks.linear(Float.BYTES, w, rows, x, bias, residual, y);
        finish = Finish.ADD;
        run(own, rows, x, bias, residual, y);
    }

    @Override
    public final void linearActivation(
            PackedWeight w,
            int rows,
            MemorySegment x,
            MemorySegment bias,
            Activation function,
            @Nullable MemorySegment slope,
            MemorySegment y) {
        W own = own(w);
        MatmulChecks.linear(Float.BYTES, w, rows, x, bias, slope, y);
        finish = Finish.ACTIVATE;
        activation = function;
        keepSlope = slope != null;
        run(own, rows, x, bias, slope == null ? NONE : slope, y);
    }

    @Override
    public final void linearActivationBackward(
            PackedWeight w, int rows, MemorySegment dy, MemorySegment slope, MemorySegment dInner) {
        W own = own(w);
        MatmulChecks.linear(Float.BYTES, w, rows, dy, null, slope, dInner);
        finish = Finish.SLOPE;
        run(own, rows, dy, null, slope, dInner);
    }

    @Override
    public final void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            double factor,
            MemorySegment left,
            MemorySegment right,
            double keep,
            MemorySegment result) {
        MatmulChecks.gemm(Float.BYTES, m, n, k, left, right, result);
        if (m == 0 || n == 0) {
            return;
        }
        operand = ensure(operand, Panels.size(tile, k, n));
        if (transposeB) {
            line = ensure(line, k);
            Panels.packTransposed(tile, right, 0, (long) k * Float.BYTES, n, k, operand, 0, line);
        } else {
            Panels.pack(tile, right, 0, (long) n * Float.BYTES, n, k, operand, 0);
        }
        finish = Finish.COMBINE;
        alpha = (float) factor;
        beta = (float) keep;
        second = result;
        output = result;
        product(operand, 0, k, n, 0, m, left, transposeA);
        second = NONE;
        output = NONE;
    }

    private void run(
            W w,
            int rows,
            MemorySegment x,
            @Nullable MemorySegment bias,
            MemorySegment secondOperand,
            MemorySegment y) {
        int n = w.outputSize();
        biases = ensure(biases, n + tile.width());
        if (bias == null) {
            Arrays.fill(biases, 0, n, 0f);
        } else {
            MemorySegment.copy(bias, TileMath.FLOAT, 0, biases, 0, n);
        }
        second = secondOperand;
        output = y;
        multiply(w, rows, x);
        second = NONE;
        output = NONE;
    }

    /**
     * Multiplies rows with a packed weight: every tile of the product goes through {@link #finishTile} once.
     *
     * @param w the weight
     * @param rows R
     * @param x [R, K]
     */
    protected abstract void multiply(W w, int rows, MemorySegment x);

    /**
     * Multiplies some of the rows by the inner loops.
     *
     * @param w the weight
     * @param firstRow the first of them
     * @param rows R
     * @param x [R, K]
     */
    protected final void multiplyPanels(PanelWeight w, int firstRow, int rows, MemorySegment x) {
        PanelMemory panels = w.panels();
        product(panels.array(), panels.start(), w.inputSize(), w.outputSize(), firstRow, rows, x, false);
    }

    private void product(
            float[] panels, int base, int k, int n, int firstRow, int rows, MemorySegment x, boolean transposed) {
        numBlocks = Math.max(1, (k + tile.maxDepth() - 1) / tile.maxDepth());
        depth = (k + numBlocks - 1) / numBlocks;
        int height = tile.height();
        int most = Math.max(1, BLOCK_FLOATS / (tile.stride() * numBlocks * height)) * height;
        for (int first = firstRow; first < rows; first += most) {
            int count = Math.min(most, rows - first);
            int padded = (count + height - 1) / height * height;
            a = ensure(a, padded * numBlocks * tile.stride());
            c = ensure(c, padded * tile.width());
            if (transposed) {
                loadTransposed(x, first, count, rows, k, padded);
            } else {
                loadRows(x, first, count, k, padded);
            }
            int atOnce = tile.panelsAtOnce(count);
            int column = 0;
            if (atOnce > 1) {
                for (; column + atOnce * tile.width() <= n; column += atOnce * tile.width()) {
                    severalPanels(panels, base + column * k, k, n, column, atOnce, first, count, padded);
                }
            }
            for (; column < n; column += tile.width()) {
                onePanel(panels, base + column * k, k, n, column, first, count, padded);
            }
        }
    }

    private void onePanel(float[] panels, int start, int k, int n, int column, int first, int count, int padded) {
        int columns = Panels.columns(tile, n, column);
        int pitch = tile.pitch(columns);
        int highest = tile.height();
        for (int block = 0; block < numBlocks; block++) {
            int from = block * depth;
            int size = Math.min(depth, k - from);
            boolean last = block == numBlocks - 1;
            for (int r = 0; r < count; r += highest) {
                int tileRows = Math.min(highest, count - r);
                int height = tile.heightFor(tileRows);
                int a0 = (block * padded + r) * tile.stride();
                int b0 = start + from * pitch;
                int c0 = r * pitch;
                if (block == 0) {
                    tile.multiply(height, a, a0, panels, b0, columns, size, c, c0, pitch);
                } else {
                    tile.multiplyAdd(height, a, a0, panels, b0, columns, size, c, c0, pitch);
                }
                if (last) {
                    finishTile(c, c0, first + r, tileRows, n, column, columns, pitch);
                }
            }
        }
    }

    /** For one or two rows a single panel has too few independent sums to fill the pipeline. */
    private void severalPanels(
            float[] panels, int start, int k, int n, int column, int atOnce, int first, int count, int padded) {
        int width = tile.width();
        for (int block = 0; block < numBlocks; block++) {
            int from = block * depth;
            int size = Math.min(depth, k - from);
            int a0 = block * padded * tile.stride();
            int b0 = start + from * width;
            tile.multiplyPanels(block > 0, count, a, a0, panels, b0, k * width, size, c, 0, count * width);
        }
        for (int p = 0; p < atOnce; p++) {
            finishTile(c, p * count * width, first, count, n, column + p * width, width, width);
        }
    }

    /**
     * Adds bias, residual or activation to a tile of the product and writes it.
     *
     * @param tiles holds it; spoiled
     * @param c0 where it starts
     * @param row its first row
     * @param rows how many
     * @param n columns of the product
     * @param column its first column
     * @param columns how many
     * @param pitch elements between its rows, as the inner loops have it for so many columns
     */
    protected final void finishTile(
            float[] tiles, int c0, int row, int rows, int n, int column, int columns, int pitch) {
        long rowBytes = (long) n * Float.BYTES;
        long offset = row * rowBytes + (long) column * Float.BYTES;
        int size = rows * pitch;
        other = ensure(other, 3 * size);
        switch (finish) {
            case BIAS -> tile.addBias(tiles, c0, rows, pitch, biases, column);
            case ADD -> {
                tile.load(second, offset, rowBytes, rows, columns, other, 0, pitch);
                tile.addBias(tiles, c0, rows, pitch, biases, column);
                tile.add(tiles, c0, other, size);
            }
            case ACTIVATE -> {
                tile.addBias(tiles, c0, rows, pitch, biases, column);
                if (keepSlope) {
                    System.arraycopy(tiles, c0, other, 0, size);
                    slopes = ensure(slopes, size);
                    Arrays.fill(slopes, 0, size, 1f);
                    tile.multiplySlope(activation, slopes, 0, other, size);
                    tile.store(slopes, 0, pitch, rows, columns, second, offset, rowBytes);
                }
                tile.activate(activation, tiles, c0, other, size);
            }
            case SLOPE -> {
                tile.load(second, offset, rowBytes, rows, columns, other, 0, pitch);
                tile.multiplyBy(tiles, c0, other, size);
            }
            case COMBINE -> {
                if (beta != 0) {
                    tile.load(second, offset, rowBytes, rows, columns, other, 0, pitch);
                    tile.combine(alpha, tiles, c0, beta, other, size);
                } else if (alpha != 1) {
                    tile.scale(alpha, tiles, c0, size);
                }
            }
        }
        tile.store(tiles, c0, pitch, rows, columns, output, offset, rowBytes);
    }

    private void loadRows(MemorySegment x, int first, int count, int k, int padded) {
        long rowBytes = (long) k * Float.BYTES;
        int stride = tile.stride();
        for (int block = 0; block < numBlocks; block++) {
            int from = block * depth;
            int size = Math.min(depth, k - from);
            long offset = first * rowBytes + (long) from * Float.BYTES;
            tile.load(x, offset, rowBytes, count, size, a, block * padded * stride, stride);
            clearPadding(block * padded, count, padded, size);
        }
    }

    /** Reads x as [k, rows]. */
    private void loadTransposed(MemorySegment x, int first, int count, int rows, int k, int padded) {
        int stride = tile.stride();
        line = ensure(line, count);
        for (int block = 0; block < numBlocks; block++) {
            int from = block * depth;
            int size = Math.min(depth, k - from);
            for (int i = 0; i < size; i++) {
                long offset = ((from + i) * (long) rows + first) * Float.BYTES;
                tile.load(x, offset, 0, 1, count, line, 0, 0);
                Panels.scatter(line, count, a, block * padded * stride + i, stride);
            }
            clearPadding(block * padded, count, padded, size);
        }
    }

    /** Rows that only fill up a tile must not hold subnormal numbers, which are slow. */
    private void clearPadding(int base, int count, int padded, int size) {
        int end = count / tile.height() * tile.height();
        end = count == end ? end : Math.min(padded, end + tile.heightFor(count - end));
        for (int r = count; r < end; r++) {
            int start = (base + r) * tile.stride();
            Arrays.fill(a, start, start + size, 0f);
        }
    }

    private W own(PackedWeight w) {
        if (!weightClass.isInstance(w)) {
            throw new IllegalArgumentException(
                    "weight of class " + w.getClass().getSimpleName() + " must be a " + weightClass.getSimpleName());
        }
        return weightClass.cast(w);
    }

    static float[] ensure(float[] array, int size) {
        return array.length >= size ? array : new float[Math.max(size, 1024)];
    }
}
