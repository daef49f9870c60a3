package org.infoprompt.ops.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.infoprompt.ops.vector.Lanes.COUNT;
import static org.infoprompt.ops.vector.Lanes.FLOATS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.ops.check.RowChecks;
import org.jspecify.annotations.Nullable;

/** Row movement and reductions; the sums that decide a training run's course are taken in double lanes. */
final class VectorRowKernels implements RowKernels {
    private static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, FLOATS.vectorShape());
    /** Floats that fill a double vector once converted. */
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

    private static final int HALF_COUNT = HALF.length();

    /** Elements summed at a time: a multiple of every vector's length. */
    private static final int PIECE = 256;

    private final double[] lanes = new double[HALF_COUNT];

    VectorRowKernels() {}

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
        for (int r = 0; r < rows; r++) {
            int id = source[r];
            long row = (long) r * width;
            long position = (long) positionIds[r] * width;
            if (prompts != null && id < 0) {
                sum(width, prompts, (-1L - id) * width, positions, position, out, row);
            } else {
                sum(width, words, (long) id * width, positions, position, out, row);
            }
            if (types != null) {
                sum(width, out, row, types, (long) typeIds[r] * width, out, row);
            }
        }
    }

    private static void sum(
            int width, MemorySegment a, long aStart, MemorySegment b, long bStart, MemorySegment out, long outStart) {
        int i = 0;
        for (; i < FLOATS.loopBound(width); i += COUNT) {
            FloatVector left = FloatVector.fromMemorySegment(FLOATS, a, (aStart + i) * Float.BYTES, LITTLE_ENDIAN);
            FloatVector right = FloatVector.fromMemorySegment(FLOATS, b, (bStart + i) * Float.BYTES, LITTLE_ENDIAN);
            left.add(right).intoMemorySegment(out, (outStart + i) * Float.BYTES, LITTLE_ENDIAN);
        }
        for (; i < width; i++) {
            Memory.set(out, outStart + i, Memory.get(a, aStart + i) + Memory.get(b, bStart + i));
        }
    }

    @Override
    public void copy(int rows, int width, MemorySegment source, long sourceRow, MemorySegment target, long targetRow) {
        RowChecks.copy(Float.BYTES, rows, width, source, sourceRow, target, targetRow);
        long rowBytes = (long) width * Float.BYTES;
        MemorySegment.copy(source, sourceRow * rowBytes, target, targetRow * rowBytes, rows * rowBytes);
    }

    @Override
    public void gather(int rows, int width, MemorySegment table, int[] index, MemorySegment out) {
        RowChecks.indexed(Float.BYTES, rows, width, table, index, "out", out);
        long rowBytes = (long) width * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(table, index[r] * rowBytes, out, r * rowBytes, rowBytes);
        }
    }

    @Override
    public void scatterAdd(int rows, int width, MemorySegment source, int[] index, MemorySegment table) {
        RowChecks.indexed(Float.BYTES, rows, width, table, index, "source", source);
        for (int r = 0; r < rows; r++) {
            long target = (long) index[r] * width;
            sum(width, table, target, source, (long) r * width, table, target);
        }
    }

    @Override
    public void addBias(int rows, int width, MemorySegment bias, MemorySegment y) {
        RowChecks.column(Float.BYTES, rows, width, "y", y, "bias", bias);
        for (int r = 0; r < rows; r++) {
            sum(width, y, (long) r * width, bias, 0, y, (long) r * width);
        }
    }

    @Override
    public void columnSums(int rows, int width, double alpha, MemorySegment x, double beta, MemorySegment out) {
        RowChecks.column(Float.BYTES, rows, width, "x", x, "out", out);
        int i = 0;
        for (; i < HALF.loopBound(width); i += HALF_COUNT) {
            sumColumns(rows, width, x, i);
            for (int j = 0; j < HALF_COUNT; j++) {
                combine(alpha, lanes[j], beta, out, i + j);
            }
        }
        for (; i < width; i++) {
            double sum = 0;
            for (int r = 0; r < rows; r++) {
                sum += Memory.get(x, (long) r * width + i);
            }
            combine(alpha, sum, beta, out, i);
        }
    }

    private void sumColumns(int rows, int width, MemorySegment x, int column) {
        DoubleVector sum = DoubleVector.zero(DOUBLES);
        for (int r = 0; r < rows; r++) {
            FloatVector row =
                    FloatVector.fromMemorySegment(HALF, x, ((long) r * width + column) * Float.BYTES, LITTLE_ENDIAN);
            sum = sum.add(row.convertShape(VectorOperators.F2D, DOUBLES, 0));
        }
        sum.intoArray(lanes, 0);
    }

    private static void combine(double alpha, double sum, double beta, MemorySegment out, int i) {
        Memory.set(out, i, (float) (beta == 0 ? alpha * sum : alpha * sum + beta * Memory.get(out, i)));
    }

    @Override
    public void groupMean(int rows, int group, int width, MemorySegment x, MemorySegment out) {
        RowChecks.grouped(Float.BYTES, rows, group, width, x, "out", out);
        for (int r = 0; r < rows; r++) {
            mean(group, width, x, (long) r * group * width, out, (long) r * width);
        }
    }

    private static void mean(int group, int width, MemorySegment x, long first, MemorySegment out, long target) {
        int i = 0;
        for (; i < FLOATS.loopBound(width); i += COUNT) {
            meanOfColumns(group, width, x, first + i, out, target + i);
        }
        for (; i < width; i++) {
            float total = Memory.get(x, first + i);
            for (int j = 1; j < group; j++) {
                total += Memory.get(x, first + (long) j * width + i);
            }
            Memory.set(out, target + i, total / group);
        }
    }

    /** A call each, because a step takes few means: the compiler counts calls, and the interpreter allocates every vector. */
    private static void meanOfColumns(
            int group, int width, MemorySegment x, long first, MemorySegment out, long target) {
        FloatVector total = FloatVector.fromMemorySegment(FLOATS, x, first * Float.BYTES, LITTLE_ENDIAN);
        for (int j = 1; j < group; j++) {
            long row = first + (long) j * width;
            total = total.add(FloatVector.fromMemorySegment(FLOATS, x, row * Float.BYTES, LITTLE_ENDIAN));
        }
        total.div(group).intoMemorySegment(out, target * Float.BYTES, LITTLE_ENDIAN);
    }

    @Override
    public void groupSpread(int rows, int group, int width, double alpha, MemorySegment d, MemorySegment x) {
        RowChecks.grouped(Float.BYTES, rows, group, width, x, "d", d);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < group; j++) {
                addScaled(width, (float) alpha, d, (long) r * width, x, ((long) r * group + j) * width);
            }
        }
    }

    private static void addScaled(
            int width, float alpha, MemorySegment source, long sourceStart, MemorySegment target, long start) {
        FloatVector factor = FloatVector.broadcast(FLOATS, alpha);
        int i = 0;
        for (; i < FLOATS.loopBound(width); i += COUNT) {
            FloatVector old = FloatVector.fromMemorySegment(FLOATS, target, (start + i) * Float.BYTES, LITTLE_ENDIAN);
            FloatVector.fromMemorySegment(FLOATS, source, (sourceStart + i) * Float.BYTES, LITTLE_ENDIAN)
                    .fma(factor, old)
                    .intoMemorySegment(target, (start + i) * Float.BYTES, LITTLE_ENDIAN);
        }
        for (; i < width; i++) {
            float old = Memory.get(target, start + i);
            Memory.set(target, start + i, Math.fma(Memory.get(source, sourceStart + i), alpha, old));
        }
    }

    @Override
    public void axpby(long n, double alpha, MemorySegment x, double beta, MemorySegment y) {
        RowChecks.elements(Float.BYTES, n, "x", x);
        RowChecks.elements(Float.BYTES, n, "y", y);
        if (beta == 0) {
            scale(n, (float) alpha, x, y);
        } else {
            combine(n, (float) alpha, x, (float) beta, y);
        }
    }

    private static void scale(long n, float alpha, MemorySegment x, MemorySegment y) {
        long i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            FloatVector.fromMemorySegment(FLOATS, x, i * Float.BYTES, LITTLE_ENDIAN)
                    .mul(alpha)
                    .intoMemorySegment(y, i * Float.BYTES, LITTLE_ENDIAN);
        }
        for (; i < n; i++) {
            Memory.set(y, i, Memory.get(x, i) * alpha);
        }
    }

    private static void combine(long n, float alpha, MemorySegment x, float beta, MemorySegment y) {
        FloatVector b = FloatVector.broadcast(FLOATS, beta);
        long i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            FloatVector added = FloatVector.fromMemorySegment(FLOATS, x, i * Float.BYTES, LITTLE_ENDIAN)
                    .mul(alpha);
            FloatVector.fromMemorySegment(FLOATS, y, i * Float.BYTES, LITTLE_ENDIAN)
                    .fma(b, added)
                    .intoMemorySegment(y, i * Float.BYTES, LITTLE_ENDIAN);
        }
        for (; i < n; i++) {
            Memory.set(y, i, Math.fma(Memory.get(y, i), beta, Memory.get(x, i) * alpha));
        }
    }

    @Override
    public void fill(long n, double value, MemorySegment x) {
        RowChecks.elements(Float.BYTES, n, "x", x);
        FloatVector all = FloatVector.broadcast(FLOATS, (float) value);
        long i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            all.intoMemorySegment(x, i * Float.BYTES, LITTLE_ENDIAN);
        }
        for (; i < n; i++) {
            Memory.set(x, i, (float) value);
        }
    }

    @Override
    public double sumOfSquares(long n, MemorySegment x) {
        RowChecks.elements(Float.BYTES, n, "x", x);
        double sum = 0;
        long done = 0;
        for (; done <= n - PIECE; done += PIECE) {
            sum += squares(x, done, lanes);
        }
        for (; done < n; done++) {
            double value = Memory.get(x, done);
            sum += value * value;
        }
        return sum;
    }

    /** Returns the sum over one piece. */
    private static double squares(MemorySegment x, long start, double[] lanes) {
        DoubleVector even = DoubleVector.zero(DOUBLES);
        DoubleVector odd = DoubleVector.zero(DOUBLES);
        for (int i = 0; i < PIECE; i += 2 * HALF_COUNT) {
            long at = (start + i) * Float.BYTES;
            DoubleVector v0 = (DoubleVector) FloatVector.fromMemorySegment(HALF, x, at, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector v1 = (DoubleVector)
                    FloatVector.fromMemorySegment(HALF, x, at + HALF_COUNT * (long) Float.BYTES, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.F2D, DOUBLES, 0);
            even = v0.fma(v0, even);
            odd = v1.fma(v1, odd);
        }
        even.add(odd).intoArray(lanes, 0);
        double sum = 0;
        for (double lane : lanes) {
            sum += lane;
        }
        return sum;
    }
}
