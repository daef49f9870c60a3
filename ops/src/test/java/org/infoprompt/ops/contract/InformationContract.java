package org.infoprompt.ops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.infoprompt.ops.contract.TestData.rows;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.InformationKernels;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.Noise;
import org.infoprompt.ops.reference.PlainInformationKernels;
import org.infoprompt.tensor.DType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Gaussian bottleneck and the information losses. */
abstract class InformationContract {
    private static final int ROWS = 5;
    private static final int VOCABULARY = 50;
    private static final double NONE = Double.NaN;
    private static final double RELEASED = -2;
    private static final long SEED = 0x1234_5678_9abc_def0L;

    private final TestData data = new TestData();
    Backend backend;

    abstract String name();

    @BeforeEach
    void choose() {
        backend = Contract.backend(name());
    }

    /** The bottleneck of some rows; {@code explicit} noise is [rows, 1+samples, width], or null for generated noise. */
    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    private record Latent(
            int width,
            int samples,
            double[] context,
            double[] mu,
            double[] logStd,
            double[] muPrompted,
            double[] logStdPrompted,
            double[] explicit,
            double floor) {
        void representation(Kernels k, Buffers b, int from, int to) {
            representation(k.information(), b, from, to);
        }

        double[] representation(InformationKernels k, Buffers b, int from, int to) {
            int n = (to - from) * width;
            MemorySegment losses = b.out(to - from);
            MemorySegment dContext = b.out(n);
            MemorySegment[] d = new MemorySegment[4];
            for (int i = 0; i < 4; i++) {
                double[] start = new double[n];
                Arrays.fill(start, 0.25 * i);
                d[i] = b.inOut(start);
            }
            k.representationInformation(
                    to - from,
                    width,
                    samples,
                    b.in(rows(context, width, from, to)),
                    b.in(rows(mu, width, from, to)),
                    b.in(rows(logStd, width, from, to)),
                    b.in(rows(muPrompted, width, from, to)),
                    b.in(rows(logStdPrompted, width, from, to)),
                    noise(from, to),
                    explicit == null ? null : b.in(rows(explicit, (1 + samples) * width, from, to)),
                    floor,
                    0.7,
                    losses,
                    dContext,
                    d[0],
                    d[1],
                    d[2],
                    d[3]);
            b.result("losses", losses, 1);
            b.result("dContext", dContext);
            b.result("dMu", d[0]);
            b.result("dLogStd", d[1]);
            b.result("dMuPrompted", d[2]);
            b.result("dLogStdPrompted", d[3]);
            return b.read(losses);
        }

        void bottleneck(Kernels k, Buffers b, int from, int to) {
            int n = (to - from) * width;
            MemorySegment m = b.in(rows(mu, width, from, to));
            MemorySegment s = b.in(rows(logStd, width, from, to));
            MemorySegment eps = b.in(rows(muPrompted, width, from, to));
            MemorySegment dz = b.in(rows(context, width, from, to));
            MemorySegment z = b.out(n);
            MemorySegment dMu = b.inOut(rows(context, width, from, to));
            MemorySegment dLogStd = b.inOut(rows(mu, width, from, to));
            double[] before = new double[to - from];
            Arrays.fill(before, 0.5);
            MemorySegment losses = b.inOut(before);
            k.information().sampleForward(to - from, width, m, s, eps, z);
            k.information().sampleBackward(to - from, width, s, eps, dz, dMu, dLogStd);
            k.information().kl(to - from, width, m, s, 0.3, losses, dMu, dLogStd);
            b.result("z", z);
            b.result("dMu", dMu);
            b.result("dLogStd", dLogStd);
            b.result("losses", losses, 1);
        }
    }

    private static Noise noise(int from, int to) {
        Noise noise = new Noise(to - from + 1);
        noise.set(SEED, 77);
        for (int r = from; r < to; r++) {
            noise.setRow(r - from, 1000 + r);
        }
        return noise;
    }

    private Latent latent(int rows, int width, int samples, boolean explicit, double floor) {
        int n = rows * width;
        double small = 1 / Math.sqrt(width);
        return new Latent(
                width,
                samples,
                data.normals(n, small),
                data.normals(n),
                data.normals(n, 0.5),
                data.normals(n),
                data.normals(n, 0.5),
                explicit ? data.normals(rows * (1 + samples) * width) : null,
                floor);
    }

    /** Rows with 0, 1, 2, ... words each. */
    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    private record Head(
            int width, double[] prompts, double[] words, int[] ids, int[] starts, double[] classMean, double floor) {
        void run(Kernels k, Buffers b, int from, int to) {
            run(k.information(), b, from, to);
        }

        double[] run(InformationKernels k, Buffers b, int from, int to) {
            int n = (to - from) * width;
            int[] own = Arrays.copyOfRange(starts, from, to + 1);
            MemorySegment losses = b.out(to - from);
            double[] start = new double[n];
            Arrays.fill(start, 0.25);
            MemorySegment dPrompts = b.inOut(start);
            MemorySegment dClassMean = b.out(n);
            k.headInformation(
                    to - from,
                    width,
                    b.in(rows(prompts, width, from, to)),
                    b.in(words),
                    ids,
                    own,
                    b.in(classMean),
                    floor,
                    0.7,
                    losses,
                    dPrompts,
                    dClassMean);
            b.result("losses", losses, 1);
            b.result("dMeanPrompts", dPrompts);
            b.result("dClassMean", dClassMean);
            return b.read(losses);
        }
    }

    private Head head(int rows, int width, int wordsPerRow, double floor) {
        int[] starts = new int[rows + 1];
        for (int r = 0; r < rows; r++) {
            starts[r + 1] = starts[r] + r * wordsPerRow;
        }
        return new Head(
                width,
                data.normals(rows * width),
                data.normals(VOCABULARY * width),
                data.indices(starts[rows] + 1, VOCABULARY),
                starts,
                data.normals(width),
                floor);
    }

    @Test
    void bottleneckAgreesAtAllSizes() {
        for (int width : Contract.SIZES) {
            Latent c = latent(ROWS, width, 0, false, NONE);
            Contract.agrees(backend, (k, b) -> c.bottleneck(k, b, 0, ROWS));
            Contract.agrees(backend, (k, b) -> c.bottleneck(k, b, 0, 0));
            Contract.independentOfGrouping(backend, ROWS, c::bottleneck);
        }
    }

    @Test
    void logStdIsClampedAndItsGradientStopsOutside() {
        Latent c = latent(2, 17, 3, true, NONE);
        double[] edges = {-1e4, -2.5, -2, -1.5, 0, 9.5, 10, 10.5, 1e4, Double.NaN};
        System.arraycopy(edges, 0, c.logStd, 0, edges.length - 1);
        System.arraycopy(edges, 0, c.logStdPrompted, 17, edges.length);
        c.context[5] = 0;
        Contract.agrees(backend, (k, b) -> c.bottleneck(k, b, 0, 2));
        Buffers b = new Buffers(backend.dtype());
        MemorySegment d = b.inOut(new double[10]);
        double[] ones = new double[10];
        Arrays.fill(ones, 1);
        backend.newKernels().information().sampleBackward(1, 10, b.in(edges), b.in(ones), b.in(ones), b.out(10), d);
        double[] gradient = b.read(d);
        for (int i = 0; i < edges.length; i++) {
            assertThat(gradient[i] != 0).as("gradient at %s", edges[i]).isEqualTo(edges[i] >= -2 && edges[i] <= 10);
        }
    }

    @Test
    void headLossAgreesAtAllSizes() {
        for (int width : Contract.SIZES) {
            for (double floor : new double[] {NONE, RELEASED}) {
                Head c = head(ROWS, width, 3, floor);
                Contract.agrees(backend, (k, b) -> c.run(k, b, 0, ROWS));
                Contract.agrees(backend, (k, b) -> c.run(k, b, 0, 0));
                Contract.independentOfGrouping(backend, ROWS, c::run);
            }
        }
    }

    @Test
    void representationLossAgreesAtAllWidths() {
        for (int width : Contract.SIZES) {
            for (double floor : new double[] {NONE, RELEASED}) {
                Latent c = latent(ROWS, width, 19, true, floor);
                Contract.agrees(backend, (k, b) -> c.representation(k, b, 0, ROWS));
                Contract.agrees(backend, (k, b) -> c.representation(k, b, 0, 0));
                Contract.independentOfGrouping(backend, ROWS, c::representation);
            }
        }
    }

    @Test
    void representationLossAgreesForAllNumbersOfSamples() {
        for (int samples : new int[] {0, 1, 3, 15, 16, 17, 32, 33, 128}) {
            for (boolean explicit : new boolean[] {false, true}) {
                Latent c = latent(ROWS, 32, samples, explicit, NONE);
                Contract.agrees(backend, (k, b) -> c.representation(k, b, 0, ROWS));
                Contract.independentOfGrouping(backend, ROWS, c::representation);
            }
        }
    }

    @Test
    void representationLossGeneratesWhatGaussianWrites() {
        for (int width : new int[] {1, 3, 17, 32, 207}) {
            int samples = 21;
            Latent generated = latent(3, width, samples, false, NONE);
            double[] explicit = new double[3 * (1 + samples) * width];
            Buffers noise = new Buffers(backend.dtype());
            MemorySegment positive = noise.out(3 * width);
            MemorySegment negative = noise.out(3 * samples * width);
            InformationKernels k = backend.newKernels().information();
            k.gaussian(noise(0, 3), Noise.POSITIVE, 3, 1, width, positive);
            k.gaussian(noise(0, 3), Noise.NEGATIVE, 3, samples, width, negative);
            for (int r = 0; r < 3; r++) {
                System.arraycopy(noise.read(positive), r * width, explicit, r * (1 + samples) * width, width);
                System.arraycopy(
                        noise.read(negative),
                        r * samples * width,
                        explicit,
                        (r * (1 + samples) + 1) * width,
                        samples * width);
            }
            Latent given = new Latent(
                    width,
                    samples,
                    generated.context,
                    generated.mu,
                    generated.logStd,
                    generated.muPrompted,
                    generated.logStdPrompted,
                    explicit,
                    NONE);
            Buffers a = new Buffers(backend.dtype());
            Buffers b = new Buffers(backend.dtype());
            generated.representation(k, a, 0, 3);
            given.representation(k, b, 0, 3);
            a.results().forEach((name, result) -> {
                // Generated noise may be in double where written noise is rounded to the element type.
                double[] rounded = b.results().get(name).values();
                for (int i = 0; i < rounded.length; i++) {
                    assertThat(rounded[i]).as(name).isCloseTo(result.values()[i], Offset.offset(1e-5));
                }
            });
        }
    }

    @Test
    void takesExtremeScores() {
        Head h = head(ROWS, 33, 5, NONE);
        for (int i = 0; i < 33; i++) {
            h.prompts[33 + i] = -1e4 * Math.signum(h.classMean[i]);
            h.prompts[2 * 33 + i] = 1e4 * Math.signum(h.classMean[i]);
        }
        h.prompts[3 * 33] = Double.NaN;
        Contract.agrees(backend, (k, b) -> h.run(k, b, 0, ROWS));
        Latent l = latent(ROWS, 33, 20, true, NONE);
        for (int i = 0; i < 33; i++) {
            l.context[33 + i] *= 1e4;
            l.context[2 * 33 + i] *= -1e4;
        }
        l.mu[3 * 33] = Double.NaN;
        Contract.agrees(backend, (k, b) -> l.representation(k, b, 0, 3));
        Contract.agrees(backend, (k, b) -> {
            l.representation(k, b, 2, 5);
        });
    }

    @Test
    void gaussianAgreesAndDoesNotDependOnCalls() {
        for (int width : Contract.SIZES) {
            RowCall call = (k, b, from, to) -> {
                MemorySegment out = b.out((to - from) * 3 * width);
                k.information().gaussian(noise(from, to), Noise.CLASSIFIED, to - from, 3, width, out);
                b.result("out", out);
            };
            Contract.agrees(backend, (k, b) -> call.run(k, b, 0, ROWS));
            Contract.independentOfGrouping(backend, ROWS, call);
        }
    }

    @Test
    void gaussianHasTheMomentsOfNormals() {
        int n = 1 << 18;
        Buffers b = new Buffers(backend.dtype());
        MemorySegment out = b.out(n);
        backend.newKernels().information().gaussian(noise(0, 4), Noise.NEGATIVE, 4, n / 256, 64, out);
        double[] values = b.read(out);
        double[] moments = new double[5];
        double neighbours = 0;
        for (int i = 0; i < n; i++) {
            for (int p = 1; p <= 4; p++) {
                moments[p] += Math.pow(values[i], p) / n;
            }
            neighbours += i == 0 ? 0 : values[i] * values[i - 1] / n;
        }
        // Five standard errors: the moments of even order 2p have variance (E x^2p - (E x^p)²)/n.
        double unit = 5 / Math.sqrt(n);
        assertThat(moments[1]).isBetween(-unit, unit);
        assertThat(moments[2]).isBetween(1 - unit * Math.sqrt(2), 1 + unit * Math.sqrt(2));
        assertThat(moments[3]).isBetween(-unit * Math.sqrt(15), unit * Math.sqrt(15));
        assertThat(moments[4]).isBetween(3 - unit * Math.sqrt(96), 3 + unit * Math.sqrt(96));
        assertThat(neighbours).isBetween(-unit, unit);
        Contract.agrees(backend, (k, buffers) -> {
            MemorySegment again = buffers.out(n);
            k.information().gaussian(noise(0, 4), Noise.NEGATIVE, 4, n / 256, 64, again);
            buffers.result("out", again);
        });
    }

    @Test
    void rejectsWrongArguments() {
        Contract.rejects(
                backend,
                IndexOutOfBoundsException.class,
                (k, b) -> k.information().gaussian(new Noise(1), 0, 2, 1, 8, b.out(16)));
        Contract.rejects(
                backend,
                IllegalArgumentException.class,
                (k, b) -> k.information().gaussian(new Noise(2), 4, 2, 1, 8, b.out(16)));
        Contract.rejects(
                backend,
                IndexOutOfBoundsException.class,
                (k, b) -> k.information()
                        .sampleForward(
                                100,
                                64,
                                b.in(new double[6400]),
                                b.in(new double[6400]),
                                b.in(new double[6300]),
                                b.out(6400)));
        Contract.rejects(
                backend,
                IndexOutOfBoundsException.class,
                (k, b) -> k.information()
                        .kl(
                                100,
                                64,
                                b.in(new double[6400]),
                                b.in(new double[6400]),
                                1,
                                b.inOut(0),
                                b.inOut(new double[6400]),
                                b.inOut(new double[6400])));
        int[] unknownWord = {1, VOCABULARY * 1000};
        Contract.rejects(
                backend,
                IndexOutOfBoundsException.class,
                (k, b) -> k.information()
                        .headInformation(
                                1,
                                8,
                                b.in(new double[8]),
                                b.in(new double[8 * VOCABULARY]),
                                unknownWord,
                                new int[] {0, 2},
                                b.in(new double[8]),
                                NONE,
                                1,
                                b.out(1),
                                b.inOut(new double[8]),
                                b.out(8)));
        Contract.rejects(
                backend,
                IndexOutOfBoundsException.class,
                (k, b) -> k.information()
                        .headInformation(
                                1,
                                8,
                                b.in(new double[8]),
                                b.in(new double[8 * VOCABULARY]),
                                new int[] {1, 2},
                                new int[] {0, 3},
                                b.in(new double[8]),
                                NONE,
                                1,
                                b.out(1),
                                b.inOut(new double[8]),
                                b.out(8)));
        Contract.rejects(backend, IndexOutOfBoundsException.class, (k, b) -> {
            MemorySegment x = b.in(new double[100]);
            MemorySegment d = b.inOut(new double[100]);
            k.information()
                    .representationInformation(
                            1,
                            100,
                            4,
                            x,
                            x,
                            x,
                            x,
                            x,
                            new Noise(1),
                            b.in(new double[300]),
                            NONE,
                            1,
                            b.out(1),
                            b.out(100),
                            d,
                            d,
                            d,
                            d);
        });
    }

    @Test
    void allocatesNothing() {
        Latent l = latent(ROWS, 33, 40, false, NONE);
        Head h = head(ROWS, 207, 4, NONE);
        Buffers b = new Buffers(backend.dtype());
        InformationKernels k = backend.newKernels().information();
        MemorySegment context = b.in(l.context);
        MemorySegment mu = b.in(l.mu);
        MemorySegment logStd = b.in(l.logStd);
        MemorySegment losses = b.out(ROWS);
        MemorySegment dContext = b.out(ROWS * 33);
        MemorySegment dMu = b.inOut(l.mu);
        MemorySegment dLogStd = b.inOut(l.mu);
        MemorySegment prompts = b.in(h.prompts);
        MemorySegment words = b.in(h.words);
        MemorySegment classMean = b.in(h.classMean);
        MemorySegment dPrompts = b.inOut(h.prompts);
        MemorySegment dClassMean = b.out(ROWS * 207);
        Noise noise = noise(0, ROWS);
        Contract.allocatesNothing(() -> {
            k.gaussian(noise, Noise.CLASSIFIED, ROWS, 1, 33, dContext);
            k.sampleForward(ROWS, 33, mu, logStd, context, dContext);
            k.sampleBackward(ROWS, 33, logStd, context, mu, dMu, dLogStd);
            k.kl(ROWS, 33, mu, logStd, 1, losses, dMu, dLogStd);
            k.representationInformation(
                    ROWS, 33, 40, context, mu, logStd, mu, logStd, noise, null, NONE, 1, losses, dContext, dMu, dLogStd,
                    dMu, dLogStd);
            k.headInformation(
                    ROWS, 207, prompts, words, h.ids, h.starts, classMean, NONE, 1, losses, dPrompts, dClassMean);
        });
    }

    /** The oracle's gradients, and proof that the checks see a missing term. */
    abstract static class Oracle extends InformationContract {
        @Override
        String name() {
            return "reference";
        }

        @Test
        void gradientsAreRight() {
            InformationKernels k = new PlainInformationKernels(DType.F64);
            headGradient(k, NONE);
            headGradient(k, RELEASED);
            representationGradient(k, NONE);
            representationGradient(k, RELEASED);
            bottleneckGradient(k);
        }

        @Test
        void theClampStopsSomeRowsAndNotOthers() {
            Latent c = super.latent(40, 6, 6, true, RELEASED);
            double[] losses = c.representation(new PlainInformationKernels(DType.F64), new Buffers(DType.F64), 0, 40);
            assertThat(losses).contains(2);
            assertThat(Arrays.stream(losses).min().orElseThrow()).isLessThan(2);
            assertThat(Arrays.stream(losses).max().orElseThrow()).isEqualTo(2);
        }

        @Test
        void theGradientCheckBites() {
            InformationKernels broken = new DetachedInformation();
            assertThatThrownBy(() -> headGradient(broken, NONE)).isInstanceOf(AssertionError.class);
            assertThatThrownBy(() -> representationGradient(broken, NONE)).isInstanceOf(AssertionError.class);
        }

        @Test
        void theComparisonBites() {
            InformationKernels broken = new DetachedInformation();
            Head h = super.head(ROWS, 17, 3, NONE);
            assertThatThrownBy(() -> Contract.agrees(
                            Broken.information(backend, broken), DType.F64, (k, b) -> h.run(k, b, 0, ROWS)))
                    .isInstanceOf(AssertionError.class);
        }

        private void headGradient(InformationKernels k, double floor) {
            Head c = super.head(4, 5, 2, floor);
            Buffers b = new Buffers(DType.F64);
            c.run(k, b, 0, 4);
            double[] dPrompts = b.results().get("dMeanPrompts").values();
            for (int i = 0; i < dPrompts.length; i++) {
                dPrompts[i] -= 0.25;
            }
            Contract.gradient(
                    "dMeanPrompts",
                    c.prompts,
                    x -> 0.7
                            * sum(new Head(5, x, c.words, c.ids, c.starts, c.classMean, floor)
                                    .run(k, new Buffers(DType.F64), 0, 4)),
                    dPrompts);
            double[] perRow = b.results().get("dClassMean").values();
            double[] dClassMean = new double[5];
            for (int i = 0; i < perRow.length; i++) {
                dClassMean[i % 5] += perRow[i];
            }
            Contract.gradient(
                    "dClassMean",
                    c.classMean,
                    x -> 0.7
                            * sum(new Head(5, c.prompts, c.words, c.ids, c.starts, x, floor)
                                    .run(k, new Buffers(DType.F64), 0, 4)),
                    dClassMean);
        }

        private void representationGradient(InformationKernels k, double floor) {
            Latent c = super.latent(4, 5, 6, true, floor);
            c.logStd[3] = -2.5;
            c.logStdPrompted[7] = -3;
            Buffers b = new Buffers(DType.F64);
            c.representation(k, b, 0, 4);
            String[] names = {"dContext", "dMu", "dLogStd", "dMuPrompted", "dLogStdPrompted"};
            double[] starts = {0, 0, 0.25, 0.5, 0.75};
            double[][] inputs = {c.context, c.mu, c.logStd, c.muPrompted, c.logStdPrompted};
            for (int i = 0; i < names.length; i++) {
                int which = i;
                double[] gradient = b.results().get(names[i]).values();
                for (int j = 0; j < gradient.length; j++) {
                    gradient[j] -= starts[i];
                }
                Contract.gradient(
                        names[i],
                        inputs[i],
                        x -> {
                            double[][] moved = inputs.clone();
                            moved[which] = x;
                            Latent other = new Latent(
                                    5, 6, moved[0], moved[1], moved[2], moved[3], moved[4], c.explicit, floor);
                            return 0.7 * sum(other.representation(k, new Buffers(DType.F64), 0, 4));
                        },
                        gradient);
            }
        }

        private void bottleneckGradient(InformationKernels k) {
            Latent c = super.latent(2, 7, 0, false, NONE);
            c.logStd[3] = -2.5;
            double[] upstream = c.context;
            Buffers b = new Buffers(DType.F64);
            MemorySegment dMu = b.inOut(new double[14]);
            MemorySegment dLogStd = b.inOut(new double[14]);
            MemorySegment eps = b.in(c.muPrompted);
            k.sampleBackward(2, 7, b.in(c.logStd), eps, b.in(upstream), dMu, dLogStd);
            k.kl(2, 7, b.in(c.mu), b.in(c.logStd), 0.3, b.inOut(0, 0), dMu, dLogStd);
            Contract.gradient("dMu", c.mu, x -> bottleneckLoss(k, x, c.logStd, c.muPrompted, upstream), b.read(dMu));
            Contract.gradient(
                    "dLogStd", c.logStd, x -> bottleneckLoss(k, c.mu, x, c.muPrompted, upstream), b.read(dLogStd));
        }

        private static double bottleneckLoss(
                InformationKernels k, double[] mu, double[] logStd, double[] eps, double[] upstream) {
            Buffers b = new Buffers(DType.F64);
            MemorySegment z = b.out(14);
            MemorySegment losses = b.inOut(0, 0);
            MemorySegment unused = b.inOut(new double[14]);
            k.sampleForward(2, 7, b.in(mu), b.in(logStd), b.in(eps), z);
            k.kl(2, 7, b.in(mu), b.in(logStd), 0, losses, unused, unused);
            return TestData.dot(upstream, b.read(z)) + 0.3 * sum(b.read(losses));
        }

        private static double sum(double[] values) {
            return Arrays.stream(values).sum();
        }
    }
}
