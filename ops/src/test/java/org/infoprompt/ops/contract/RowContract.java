package org.infoprompt.ops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.infoprompt.ops.contract.TestData.rows;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.ops.reference.PlainRowKernels;
import org.infoprompt.tensor.DType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Row movement and reductions. */
abstract class RowContract {
    private static final int ROWS = 5;
    private static final int TABLE = 11;
    private static final int GROUP = 3;

    private final TestData data = new TestData();
    Backend backend;

    abstract String name();

    @BeforeEach
    void choose() {
        backend = Contract.backend(name());
    }

    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    private record Case(
            int width, double[] words, double[] prompts, int[] source, double[] positions, int[] ids, double[] x) {
        void embeddings(Kernels k, Buffers b, int from, int to) {
            int n = (to - from) * width;
            MemorySegment typed = b.out(n);
            MemorySegment untyped = b.out(n);
            MemorySegment gathered = b.out(n);
            MemorySegment copied = b.out(n);
            int[] own = rows(source, from, to);
            int[] ownIds = rows(ids, from, to);
            k.rows()
                    .embed(
                            to - from,
                            width,
                            b.in(words),
                            b.in(prompts),
                            own,
                            b.in(positions),
                            ownIds,
                            b.in(words),
                            ownIds,
                            typed);
            k.rows()
                    .embed(
                            to - from,
                            width,
                            b.in(words),
                            null,
                            ownIds,
                            b.in(positions),
                            ownIds,
                            null,
                            new int[0],
                            untyped);
            k.rows().gather(to - from, width, b.in(words), ownIds, gathered);
            k.rows().copy(to - from, width, b.in(rows(x, width, 0, to)), from, copied, 0);
            b.result("embed", typed);
            b.result("embed without types", untyped);
            b.result("gather", gathered);
            b.result("copy", copied);
        }

        void perRow(Kernels k, Buffers b, int from, int to) {
            int n = (to - from) * width;
            double[] own = rows(x, width, from, to);
            MemorySegment biased = b.inOut(own);
            MemorySegment mean = b.out(n);
            MemorySegment spread = b.inOut(rows(x, width * GROUP, from, to));
            k.rows().addBias(to - from, width, b.in(rows(words, width, 0, 1)), biased);
            k.rows().groupMean(to - from, GROUP, width, b.in(rows(x, width * GROUP, from, to)), mean);
            k.rows().groupSpread(to - from, GROUP, width, 1.0 / GROUP, b.in(own), spread);
            b.result("addBias", biased);
            b.result("groupMean", mean);
            b.result("groupSpread", spread);
        }

        void across(Kernels k, Buffers b) {
            int n = ROWS * width;
            double[] own = rows(x, width, 0, ROWS);
            MemorySegment table = b.inOut(words);
            MemorySegment sums = b.inOut(rows(words, width, 0, 1));
            double[] nan = new double[width];
            Arrays.fill(nan, Double.NaN);
            MemorySegment fresh = b.inOut(nan);
            MemorySegment combined = b.inOut(rows(words, width, 0, ROWS));
            double[] nans = new double[n];
            Arrays.fill(nans, Double.NaN);
            MemorySegment scaled = b.inOut(nans);
            MemorySegment filled = b.out(n);
            k.rows().scatterAdd(ROWS, width, b.in(own), ids, table);
            k.rows().columnSums(ROWS, width, 0.3, b.in(own), 0.7, sums);
            k.rows().columnSums(ROWS, width, 0.3, b.in(own), 0, fresh);
            k.rows().axpby(n, 1.3, b.in(own), -0.4, combined);
            k.rows().axpby(n, 1.3, b.in(own), 0, scaled);
            k.rows().fill(n, 0.25, filled);
            b.result("scatterAdd", table);
            b.result("columnSums", sums, 1);
            b.result("columnSums overwriting", fresh, 1);
            b.result("axpby", combined);
            b.result("axpby overwriting", scaled);
            b.result("fill", filled);
        }
    }

    private Case random(int width, double factor) {
        int[] source = data.indices(ROWS, TABLE);
        source[1] = -1;
        source[3] = -4;
        int[] ids = data.indices(ROWS, TABLE);
        ids[2] = ids[0];
        return new Case(
                width,
                data.normals(TABLE * width),
                data.normals(4 * width),
                source,
                data.normals(TABLE * width),
                ids,
                data.normals(GROUP * ROWS * width, factor));
    }

    @Test
    void agreesAtAllSizes() {
        for (int width : Contract.SIZES) {
            for (double factor : new double[] {1, 1e4}) {
                Case c = random(width, factor);
                Contract.agrees(backend, (k, b) -> c.embeddings(k, b, 0, ROWS));
                Contract.agrees(backend, (k, b) -> c.embeddings(k, b, 0, 0));
                Contract.agrees(backend, (k, b) -> c.perRow(k, b, 0, ROWS));
                Contract.agrees(backend, (k, b) -> c.perRow(k, b, 0, 0));
                Contract.agrees(backend, c::across);
                Contract.independentOfGrouping(backend, ROWS, c::embeddings);
                Contract.independentOfGrouping(backend, ROWS, c::perRow);
            }
        }
    }

    @Test
    void takesNaNAndInfinity() {
        Case c = random(33, 1);
        c.x[3] = Double.NaN;
        c.x[40] = Double.NEGATIVE_INFINITY;
        c.words[70] = Double.POSITIVE_INFINITY;
        Contract.agrees(backend, (k, b) -> c.embeddings(k, b, 0, ROWS));
        Contract.agrees(backend, (k, b) -> c.perRow(k, b, 0, ROWS));
        Contract.agrees(backend, c::across);
    }

    @Test
    void sumsInDouble() {
        for (int n : new int[] {0, 1, 3, 17, 207, 256, 257, 5000, 100_000}) {
            double[] x = data.normals(n);
            double expected = TestData.dot(x, x);
            Buffers b = new Buffers(backend.dtype());
            double actual = backend.newKernels().rows().sumOfSquares(n, b.in(x));
            assertThat(Math.abs(actual - expected)).isLessThanOrEqualTo(1e-13 * expected);
        }
        int rows = 3000;
        double[] x = data.normals(rows * 19);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (x[i] + 1000);
        }
        Buffers b = new Buffers(backend.dtype());
        MemorySegment sums = b.out(19);
        backend.newKernels().rows().columnSums(rows, 19, 1.0 / rows, b.in(x), 0, sums);
        double[] actual = b.read(sums);
        for (int c = 0; c < 19; c++) {
            double expected = 0;
            for (int r = 0; r < rows; r++) {
                expected += x[r * 19 + c] / rows;
            }
            // Half a unit in the last place of a float: only the result was rounded.
            assertThat(Math.abs(actual[c] - expected)).isLessThanOrEqualTo(6e-8 * expected);
        }
    }

    @Test
    void copiesExactlyAndBetweenAnyRows() {
        Buffers b = new Buffers(backend.dtype());
        double[] x = data.normals(4 * 7);
        MemorySegment target = b.inOut(new double[6 * 7]);
        backend.newKernels().rows().copy(2, 7, b.in(x), 1, target, 3);
        double[] expected = new double[6 * 7];
        System.arraycopy(x, 7, expected, 21, 14);
        assertThat(b.read(target)).isEqualTo(expected);
        b.assertGuards();
    }

    @Test
    void rejectsWrongArguments() {
        int w = 100;
        double[] table = new double[TABLE * w];
        int[] zeros = new int[3];
        Class<IndexOutOfBoundsException> out = IndexOutOfBoundsException.class;
        // The guards let the table look longer than it is, so numbers far outside are used.
        int far = 1000;
        Contract.rejects(
                backend,
                out,
                (k, b) -> k.rows()
                        .embed(
                                3,
                                w,
                                b.in(table),
                                null,
                                new int[] {0, 0, -1},
                                b.in(table),
                                zeros,
                                null,
                                zeros,
                                b.out(300)));
        Contract.rejects(
                backend,
                out,
                (k, b) -> k.rows()
                        .embed(
                                3,
                                w,
                                b.in(table),
                                null,
                                new int[] {0, 0, far},
                                b.in(table),
                                zeros,
                                null,
                                zeros,
                                b.out(300)));
        Contract.rejects(
                backend,
                out,
                (k, b) -> k.rows()
                        .embed(
                                3,
                                w,
                                b.in(table),
                                b.in(table),
                                new int[] {0, 0, -far},
                                b.in(table),
                                zeros,
                                null,
                                zeros,
                                b.out(300)));
        Contract.rejects(
                backend,
                out,
                (k, b) -> k.rows()
                        .embed(
                                3,
                                w,
                                b.in(table),
                                null,
                                zeros,
                                b.in(table),
                                new int[] {0, 0, -1},
                                null,
                                zeros,
                                b.out(300)));
        Contract.rejects(
                backend,
                out,
                (k, b) -> k.rows()
                        .embed(
                                3,
                                w,
                                b.in(table),
                                null,
                                zeros,
                                b.in(table),
                                zeros,
                                b.in(table),
                                new int[] {0, 0, far},
                                b.out(300)));
        Contract.rejects(backend, out, (k, b) -> k.rows().gather(3, w, b.in(table), new int[] {0, 0, far}, b.out(300)));
        Contract.rejects(
                backend,
                out,
                (k, b) -> k.rows().scatterAdd(3, w, b.in(new double[300]), new int[] {0, 0, -1}, b.inOut(table)));
        Contract.rejects(backend, out, (k, b) -> k.rows().copy(3, w, b.in(table), 10, b.out(300), 0));
        Contract.rejects(
                backend, IllegalArgumentException.class, (k, b) -> k.rows().copy(3, w, b.in(table), -1, b.out(300), 0));
        Contract.rejects(backend, out, (k, b) -> k.rows().addBias(3, w, b.in(1), b.inOut(new double[300])));
        Contract.rejects(backend, out, (k, b) -> k.rows().columnSums(3, w, 1, b.in(table), 0, b.out(1)));
        Contract.rejects(backend, out, (k, b) -> k.rows().groupMean(9, 2, w, b.in(table), b.out(900)));
        Contract.rejects(
                backend,
                IllegalArgumentException.class,
                (k, b) -> k.rows().groupMean(9, 0, w, b.in(table), b.out(900)));
        Contract.rejects(backend, out, (k, b) -> k.rows().axpby(5000, 1, b.in(table), 1, b.inOut(table)));
        Contract.rejects(backend, out, (k, b) -> k.rows().fill(5000, 1, b.inOut(table)));
        Contract.rejects(backend, out, (k, b) -> k.rows().sumOfSquares(5000, b.in(table)));
    }

    @Test
    void allocatesNothing() {
        Case c = random(207, 1);
        Buffers b = new Buffers(backend.dtype());
        RowKernels k = backend.newKernels().rows();
        MemorySegment words = b.in(c.words);
        MemorySegment prompts = b.in(c.prompts);
        MemorySegment x = b.in(c.x);
        MemorySegment table = b.inOut(c.words);
        MemorySegment out = b.out(c.x.length);
        double[] sink = new double[1];
        Contract.allocatesNothing(() -> {
            k.embed(ROWS, 207, words, prompts, c.source, words, c.ids, words, c.ids, out);
            k.copy(ROWS, 207, x, 1, out, 2);
            k.gather(ROWS, 207, words, c.ids, out);
            k.scatterAdd(ROWS, 207, x, c.ids, table);
            k.addBias(ROWS, 207, words, out);
            k.columnSums(ROWS, 207, 1, x, 0.5, table);
            k.groupMean(ROWS, GROUP, 207, x, out);
            k.groupSpread(ROWS, GROUP, 207, 0.5, x, out);
            k.axpby(1000, 0.5, x, 0.5, out);
            k.axpby(1000, 0.5, x, 0, out);
            k.fill(1000, 1, out);
            sink[0] += k.sumOfSquares(1000, x);
        });
    }

    /** The oracle's gradient, and proof that the checks see a lost repetition. */
    abstract static class Oracle extends RowContract {
        @Override
        String name() {
            return "reference";
        }

        @Test
        void spreadIsTheGradientOfTheMean() {
            RowKernels k = new PlainRowKernels(DType.F64);
            double[] x = super.data.normals(2 * GROUP * 5);
            double[] upstream = super.data.normals(2 * 5);
            Buffers b = new Buffers(DType.F64);
            MemorySegment dx = b.inOut(new double[x.length]);
            MemorySegment mean = b.out(10);
            k.groupSpread(2, GROUP, 5, 1.0 / GROUP, b.in(upstream), dx);
            Contract.gradient(
                    "dx",
                    x,
                    moved -> {
                        k.groupMean(2, GROUP, 5, b.in(moved), mean);
                        return TestData.dot(upstream, b.read(mean));
                    },
                    b.read(dx));
        }

        @Test
        void theComparisonBites() {
            RowKernels right = new PlainRowKernels(DType.F64);
            RowKernels broken = (RowKernels) Proxy.newProxyInstance(
                    RowKernels.class.getClassLoader(),
                    new Class<?>[] {RowKernels.class},
                    (proxy, method, arguments) -> {
                        Object[] changed = arguments.clone();
                        if (method.getName().equals("scatterAdd")) {
                            changed[0] = (int) arguments[0] - 1;
                        }
                        return method.invoke(right, changed);
                    });
            Case c = super.random(17, 1);
            assertThatThrownBy(() -> Contract.agrees(Broken.rows(backend, broken), DType.F64, c::across))
                    .isInstanceOf(AssertionError.class);
        }
    }
}
