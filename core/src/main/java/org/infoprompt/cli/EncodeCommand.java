package org.infoprompt.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.infoprompt.hub.Backbones;
import org.infoprompt.io.InputException;
import org.infoprompt.io.TextFiles;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Precision;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.TextEncoder;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.weights.SafetensorsWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code infoprompt encode}: writes hidden states of texts by the frozen encoder alone. */
@Command(
        name = "encode",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Writes the last hidden states of texts, one text a line, as safetensors: cls and mean [n, D].",
        footer = {
            "",
            "Examples:",
            "  infoprompt encode --input lines.txt --output out.safetensors",
            "  infoprompt encode --model models/bert --input lines.txt --output out.safetensors --states",
            "",
            "An empty line is an empty text. The mean is over all rows, special tokens included. --states adds",
            "states [rows, D] of all texts one after another, and offsets [n+1]: where each text's rows begin.",
        })
final class EncodeCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = Backbones.DEFAULT_ID,
            description = "Id, Maven coordinates or Hugging Face folder. Default: ${DEFAULT-VALUE}.")
    private String model = Backbones.DEFAULT_ID;

    @Option(names = "--input", paramLabel = "FILE", required = true, description = "Texts, one a line, UTF-8.")
    private Path input = Path.of("");

    @Option(names = "--output", paramLabel = "FILE", required = true, description = "The safetensors file to write.")
    private Path output = Path.of("");

    @Option(names = "--states", description = "Also write every row's hidden state.")
    private boolean states;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description =
                    "The most tokens of a text, special tokens included; longer texts are cut. Default: the model's limit.")
    private @Nullable Integer maxLength;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    EncodeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.configure(console);
        int numThreads = common.numThreads();
        List<String> texts = TextFiles.readLines(input);
        if (texts.isEmpty()) {
            throw new InputException(input.toString(), "", "is empty", "give a file with at least one line");
        }
        Backend backend = common.backend(console, Precision.FP32.text(), false);
        try (LoadedBackbone backbone = common.openBackbone(model, backend, false, console);
                Arena arena = Arena.ofShared()) {
            int limit = backbone.config().maxPositions();
            int length = maxLength == null ? limit : maxLength;
            if (length < 2 || length > limit) {
                throw new InputException("--max-length", "", length + " must be in [2, " + limit + "]", "");
            }
            encode(backbone, texts, length, numThreads, arena);
        }
        console.note(String.format(Locale.ROOT, "%,d texts are in %s", texts.size(), output));
        return Failures.OK;
    }

    private void encode(LoadedBackbone backbone, List<String> texts, int length, int numThreads, Arena arena)
            throws IOException {
        DType type = backbone.weights().backend().dtype();
        int d = backbone.config().hiddenSize();
        int n = texts.size();
        long rowBytes = (long) d * type.bytes();
        MemorySegment cls = arena.allocate(n * rowBytes, type.bytes());
        MemorySegment mean = arena.allocate(n * rowBytes, type.bytes());
        MemorySegment offsets = arena.allocate((n + 1L) * Long.BYTES, Long.BYTES);
        long rows = states ? offsets(backbone, texts, length, offsets) : 0;
        MemorySegment all = arena.allocate(rows * rowBytes, type.bytes());
        CountDisplay count = new CountDisplay(console, "encoding", n);
        try (TextEncoder encoder = new TextEncoder(backbone, length, numThreads)) {
            encoder.encode(
                    texts,
                    (index, source, firstRow, numRows) -> {
                        MemorySegment.copy(source, firstRow * rowBytes, cls, index * rowBytes, rowBytes);
                        mean(source, firstRow, numRows, d, type, mean, index);
                        if (states) {
                            long at = offsets.getAtIndex(ValueLayout.JAVA_LONG, index) * rowBytes;
                            MemorySegment.copy(source, firstRow * rowBytes, all, at, numRows * rowBytes);
                        }
                    },
                    count);
        }
        count.finish();
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("cls", new Tensor(cls, type, Shape.of(n, d)));
        tensors.put("mean", new Tensor(mean, type, Shape.of(n, d)));
        if (states) {
            tensors.put("states", new Tensor(all, type, Shape.of(rows, d)));
            tensors.put("offsets", new Tensor(offsets, DType.I64, Shape.of(n + 1L)));
        }
        SafetensorsWriter.write(output, Map.of("model", backbone.identity(), "sha256", backbone.sha256()), tensors);
    }

    private static long offsets(LoadedBackbone backbone, List<String> texts, int length, MemorySegment offsets) {
        long rows = 0;
        for (int i = 0; i < texts.size(); i++) {
            offsets.setAtIndex(ValueLayout.JAVA_LONG, i, rows);
            rows += backbone.tokenizer().encode(texts.get(i), null, length).ids().length;
        }
        offsets.setAtIndex(ValueLayout.JAVA_LONG, texts.size(), rows);
        return rows;
    }

    private static void mean(
            MemorySegment states, int firstRow, int numRows, int d, DType type, MemorySegment target, int index) {
        for (int j = 0; j < d; j++) {
            double sum = 0;
            for (int r = firstRow; r < firstRow + numRows; r++) {
                long at = (long) r * d + j;
                sum += type == DType.F64
                        ? states.getAtIndex(ValueLayout.JAVA_DOUBLE, at)
                        : states.getAtIndex(ValueLayout.JAVA_FLOAT, at);
            }
            long to = (long) index * d + j;
            if (type == DType.F64) {
                target.setAtIndex(ValueLayout.JAVA_DOUBLE, to, sum / numRows);
            } else {
                target.setAtIndex(ValueLayout.JAVA_FLOAT, to, (float) (sum / numRows));
            }
        }
    }
}
