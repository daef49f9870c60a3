package org.infoprompt.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.infoprompt.io.InputException;
import org.infoprompt.ops.PrecisionChoice;
import org.infoprompt.session.FillMask;
import org.infoprompt.session.LoadedBackbone;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code infoprompt fill-mask}: guesses masked words, to see that a backbone with its masked-LM head works. */
@Command(
        name = "fill-mask",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Prints the most probable words for each mask in a text, by the model's masked-LM head.",
        footer = {
            "",
            "Examples:",
            "  infoprompt fill-mask --model bert-base \"The capital of France is [MASK].\"",
            "  infoprompt fill-mask --model models/roberta --top 3 \"The <mask> sat on the <mask>.\"",
            "  cat texts.txt | infoprompt fill-mask --model bert-base --json",
        })
final class FillMaskCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "standard input";
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Console console;

    @Parameters(
            arity = "0..*",
            paramLabel = "TEXT",
            description = "Texts with the model's mask token, each in quotes. Without any, lines of standard input.")
    private List<String> texts = new ArrayList<>();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = "bert-base",
            description = "Id, Maven coordinates or Hugging Face folder. Default: ${DEFAULT-VALUE}.")
    private String model = "bert-base";

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "5",
            description = "Words a mask. Default: ${DEFAULT-VALUE}.")
    private int top = 5;

    @Option(names = "--json", description = "Print a JSON object a text.")
    private boolean json;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    FillMaskCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.configure(console);
        if (top < 1) {
            throw new InputException("--top", "", top + " must be at least 1", "");
        }
        try (LoadedBackbone backbone = common.openBackbone(
                        model, common.backend(console, PrecisionChoice.AUTO, false), false, console);
                FillMask fill = new FillMask(backbone)) {
            for (int i = 0; i < texts.size(); i++) {
                print(fill, texts.get(i), "argument " + (i + 1));
            }
            if (texts.isEmpty()) {
                LineReader lines = new LineReader(STANDARD_INPUT, console.in());
                for (String line = lines.next(); line != null; line = lines.next()) {
                    print(fill, line, STANDARD_INPUT + ", line " + lines.line());
                }
            }
        }
        return Failures.OK;
    }

    private void print(FillMask fill, String text, String place) throws InputException {
        List<List<FillMask.Guess>> masks = fill.fill(text, top, place);
        if (json) {
            console.print(json(text, masks));
            return;
        }
        console.print(text);
        for (int m = 0; m < masks.size(); m++) {
            if (masks.size() > 1) {
                console.print("mask " + (m + 1));
            }
            List<List<String>> rows = new ArrayList<>();
            for (FillMask.Guess guess : masks.get(m)) {
                rows.add(List.of("  " + guess.token(), String.format(Locale.ROOT, "%.4f", guess.probability())));
            }
            ResultTable.aligned(rows).forEach(console::print);
        }
    }

    private static String json(String text, List<List<FillMask.Guess>> masks) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("text", text);
        ArrayNode all = root.putArray("masks");
        for (List<FillMask.Guess> mask : masks) {
            ArrayNode words = all.addArray();
            for (FillMask.Guess guess : mask) {
                words.addObject()
                        .put("token", guess.token())
                        .put("id", guess.id())
                        .put("probability", guess.probability());
            }
        }
        return MAPPER.writeValueAsString(root);
    }
}
