package org.infoprompt.ops.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import org.infoprompt.ffi.cuda.CudaFunction;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.ops.check.RowChecks;
import org.infoprompt.tensor.DType;
import org.jspecify.annotations.Nullable;

/** Row movement and reductions; see {@code rows.cu}. */
final class CudaRowKernels implements RowKernels {
    private static final int COLUMN_BLOCK = 128;
    private static final int MAX_SQUARE_BLOCKS = 64;
    private static final int SQUARE_BLOCK = 256;

    private final DeviceCall call;
    private final CudaFunction embed;
    private final OfEachType gather;
    private final OfEachType join;
    private final OfEachType split;
    private final CudaFunction scatterAdd;
    private final CudaFunction addBias;
    private final CudaFunction columnSums;
    private final CudaFunction groupMean;
    private final CudaFunction groupSpread;
    private final CudaFunction axpby;
    private final CudaFunction sumOfSquares;

    /** One kernel for rows of each type. */
    private record OfEachType(CudaFunction f32, CudaFunction bf16) {
        OfEachType(CudaDevice device, String name) {
            this(device.kernel(name, Storage.F32.suffix()), device.kernel(name, Storage.BF16.suffix()));
        }

        CudaFunction of(Storage type) {
            return type == Storage.F32 ? f32 : bf16;
        }
    }

    CudaRowKernels(CudaDevice device, DeviceCall call) {
        this.call = call;
        embed = device.kernel("embed");
        gather = new OfEachType(device, "gather");
        join = new OfEachType(device, "join_rows");
        split = new OfEachType(device, "split_rows");
        scatterAdd = device.kernel("scatter_add");
        addBias = device.kernel("add_bias");
        columnSums = device.kernel("column_sums");
        groupMean = device.kernel("group_mean");
        groupSpread = device.kernel("group_spread");
        axpby = device.kernel("axpby");
        sumOfSquares = device.kernel("sum_of_squares");
    }

    @Override
    public void embed(
            int rows,
            int width,
            MemorySegment words,
            @Nullable MemorySegment prompts,
            int[] source,
            MemorySegment positions,
            int[] positionIds,
            @Nullable MemorySegment types,
            int[] typeIds,
            MemorySegment out) {
        RowChecks.embed(Float.BYTES, rows, width, words, prompts, source, positions, positionIds, types, typeIds, out);
        long n = (long) rows * width;
        if (n == 0) {
            return;
        }
        call.start();
        call.arguments()
                .int32(width)
                .pointer(whole(words))
                .pointer(prompts == null ? 0 : whole(prompts))
                .pointer(call.ints(source, 0, rows))
                .pointer(whole(positions))
                .pointer(call.ints(positionIds, 0, rows))
                .pointer(types == null ? 0 : whole(types))
                .pointer(types == null ? 0 : call.ints(typeIds, 0, rows))
                .pointer(call.out(out, n));
        call.launch(embed, rows, 1, Blocks.size(width), 0);
        call.finish();
    }

    @Override
    public void copy(int rows, int width, MemorySegment source, long sourceRow, MemorySegment target, long targetRow) {
        RowChecks.copy(Float.BYTES, rows, width, source, sourceRow, target, targetRow);
        long rowBytes = (long) width * Float.BYTES;
        long bytes = rows * rowBytes;
        if (bytes == 0) {
            return;
        }
        MemorySegment from = source.asSlice(sourceRow * rowBytes, bytes);
        MemorySegment to = target.asSlice(targetRow * rowBytes, bytes);
        if (from.asOverlappingSlice(to).isPresent()) {
            call.await();
            to.copyFrom(from);
            return;
        }
        call.start();
        long input = call.in(from, bytes / Float.BYTES);
        call.copy(call.out(to, bytes / Float.BYTES), input, bytes);
        call.finish();
    }

    @Override
    public void gather(int rows, int width, MemorySegment table, int[] index, MemorySegment out) {
        gather(DType.F32, rows, width, table, index, out);
    }

    @Override
    public void gather(DType dtype, int rows, int width, MemorySegment table, int[] index, MemorySegment out) {
        Storage type = Storage.of(dtype);
        RowChecks.indexed(type.bytes(), rows, width, table, index, "out", out);
        type.whole("width", width);
        long n = (long) rows * width;
        if (n == 0) {
            return;
        }
        call.start();
        long source = call.in(table, table.byteSize() / type.bytes(), type);
        long target = call.out(out, n, type);
        type.aligned(source | target, 0);
        call.arguments()
                .int32(width)
                .pointer(source)
                .pointer(call.ints(index, 0, rows))
                .pointer(target);
        call.launch(gather.of(type), rows, 1, Blocks.size(width / type.group()), 0);
        call.finish();
    }

    @Override
    public void joinRows(
            DType dtype,
            int from,
            int to,
            int width,
            MemorySegment table,
            long tableRow,
            MemorySegment buffer,
            int stride,
            int column,
            int[] source,
            MemorySegment joined) {
        Storage type = Storage.of(dtype);
        RowChecks.joined(
                Float.BYTES, type.bytes(), from, to, width, table, tableRow, buffer, stride, column, source, joined);
        wholeRows(type, width, stride, column);
        if (to == from) {
            return;
        }
        call.start();
        long target = call.inOut(joined, (long) to * width, type) + (long) from * width * type.bytes();
        long prefixes = whole(table) + tableRow * width * Float.BYTES;
        long rows = call.in(buffer, buffer.byteSize() / type.bytes(), type);
        type.aligned(target | rows, prefixes);
        call.arguments()
                .int32(width)
                .pointer(prefixes)
                .pointer(rows)
                .int32(stride)
                .int32(column)
                .pointer(call.ints(source, from, to - from))
                .pointer(target);
        call.launch(join.of(type), to - from, 1, Blocks.size(width / type.group()), 0);
        call.finish();
    }

    @Override
    public void splitRows(
            DType dtype,
            int from,
            int to,
            int width,
            MemorySegment joined,
            int[] source,
            MemorySegment table,
            long tableRow,
            MemorySegment buffer,
            int stride,
            int column) {
        Storage type = Storage.of(dtype);
        RowChecks.joined(
                Float.BYTES, type.bytes(), from, to, width, table, tableRow, buffer, stride, column, source, joined);
        wholeRows(type, width, stride, column);
        if (to == from) {
            return;
        }
        call.start();
        long all = call.in(joined, (long) to * width, type) + (long) from * width * type.bytes();
        long prefixes = call.inOut(table, table.byteSize() / Float.BYTES) + tableRow * width * Float.BYTES;
        long rows = call.inOut(buffer, buffer.byteSize() / type.bytes(), type);
        type.aligned(all | rows, prefixes);
        call.arguments()
                .int32(width)
                .pointer(all)
                .pointer(call.ints(source, from, to - from))
                .pointer(prefixes)
                .pointer(rows)
                .int32(stride)
                .int32(column);
        call.launch(split.of(type), to - from, 1, Blocks.size(width / type.group()), 0);
        call.finish();
    }

    private static void wholeRows(Storage type, int width, int stride, int column) {
        type.whole("width", width);
        type.whole("stride", stride);
        type.whole("column", column);
    }

    @Override
    public void scatterAdd(int rows, int width, MemorySegment source, int[] index, MemorySegment table) {
        RowChecks.indexed(Float.BYTES, rows, width, table, index, "source", source);
        long n = (long) rows * width;
        if (n == 0) {
            return;
        }
        call.start();
        call.arguments()
                .int32(rows)
                .int32(width)
                .pointer(call.in(source, n))
                .pointer(call.ints(index, 0, rows))
                .pointer(call.inOut(table, table.byteSize() / Float.BYTES));
        call.launch(scatterAdd, columnBlocks(width), 1, COLUMN_BLOCK, 0);
        call.finish();
    }

    @Override
    public void addBias(int rows, int width, MemorySegment bias, MemorySegment y) {
        RowChecks.column(Float.BYTES, rows, width, "y", y, "bias", bias);
        long n = (long) rows * width;
        if (n == 0) {
            return;
        }
        call.start();
        call.arguments().int64(n).int32(width).pointer(call.in(bias, width)).pointer(call.inOut(y, n));
        call.launchElements(addBias, n);
        call.finish();
    }

    @Override
    public void columnSums(int rows, int width, double alpha, MemorySegment x, double beta, MemorySegment out) {
        RowChecks.column(Float.BYTES, rows, width, "x", x, "out", out);
        if (width == 0) {
            return;
        }
        call.start();
        call.arguments()
                .int32(rows)
                .int32(width)
                .float64(alpha)
                .pointer(call.in(x, (long) rows * width))
                .float64(beta)
                .pointer(call.inOut(out, width));
        call.launch(columnSums, columnBlocks(width), 1, COLUMN_BLOCK, 0);
        call.finish();
    }

    @Override
    public void groupMean(int rows, int group, int width, MemorySegment x, MemorySegment out) {
        RowChecks.grouped(Float.BYTES, rows, group, width, x, "out", out);
        long n = (long) rows * width;
        if (n == 0) {
            return;
        }
        call.start();
        call.arguments()
                .int32(group)
                .int32(width)
                .pointer(call.in(x, n * group))
                .pointer(call.out(out, n));
        call.launch(groupMean, rows, 1, Blocks.size(width), 0);
        call.finish();
    }

    @Override
    public void groupSpread(int rows, int group, int width, double alpha, MemorySegment d, MemorySegment x) {
        RowChecks.grouped(Float.BYTES, rows, group, width, x, "d", d);
        long n = (long) rows * group * width;
        if (n == 0) {
            return;
        }
        call.start();
        call.arguments()
                .int64(n)
                .int32(group)
                .int32(width)
                .float32((float) alpha)
                .pointer(call.in(d, (long) rows * width))
                .pointer(call.inOut(x, n));
        call.launchElements(groupSpread, n);
        call.finish();
    }

    @Override
    public void axpby(long n, double alpha, MemorySegment x, double beta, MemorySegment y) {
        RowChecks.elements(Float.BYTES, n, "x", x);
        RowChecks.elements(Float.BYTES, n, "y", y);
        if (n == 0) {
            return;
        }
        call.start();
        long input = call.in(x, n);
        call.arguments()
                .int64(n)
                .float32((float) alpha)
                .pointer(input)
                .float32((float) beta)
                .pointer(beta == 0 ? call.out(y, n) : call.inOut(y, n));
        call.launchElements(axpby, n);
        call.finish();
    }

    @Override
    public void fill(long n, double value, MemorySegment x) {
        RowChecks.elements(Float.BYTES, n, "x", x);
        if (n == 0) {
            return;
        }
        call.start();
        call.fill(call.out(x, n), Float.floatToRawIntBits((float) value), n);
        call.finish();
    }

    @Override
    public double sumOfSquares(long n, MemorySegment x) {
        DoubleSupplier sum = sumOfSquaresLater(n, x);
        call.await();
        return sum.getAsDouble();
    }

    @Override
    public DoubleSupplier sumOfSquaresLater(long n, MemorySegment x) {
        RowChecks.elements(Float.BYTES, n, "x", x);
        if (n == 0) {
            return () -> 0;
        }
        call.start();
        int blocks = (int) Math.min((n + SQUARE_BLOCK - 1) / SQUARE_BLOCK, MAX_SQUARE_BLOCKS);
        long target = call.scratch((long) blocks * Double.BYTES);
        call.arguments().int64(n).pointer(call.in(x, n)).pointer(target);
        call.launch(sumOfSquares, blocks, 1, SQUARE_BLOCK, 0);
        MemorySegment partials = Objects.requireNonNull(call.view(target, (long) blocks * Double.BYTES));
        return () -> {
            try {
                double sum = 0;
                for (int i = 0; i < blocks; i++) {
                    sum += partials.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
                }
                return sum;
            } finally {
                Reference.reachabilityFence(call); // whose memory was read
            }
        };
    }

    private long whole(MemorySegment table) {
        return call.in(table, table.byteSize() / Float.BYTES);
    }

    private static int columnBlocks(int width) {
        return (width + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
    }
}
