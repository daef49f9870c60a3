package org.infoprompt.peft;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.infoprompt.checkpoint.CheckpointInfo;
import org.infoprompt.hub.Backbone;
import org.infoprompt.hub.Backbones;
import org.infoprompt.io.AtomicFiles;
import org.infoprompt.session.ClassifierSession;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.weights.EncoderConfig;
import org.infoprompt.weights.SafetensorsWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes trained models as PEFT adapters. Expressible are methods whose prompts are the same for all texts and stand before
 * [CLS], or whose prefixes are, LoRA and IA3, with a head that scores [CLS] or the first row directly, on BERT and RoBERTa; everything else is
 * refused with its reason.
 *
 * <p>PEFT's heads read the sequence's first row. Where ours reads [CLS] behind the virtual tokens, the configuration and the
 * folder's {@code README.md} say so, the latter with the line that makes PEFT read it.
 *
 * @param type the kind of adapter
 * @param numVirtualTokens N
 * @param needsHook whether PEFT reads another row than the model unless told
 */
public record PeftExport(PeftType type, int numVirtualTokens, boolean needsHook) {
    private static final String CARD = "README.md";
    private static final Set<String> OWN = Set.of(AdapterConfig.FILE, AdapterFiles.WEIGHTS, CARD);
    /** Largest difference of a logit, relative to the largest one, at which a folder counts as the same model. */
    private static final double TOLERANCE = 1e-3;

    private static final String[] PROBES = {"a first text", "and another, which is longer: does it give the same?"};

    /**
     * Writes a model, reads the folder back and compares its class scores with the model's on two texts.
     *
     * @param model the trained model
     * @param folder made if missing; may hold an adapter that was exported before and nothing else
     * @param baseModel what the configuration calls the base model; null for the backbone's name on the Hugging Face hub or folder
     * @return what was written
     * @throws IOException if PEFT has no form for the model, or the folder cannot be written
     */
    public static PeftExport write(PromptModel model, Path folder, @Nullable String baseModel) throws IOException {
        CheckpointInfo info = model.info();
        LoadedBackbone backbone = model.backbone();
        EncoderConfig sizes = backbone.config();
        PeftType type = Expressible.type(info, sizes.family());
        checkFolder(folder);
        String base = baseModel == null ? baseName(backbone.reference()) : baseModel;
        try (Arena arena = Arena.ofConfined()) {
            SafetensorsWriter.write(
                    folder.resolve(AdapterFiles.WEIGHTS),
                    Map.of("format", "pt"),
                    AdapterTensors.of(model, type, arena));
        }
        writeText(folder.resolve(CARD), ModelCard.text(info, sizes, type, base));
        // Last, because a folder without it is no adapter.
        writeText(folder.resolve(AdapterConfig.FILE), ExportConfig.json(info, sizes, type, base));
        compare(model, folder);
        int n = Math.max(
                info.prompt().layout().numSlots(), info.prompt().layout().numPrefixes());
        return new PeftExport(type, n, ExportConfig.pooledToken(info, type).equals("cls"));
    }

    private static String baseName(String reference) {
        for (Backbone known : Backbones.known()) {
            if (reference.equals(known.id()) || reference.equals(known.coordinates())) {
                return known.origin();
            }
        }
        return reference;
    }

    private static void checkFolder(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new PeftException(folder.toString(), "", "is a file, not a folder", "name another --output");
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (!OWN.contains(String.valueOf(file.getFileName()))) {
                    throw new PeftException(
                            folder.toString(),
                            "",
                            "holds " + file.getFileName() + ", which is no part of an adapter",
                            "name another --output");
                }
            }
        }
    }

    /** A method of a user may do more to the encoder than its configuration says; the two models then differ here. */
    private static void compare(PromptModel model, Path folder) throws IOException {
        int numClasses = model.labels().size();
        boolean same = true;
        try (PeftAdapter adapter = PeftAdapter.load(folder, model.backbone());
                ClassifierSession ours = model.openSession();
                ClassifierSession theirs = adapter.openSession()) {
            for (String text : PROBES) {
                String pair = model.info().pair() ? PROBES[0] : null;
                double[] wanted = new double[numClasses];
                double[] found = new double[numClasses];
                ours.logits(text, pair, wanted);
                theirs.logits(text, pair, found);
                double scale = 1;
                for (double logit : wanted) {
                    scale = Math.max(scale, Math.abs(logit));
                }
                for (int k = 0; k < numClasses; k++) {
                    same &= Math.abs(wanted[k] - found[k]) <= TOLERANCE * scale;
                }
            }
        }
        if (!same) {
            for (String name : OWN) {
                Files.deleteIfExists(folder.resolve(name));
            }
            throw new PeftException(
                    "method " + model.info().prompt().method(),
                    "",
                    "does something that the adapter cannot do: its scores differ",
                    "use the checkpoint");
        }
    }

    private static void writeText(Path file, String text) throws IOException {
        AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
