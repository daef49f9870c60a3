package org.infoprompt.ops.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.Noise;
import org.infoprompt.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The heads and losses of InfoPrompt against an independent restatement in PyTorch (golden/make_golden.py, float64, with
 * and without the released code's clamp): every loss term and every gradient that passes through these kernels.
 */
final class GoldenTest {
    private static final double DOUBLE_TOLERANCE = 1e-12;
    private static final double FLOAT_TOLERANCE = 1e-4;

    @ParameterizedTest
    @ValueSource(strings = {"reference", "scalar", "vector"})
    void lossesAndGradientsAreThoseOfPyTorch(String name) throws Exception {
        Backend backend = Contract.backend(name);
        try (InputStream in =
                GoldenTest.class.getResourceAsStream("/org/infoprompt/ops/golden/infoprompt_small.json")) {
            JsonNode cases = JsonMapper.shared().readTree(in);
            assertThat(cases.size()).isEqualTo(3);
            for (JsonNode c : cases) {
                new Run(backend, c).check();
            }
        }
    }

    private static final class Run {
        private final Kernels k;
        private final Buffers b;
        private final JsonNode golden;
        private final double tolerance;
        private final int rows;
        private final int words;
        private final int width;
        private final int latent;
        private final int slots;
        private final int classes;

        Run(Backend backend, JsonNode golden) {
            this.k = backend.newKernels();
            this.b = new Buffers(backend.dtype());
            this.golden = golden;
            this.tolerance = backend.dtype() == DType.F64 ? DOUBLE_TOLERANCE : FLOAT_TOLERANCE;
            JsonNode shape = golden.get("shape");
            rows = shape.get("B").asInt();
            words = shape.get("T").asInt();
            width = shape.get("d").asInt();
            latent = shape.get("L").asInt();
            slots = shape.get("slots").asInt();
            classes = shape.get("C").asInt();
        }

        void check() {
            JsonNode weights = golden.get("weights");
            double floor = weights.get("clamp").asBoolean() ? -2 : Double.NaN;
            double root = 1 / Math.sqrt(width);
            MemorySegment h0 = b.in(input("h0"));
            MemorySegment hp = b.in(input("hp"));
            MemorySegment wm = b.in(param("Wm"));
            MemorySegment ws = b.in(param("Ws"));
            MemorySegment wo = b.in(param("Wo"));
            MemorySegment head = b.in(param("head"));
            MemorySegment mu = linear(rows, latent, width, h0, wm, param("bm"));
            MemorySegment logStd = linear(rows, latent, width, h0, ws, param("bs"));
            MemorySegment muPrompted = linear(rows, latent, width, hp, wm, param("bm"));
            MemorySegment logStdPrompted = linear(rows, latent, width, hp, ws, param("bs"));
            MemorySegment dMu = zeros(rows * latent);
            MemorySegment dLogStd = zeros(rows * latent);
            MemorySegment dMuPrompted = zeros(rows * latent);
            MemorySegment dLogStdPrompted = zeros(rows * latent);

            // Classification.
            MemorySegment eps = b.in(input("eps_cls"));
            MemorySegment z = b.out(rows * latent);
            k.information().sampleForward(rows, latent, muPrompted, logStdPrompted, eps, z);
            MemorySegment decoded = linear(rows, width, latent, z, wo, param("bo"));
            MemorySegment logits = linear(rows, classes, width, decoded, head, new double[classes]);
            MemorySegment ce = b.out(rows);
            MemorySegment dLogits = b.out(rows * classes);
            int[] labels = Arrays.stream(input("labels")).mapToInt(x -> (int) x).toArray();
            k.loss().crossEntropy(rows, classes, logits, labels, 1.0 / rows, ce, dLogits);
            MemorySegment dDecoded = product(false, false, rows, width, classes, 1, dLogits, head);
            MemorySegment dz = product(false, false, rows, latent, width, 1, dDecoded, wo);
            k.information().sampleBackward(rows, latent, logStdPrompted, eps, dz, dMuPrompted, dLogStdPrompted);

            // Divergence of both Gaussians.
            double klScale = weights.get("kl").asDouble() / rows;
            MemorySegment kl = zeros(rows);
            k.information().kl(rows, latent, mu, logStd, klScale, kl, dMu, dLogStd);
            k.information().kl(rows, latent, muPrompted, logStdPrompted, klScale, kl, dMuPrompted, dLogStdPrompted);

            // Head information loss.
            MemorySegment meanPrompts = b.out(rows * width);
            k.rows().groupMean(rows, slots, width, b.in(output("prompts")), meanPrompts);
            MemorySegment classMean = b.out(width);
            k.rows().columnSums(classes, width, 1.0 / classes, head, 0, classMean);
            double[] mask = input("mask");
            int[] ids =
                    IntStream.range(0, rows * words).filter(i -> mask[i] == 1).toArray();
            int[] starts = new int[rows + 1];
            for (int i = 0; i < rows; i++) {
                starts[i + 1] = starts[i]
                        + (int) Arrays.stream(mask, i * words, (i + 1) * words).sum();
            }
            MemorySegment headLosses = b.out(rows);
            MemorySegment dMeanPrompts = zeros(rows * width);
            MemorySegment dClassMeans = b.out(rows * width);
            k.information()
                    .headInformation(
                            rows,
                            width,
                            meanPrompts,
                            b.in(input("tok")),
                            ids,
                            starts,
                            classMean,
                            floor,
                            weights.get("gamma").asDouble() / rows,
                            headLosses,
                            dMeanPrompts,
                            dClassMeans);

            // Representation information loss.
            MemorySegment context = linear(rows, width, width, meanPrompts, b.in(param("Wp")), param("bp"));
            MemorySegment projected = product(false, false, rows, latent, width, root, context, wo);
            MemorySegment repLosses = b.out(rows);
            MemorySegment dProjected = b.out(rows * latent);
            k.information()
                    .representationInformation(
                            rows,
                            latent,
                            4 * rows,
                            projected,
                            mu,
                            logStd,
                            muPrompted,
                            logStdPrompted,
                            new Noise(0),
                            b.in(noise()),
                            floor,
                            weights.get("beta").asDouble() / rows,
                            repLosses,
                            dProjected,
                            dMu,
                            dLogStd,
                            dMuPrompted,
                            dLogStdPrompted);
            MemorySegment dContext = product(false, true, rows, width, latent, root, dProjected, wo);

            assertOutput("logits", b.read(logits));
            assertOutput("ce", mean(ce));
            assertOutput("kl", mean(kl));
            assertOutput("head", mean(headLosses));
            assertOutput("rep", mean(repLosses));
            assertOutput("head_logp", negated(headLosses));
            assertOutput("rep_logp", negated(repLosses));

            assertGradient("Wm", sum(outer(latent, dMu, h0), outer(latent, dMuPrompted, hp)));
            assertGradient("Ws", sum(outer(latent, dLogStd, h0), outer(latent, dLogStdPrompted, hp)));
            assertGradient("bm", sum(columns(latent, dMu), columns(latent, dMuPrompted)));
            assertGradient("bs", sum(columns(latent, dLogStd), columns(latent, dLogStdPrompted)));
            assertGradient(
                    "hp",
                    sum(
                            b.read(product(false, false, rows, width, latent, 1, dMuPrompted, wm)),
                            b.read(product(false, false, rows, width, latent, 1, dLogStdPrompted, ws))));
            assertGradient("Wp", outer(width, dContext, meanPrompts));
            assertGradient("bp", columns(width, dContext));
            assertGradient(
                    "Wo",
                    sum(
                            b.read(product(true, false, width, latent, rows, 1, dDecoded, z)),
                            b.read(product(true, false, width, latent, rows, root, context, dProjected))));
            assertGradient("bo", columns(width, dDecoded));
            double[] dHead = outer(classes, dLogits, decoded);
            double[] dClassMean = columns(width, dClassMeans);
            for (int i = 0; i < dHead.length; i++) {
                dHead[i] += dClassMean[i % width] / classes;
            }
            assertGradient("head", dHead);
            double[] perSlot = columns(width, dMeanPrompts);
            assertGradient(
                    "b2",
                    IntStream.range(0, slots * width)
                            .mapToDouble(i -> perSlot[i % width] / slots)
                            .toArray());
            b.assertGuards();
        }

        /** [rows, 1 + 4·rows, latent]: the positive's sample first. */
        private double[] noise() {
            double[] positive = input("eps_pos");
            double[] negative = input("eps_neg");
            int perRow = 4 * rows * latent;
            double[] all = new double[positive.length + negative.length];
            for (int r = 0; r < rows; r++) {
                System.arraycopy(positive, r * latent, all, r * (latent + perRow), latent);
                System.arraycopy(negative, r * perRow, all, r * (latent + perRow) + latent, perRow);
            }
            return all;
        }

        private MemorySegment linear(int m, int n, int size, MemorySegment x, MemorySegment w, double[] bias) {
            MemorySegment y = product(false, true, m, n, size, 1, x, w);
            k.rows().addBias(m, n, b.in(bias), y);
            return y;
        }

        private MemorySegment product(
                boolean ta, boolean tb, int m, int n, int size, double alpha, MemorySegment x, MemorySegment y) {
            MemorySegment c = b.out(m * n);
            k.matmul().gemm(ta, tb, m, n, size, alpha, x, y, 0, c);
            return c;
        }

        private double[] outer(int m, MemorySegment d, MemorySegment x) {
            return b.read(product(true, false, m, width, rows, 1, d, x));
        }

        private double[] columns(int n, MemorySegment d) {
            MemorySegment sums = b.out(n);
            k.rows().columnSums(rows, n, 1, d, 0, sums);
            return b.read(sums);
        }

        private MemorySegment zeros(int n) {
            return b.inOut(new double[n]);
        }

        private double[] mean(MemorySegment losses) {
            return new double[] {Arrays.stream(b.read(losses)).average().orElseThrow()};
        }

        private double[] negated(MemorySegment losses) {
            return Arrays.stream(b.read(losses)).map(x -> -x).toArray();
        }

        private static double[] sum(double[] x, double[] y) {
            return IntStream.range(0, x.length).mapToDouble(i -> x[i] + y[i]).toArray();
        }

        private double[] input(String name) {
            return numbers(golden.get("inputs").get(name));
        }

        private double[] param(String name) {
            return numbers(golden.get("params").get(name));
        }

        private double[] output(String name) {
            return numbers(golden.get("out").get(name));
        }

        private void assertOutput(String name, double[] actual) {
            assertClose(name, actual, output(name));
        }

        private void assertGradient(String name, double[] actual) {
            assertClose(
                    "gradient of " + name, actual, numbers(golden.get("grad").get(name)));
        }

        private void assertClose(String name, double[] actual, double[] expected) {
            assertThat(actual).as(name).hasSameSizeAs(expected);
            double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            for (int i = 0; i < expected.length; i++) {
                assertThat(Math.abs(actual[i] - expected[i]))
                        .as("%s[%d] is %s, expected %s", name, i, actual[i], expected[i])
                        .isLessThanOrEqualTo(tolerance * scale);
            }
        }

        private static double[] numbers(JsonNode node) {
            return node.isArray()
                    ? node.valueStream()
                            .flatMapToDouble(x -> Arrays.stream(numbers(x)))
                            .toArray()
                    : new double[] {node.asDouble()};
        }
    }
}
