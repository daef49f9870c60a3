package org.infoprompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.TextEncoder;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.weights.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code infoprompt encode} against the library's encoder. */
class EncodeCommandTest {
    private static final int D = 32;
    private static final List<String> TEXTS = List.of("the cat sat on mat", "", "good film");

    @TempDir
    Path work;

    @Test
    void writesWhatTheLibraryComputes() throws IOException {
        Path input = work.resolve("lines.txt");
        Files.writeString(input, String.join("\n", TEXTS) + "\n");
        Path output = work.resolve("out.safetensors");
        Cli.Result result =
                Cli.run("encode", "--model", Cli.model(), "--input", input, "--output", output, "--states", "-q");
        assertThat(result.status()).as(result.err()).isZero();
        float[][] rows = new float[TEXTS.size()][];
        try (LoadedBackbone backbone = LoadedBackbone.open(Cli.model().toString());
                TextEncoder encoder = new TextEncoder(backbone, 64, 1)) {
            assertThat(backbone.weights().backend().dtype()).isEqualTo(DType.F32);
            encoder.encode(
                    TEXTS,
                    (index, states, first, n) -> {
                        rows[index] = new float[n * D];
                        for (int i = 0; i < n * D; i++) {
                            rows[index][i] = states.getAtIndex(ValueLayout.JAVA_FLOAT, (long) first * D + i);
                        }
                    },
                    done -> {});
        }
        assertThat(rows[1]).as("an empty text has its two special tokens").hasSize(2 * D);
        try (SafetensorsFile file = SafetensorsFile.open(output)) {
            assertThat(file.tensorNames()).containsExactlyInAnyOrder("cls", "mean", "states", "offsets");
            assertThat(file.tensor("cls").shape()).isEqualTo(Shape.of(3, D));
            assertThat(file.tensor("mean").shape()).isEqualTo(Shape.of(3, D));
            long[] offsets = file.tensor("offsets").segment().toArray(ValueLayout.JAVA_LONG_UNALIGNED);
            assertThat(offsets).hasSize(4);
            assertThat(file.tensor("states").shape()).isEqualTo(Shape.of(offsets[3], D));
            for (int i = 0; i < rows.length; i++) {
                assertThat((offsets[i + 1] - offsets[i]) * D).isEqualTo(rows[i].length);
                for (int k = 0; k < rows[i].length; k++) {
                    assertThat(at(file.tensor("states"), offsets[i] * D + k)).isEqualTo(rows[i][k]);
                }
                for (int j = 0; j < D; j++) {
                    assertThat(at(file.tensor("cls"), (long) i * D + j)).isEqualTo(rows[i][j]);
                    double mean = 0;
                    for (int k = j; k < rows[i].length; k += D) {
                        mean += rows[i][k] * (double) D / rows[i].length;
                    }
                    assertThat((double) at(file.tensor("mean"), (long) i * D + j))
                            .isCloseTo(mean, Offset.offset(1e-5));
                }
            }
        }
    }

    @Test
    void leavesStatesOutUnlessAsked() throws IOException {
        Path input = work.resolve("lines.txt");
        Files.writeString(input, "cat\n");
        Path output = work.resolve("out.safetensors");
        Cli.run("encode", "--model", Cli.model(), "--input", input, "--output", output);
        try (SafetensorsFile file = SafetensorsFile.open(output)) {
            assertThat(file.tensorNames()).containsExactlyInAnyOrder("cls", "mean");
        }
    }

    @Test
    void int8RoundsAndDoesNotDependOnThreads() throws IOException {
        Path input = work.resolve("lines.txt");
        Files.writeString(input, "the cat sat on mat\ngood film\n".repeat(40));
        byte[] one = Files.readAllBytes(encoded(input, "int8", 1));
        assertThat(Files.readAllBytes(encoded(input, "int8", 2))).isEqualTo(one);
        try (SafetensorsFile exact = SafetensorsFile.open(encoded(input, "fp32", 1));
                SafetensorsFile rounded = SafetensorsFile.open(encoded(input, "int8", 1))) {
            double squares = 0;
            double errors = 0;
            for (int i = 0; i < 80 * D; i++) {
                double value = at(exact.tensor("mean"), i);
                squares += value * value;
                errors += Math.pow(at(rounded.tensor("mean"), i) - value, 2);
            }
            assertThat(Math.sqrt(errors / squares)).isBetween(1e-4, 0.05);
        }
    }

    private Path encoded(Path input, String precision, int threads) {
        Path output = work.resolve(precision + threads + ".safetensors");
        Cli.Result result = Cli.run(
                "encode",
                "--model",
                Cli.model(),
                "--input",
                input,
                "--output",
                output,
                "--precision",
                precision,
                "--threads",
                threads,
                "-q");
        assertThat(result.status()).as(result.err()).isZero();
        return output;
    }

    private static float at(Tensor tensor, long index) {
        return tensor.segment().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
    }
}
