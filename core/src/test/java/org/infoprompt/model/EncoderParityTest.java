package org.infoprompt.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.reference.ReferenceBackend;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.SafetensorsFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Hidden states and input gradients against transformers, on tiny random models (fixtures/encoder). */
class EncoderParityTest {
    static Stream<Arguments> cases() {
        List<Arguments> all = new ArrayList<>();
        for (String model : List.of("bert", "bert-tanh", "roberta", "distilbert")) {
            for (String name : List.of("words", "prompts")) {
                for (String read : List.of("all", "read")) {
                    all.add(Arguments.of(ReferenceBackend.instance(), model, name, read));
                    all.add(Arguments.of(Backends.active(), model, name, read));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{1} {2} {3}")
    @MethodSource("cases")
    void equalsTransformers(Backend backend, String model, String name, String read) throws Exception {
        Path folder = fixture("encoder/" + model);
        JsonNode spec = JsonMapper.builder()
                .build()
                .readTree(folder.resolve("cases.json").toFile())
                .get("cases")
                .get(name);
        try (ModelFiles files = ModelFiles.openFolder(folder);
                EncoderWeights weights = EncoderWeights.load(files, backend, true);
                SafetensorsFile expected = SafetensorsFile.open(folder.resolve("expected.safetensors"));
                Arena arena = Arena.ofConfined()) {
            int d = files.config().hiddenSize();
            PackedRows rows = new PackedRows(200, 10, files.config().positionOffset());
            List<Integer> readRows = new ArrayList<>();
            fill(rows, spec, read.equals("all"), readRows);
            MemorySegment prompts =
                    name.equals("prompts") ? convert(expected.tensor("prompts.prompts"), backend.dtype(), arena) : null;
            try (TransformerEncoder encoder = new TransformerEncoder(weights, backend.newKernels(), 200, true)) {
                int q = rows.numRead();
                MemorySegment output =
                        arena.allocate((long) q * d * backend.dtype().bytes(), 64);
                encoder.forward(rows, prompts, output, true);
                double[] hidden = doubles(expected.tensor(name + ".hidden"));
                double[] wanted = new double[q * d];
                for (int i = 0; i < q; i++) {
                    System.arraycopy(hidden, readRows.get(i) * d, wanted, i * d, d);
                }
                boolean exact = backend.dtype() == DType.F64;
                assertThat(relativeError(output, wanted, backend.dtype()))
                        .as("hidden states")
                        .isLessThan(exact ? 1e-12 : 1e-5);

                MemorySegment inference =
                        arena.allocate((long) q * d * backend.dtype().bytes(), 64);
                try (TransformerEncoder other =
                        new TransformerEncoder(weights, backend.newKernels(), rows.numRows(), false)) {
                    other.forward(rows, prompts, inference, false);
                }
                assertThat(inference.mismatch(output)).as("without gradients").isEqualTo(-1);

                String key = name + "." + read;
                MemorySegment upstream = convert(expected.tensor(key + ".upstream"), backend.dtype(), arena);
                MemorySegment gradient = arena.allocate(
                        (long) rows.numGradient() * d * backend.dtype().bytes(), 64);
                encoder.backward(upstream, gradient);
                assertThat(relativeError(gradient, doubles(expected.tensor(key + ".gradient")), backend.dtype()))
                        .as("input gradients")
                        .isLessThan(exact ? 1e-12 : 1e-4);
            }
        }
    }

    private static void fill(PackedRows rows, JsonNode spec, boolean all, List<Integer> readRows) {
        int base = 0;
        int slot = 0;
        List<Integer> wantedReads = new ArrayList<>();
        spec.get("readRows").forEach(r -> wantedReads.add(r.intValue()));
        for (JsonNode lengthNode : spec.get("lengths")) {
            int length = lengthNode.intValue();
            int[] source = new int[length];
            int[] types = new int[length];
            List<Integer> reads = new ArrayList<>();
            for (int r = 0; r < length; r++) {
                int id = spec.get("inputIds").get(base + r).intValue();
                source[r] = id >= 0 ? id : -1 - slot++;
                types[r] = spec.get("tokenTypes").get(base + r).intValue();
                if (all || wantedReads.contains(base + r)) {
                    reads.add(r);
                    readRows.add(base + r);
                }
            }
            RowTemplate template = new RowTemplate(IntSlice.of(source), IntSlice.of(types), 0, IntSlice.of());
            rows.addReading(
                    template,
                    0,
                    IntSlice.of(reads.stream().mapToInt(Integer::intValue).toArray()),
                    true);
            base += length;
        }
    }

    static Path fixture(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(EncoderParityTest.class.getResource("/fixtures/" + name))
                .toURI());
    }

    static double[] doubles(Tensor tensor) {
        double[] out = new double[(int) tensor.shape().numElements()];
        for (int i = 0; i < out.length; i++) {
            out[i] = tensor.dtype() == DType.F64
                    ? tensor.segment().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8L)
                    : tensor.segment().get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4L);
        }
        return out;
    }

    static MemorySegment convert(Tensor tensor, DType dtype, Arena arena) {
        double[] values = doubles(tensor);
        MemorySegment out = arena.allocate((long) values.length * dtype.bytes(), 64);
        for (int i = 0; i < values.length; i++) {
            if (dtype == DType.F64) {
                out.setAtIndex(ValueLayout.JAVA_DOUBLE, i, values[i]);
            } else {
                out.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
            }
        }
        return out;
    }

    /** Largest difference over the largest magnitude. */
    static double relativeError(MemorySegment actual, double[] expected, DType dtype) {
        double worst = 0;
        double scale = 0;
        for (int i = 0; i < expected.length; i++) {
            double a = dtype == DType.F64
                    ? actual.getAtIndex(ValueLayout.JAVA_DOUBLE, i)
                    : actual.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            double difference = Math.abs(a - expected[i]);
            worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
            scale = Math.max(scale, Math.abs(expected[i]));
        }
        return worst / scale;
    }
}
