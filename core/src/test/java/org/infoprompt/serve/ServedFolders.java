package org.infoprompt.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.RandomModels;

/** Folders of prompts of every method and both formats, over the tiny BERT. */
final class ServedFolders {
    static final List<String> ADAPTERS =
            List.of("prompt-tuning", "p-tuning", "prefix-tuning", "prefix-tuning-projection", "lora", "ia3");

    static final List<String> TEXTS = List.of(
            "the cat sat on the mat",
            "a good film",
            "",
            "red sun and rain " + "the cat ".repeat(40),
            "x",
            "not a bad film was it",
            "rain");

    private ServedFolders() {}

    /** Saves a random model. */
    static Path save(LoadedBackbone backbone, String spec, int numClasses, long seed, Path folder) throws IOException {
        try (PromptModel model = RandomModels.model(backbone, RandomModels.spec(spec), numClasses, seed)) {
            model.save(folder);
        }
        return folder;
    }

    /** Saves models of all methods and copies adapters of all kinds; returns their names. */
    static List<String> all(LoadedBackbone backbone, Path root) throws IOException {
        List<String> names = new ArrayList<>();
        int seed = 0;
        for (String spec : RandomModels.specs().keySet()) {
            save(backbone, spec, 2 + seed % 4, seed++, root.resolve(spec));
            names.add(spec);
        }
        for (String kind : ADAPTERS) {
            adapter(kind, root.resolve("peft-" + kind));
            names.add("peft-" + kind);
        }
        return names;
    }

    static Path adapter(String kind, Path target) throws IOException {
        Path from = RandomModels.encoder("bert").resolve("../../peft/bert").resolve(kind);
        Files.createDirectories(target);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return target;
    }

    static boolean changesWeights(String name) {
        return name.equals("peft-lora") || name.equals("peft-ia3");
    }
}
