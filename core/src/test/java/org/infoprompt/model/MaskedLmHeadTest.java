package org.infoprompt.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.reference.ReferenceBackend;
import org.infoprompt.tensor.DType;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.SafetensorsFile;
import org.infoprompt.weights.WeightFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Masked-language-model heads against transformers, on tiny random models (fixtures/encoder, mlm.safetensors). */
class MaskedLmHeadTest {
    private static final int R = 6;
    private static final int V = 120;

    static Stream<Arguments> cases() {
        List<Arguments> all = new ArrayList<>();
        for (String model : List.of("bert-tanh", "roberta", "distilbert")) {
            all.add(Arguments.of(ReferenceBackend.instance(), model));
            all.add(Arguments.of(Backends.active(), model));
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("cases")
    void equalsTransformers(Backend backend, String model) throws Exception {
        Path folder = EncoderParityTest.fixture("encoder/" + model);
        boolean exact = backend.dtype() == DType.F64;
        double tolerance = exact ? 1e-12 : 1e-4;
        try (ModelFiles files = ModelFiles.openFolder(folder);
                EncoderWeights weights = EncoderWeights.load(files, backend, true);
                MaskedLmHead head = MaskedLmHead.load(files, weights);
                MaskedLmPass pass = new MaskedLmPass(head, backend.newKernels(), R, true);
                SafetensorsFile expected = SafetensorsFile.open(folder.resolve("mlm.safetensors"));
                Arena arena = Arena.ofConfined()) {
            MemorySegment states = EncoderParityTest.convert(expected.tensor("states"), backend.dtype(), arena);
            MemorySegment features = arena.allocate(states.byteSize(), 64);
            pass.transform(R, states, features, true);
            double[] wanted = EncoderParityTest.doubles(expected.tensor("features"));
            assertThat(EncoderParityTest.relativeError(features, wanted, backend.dtype()))
                    .as("features")
                    .isLessThan(tolerance);

            MemorySegment gradient = arena.allocate(states.byteSize(), 64);
            pass.backward(EncoderParityTest.convert(expected.tensor("upstream"), backend.dtype(), arena), gradient);
            wanted = EncoderParityTest.doubles(expected.tensor("gradient"));
            assertThat(EncoderParityTest.relativeError(gradient, wanted, backend.dtype()))
                    .as("gradient to the states")
                    .isLessThan(tolerance);

            MemorySegment inPlace = arena.allocate(states.byteSize(), 64).copyFrom(states);
            pass.transform(R, inPlace, inPlace, false);
            assertThat(inPlace.mismatch(features)).as("in place").isEqualTo(-1);
            assertThatThrownBy(() -> pass.backward(gradient, gradient)).isInstanceOf(IllegalStateException.class);

            double[] logits = EncoderParityTest.doubles(expected.tensor("logits"));
            for (int[] range : new int[][] {{0, V}, {0, 1}, {17, 33}, {V - 1, 1}}) {
                MemorySegment part = arena.allocate((long) R * range[1] * Double.BYTES, 64);
                pass.logits(R, features, range[0], range[1], part);
                wanted = new double[R * range[1]];
                for (int r = 0; r < R; r++) {
                    System.arraycopy(logits, r * V + range[0], wanted, r * range[1], range[1]);
                }
                assertThat(EncoderParityTest.relativeError(part, wanted, backend.dtype()))
                        .as("logits of %d words from %d", range[1], range[0])
                        .isLessThan(tolerance * 10);
            }
            topWordsAreThoseOfAllLogits(pass, features, logits, exact);
        }
    }

    private static void topWordsAreThoseOfAllLogits(
            MaskedLmPass pass, MemorySegment features, double[] logits, boolean exact) {
        TopWords top = new TopWords(R, 4);
        pass.topWords(R, features, top);
        assertThat(top.numRows()).isEqualTo(R);
        for (int r = 0; r < R; r++) {
            int base = r * V;
            int[] order = IntStream.range(0, V)
                    .boxed()
                    .sorted(Comparator.comparingDouble(w -> -logits[base + w]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            double sum = Arrays.stream(logits, base, base + V).map(Math::exp).sum();
            assertThat(top.count(r)).isEqualTo(4);
            for (int i = 0; i < 4; i++) {
                assertThat(top.id(r, i)).as("row %d, rank %d", r, i).isEqualTo(order[i]);
                assertThat(top.probability(r, i))
                        .isCloseTo(Math.exp(logits[base + order[i]]) / sum, Offset.offset(exact ? 1e-12 : 1e-5));
            }
        }
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("cases")
    void aWholeModelScoresItsMasks(Backend backend, String model) throws Exception {
        Path folder = EncoderParityTest.fixture("encoder/" + model);
        try (ModelFiles files = ModelFiles.openFolder(folder);
                EncoderWeights weights = EncoderWeights.load(files, backend, false);
                MaskedLmHead head = MaskedLmHead.load(files, weights);
                MaskedLmPass pass = new MaskedLmPass(head, backend.newKernels(), 2, false);
                TransformerEncoder encoder = new TransformerEncoder(weights, backend.newKernels(), 20, false);
                SafetensorsFile expected = SafetensorsFile.open(folder.resolve("mlm.safetensors"));
                Arena arena = Arena.ofConfined()) {
            int[] ids = integers(expected, "ids");
            RowTemplate template =
                    new RowTemplate(IntSlice.of(ids), IntSlice.of(new int[ids.length]), 0, IntSlice.of());
            PackedRows rows = new PackedRows(20, 1, files.config().positionOffset());
            rows.addReading(template, 0, IntSlice.of(integers(expected, "masks")), false);
            MemorySegment states = arena.allocate(
                    2L * files.config().hiddenSize() * backend.dtype().bytes(), 64);
            encoder.forward(rows, null, states, false);
            pass.transform(2, states, states, false);
            MemorySegment logits = arena.allocate(2L * V * backend.dtype().bytes(), 64);
            pass.logits(2, states, 0, V, logits);
            double[] wanted = EncoderParityTest.doubles(expected.tensor("maskLogits"));
            assertThat(EncoderParityTest.relativeError(logits, wanted, backend.dtype()))
                    .isLessThan(backend.dtype() == DType.F64 ? 1e-11 : 1e-4);
        }
    }

    private static int[] integers(SafetensorsFile file, String name) throws Exception {
        long[] values = file.tensor(name).segment().toArray(ValueLayout.JAVA_LONG_UNALIGNED);
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }

    @Test
    void aModelWithoutAHeadSaysSo() throws Exception {
        Path folder = EncoderParityTest.fixture("encoder/bert");
        try (ModelFiles files = ModelFiles.openFolder(folder);
                EncoderWeights weights = EncoderWeights.load(files, Backends.active(), false)) {
            assertThatThrownBy(() -> MaskedLmHead.load(files, weights))
                    .isInstanceOf(WeightFormatException.class)
                    .hasMessageContaining("model.safetensors: has no masked-LM head; use a model");
        }
    }

    @Test
    void equalScoresKeepTheOrderOfTheWords() {
        TopWords top = new TopWords(1, 3);
        top.start(1);
        double[] scores = {1, 5, 5, 2, 5, 5};
        for (int w = 0; w < scores.length; w++) {
            top.offer(0, w, scores[w]);
        }
        top.finish();
        assertThat(IntStream.range(0, 3).map(i -> top.id(0, i))).containsExactly(1, 2, 4);
        double sum = Arrays.stream(scores).map(Math::exp).sum();
        assertThat(top.probability(0, 2)).isCloseTo(Math.exp(5) / sum, Offset.offset(1e-15));
        top.start(1);
        top.offer(0, 9, -1e4);
        top.finish();
        assertThat(top.count(0)).isEqualTo(1);
        assertThat(top.probability(0, 0)).isEqualTo(1);
    }
}
