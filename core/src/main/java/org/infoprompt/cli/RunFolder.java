package org.infoprompt.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.infoprompt.io.AtomicFiles;
import org.infoprompt.io.InputException;
import org.infoprompt.io.TextFiles;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The folder of a run: {@code run.json} says what is trained, {@code work/} keeps finished methods and the state of the one under
 * way until all are done, {@code results.json} appears last and marks a finished run.
 */
final class RunFolder {
    static final String RUN = "run.json";
    static final String RESULTS_JSON = "results.json";
    static final String RESULTS_CSV = "results.csv";
    static final String METRICS = "metrics.csv";
    static final String CURVE = "learning-curve.png";
    private static final String WORK = "work";
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path folder;

    RunFolder(Path folder) {
        this.folder = folder;
    }

    Path path() {
        return folder;
    }

    boolean isFinished() {
        return Files.exists(folder.resolve(RESULTS_JSON));
    }

    /**
     * Prepares the folder for a run, which also shows early whether it can be written.
     *
     * @param settings everything that decides the run's result
     * @param resume whether what is there is taken up
     * @param force whether a finished run of other settings may be replaced
     * @throws IOException if it cannot be written, or holds a run of other settings
     */
    void begin(SequencedMap<String, String> settings, boolean resume, boolean force) throws IOException {
        Path file = folder.resolve(RUN);
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InputException(folder.toString(), "", "is a file, not a folder", "name another --output");
        }
        if (Files.exists(file)) {
            String difference = difference(read(file), settings);
            if (!difference.isEmpty() && resume) {
                throw new InputException(
                        file.toString(),
                        "",
                        "is of a different run: " + difference,
                        "use the same settings to --resume");
            }
            if (!difference.isEmpty() && isFinished() && !force) {
                throw new InputException(
                        folder.toString(),
                        "",
                        "holds a finished run of different settings: " + difference,
                        "name another --output, or replace it with --force");
            }
        }
        if (!resume) {
            Files.deleteIfExists(folder.resolve(RESULTS_JSON));
            removeWork();
        }
        ObjectNode root = MAPPER.createObjectNode();
        settings.forEach(root::put);
        writeText(file, print(root));
    }

    private static SequencedMap<String, String> read(Path file) throws IOException {
        SequencedMap<String, String> settings = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : json(file).properties()) {
            settings.put(entry.getKey(), entry.getValue().asString(""));
        }
        return settings;
    }

    private static String difference(Map<String, String> was, Map<String, String> now) {
        for (Map.Entry<String, String> entry : now.entrySet()) {
            String before = was.getOrDefault(entry.getKey(), "");
            if (!before.equals(entry.getValue())) {
                return entry.getKey() + " " + before + ", now " + entry.getValue();
            }
        }
        return "";
    }

    /** Returns where a method keeps its state while it trains. */
    Path stateFolder(String method, long seed) {
        return folder.resolve(WORK).resolve(id(method, seed));
    }

    private static String id(String method, long seed) {
        return method.replaceAll("[^A-Za-z0-9]+", "-") + "-" + seed;
    }

    /** Returns a method that was finished before, or null. */
    @Nullable
    MethodRun finished(String method, long seed, List<String> labels) throws IOException {
        Path file = folder.resolve(WORK).resolve(id(method, seed) + ".json");
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return MethodRun.read(json(file), labels);
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    file.toString(),
                    "",
                    String.valueOf(e.getMessage()),
                    "remove the file, or train without --resume",
                    e);
        }
    }

    /** Keeps a finished method until the whole run is. */
    void keep(MethodRun run) throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        run.write(root);
        writeText(folder.resolve(WORK).resolve(id(run.method(), run.seed()) + ".json"), print(root));
    }

    /** Reads the runs of a finished folder. */
    List<MethodRun> results(List<String> labels) throws IOException {
        Path file = folder.resolve(RESULTS_JSON);
        List<MethodRun> runs = new ArrayList<>();
        try {
            for (JsonNode node : json(file).path("runs")) {
                runs.add(MethodRun.read(node, labels));
            }
        } catch (IllegalArgumentException e) {
            throw new InputException(file.toString(), "", String.valueOf(e.getMessage()), "train again", e);
        }
        return runs;
    }

    /** Writes the last file, after which the run is finished, and removes what only a resumed run needs. */
    void finish(SequencedMap<String, String> settings, List<String> labels, List<MethodRun> runs) throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        ObjectNode said = root.putObject("settings");
        settings.forEach(said::put);
        labels.forEach(root.putArray("labels")::add);
        for (MethodRun run : runs) {
            run.write(root.withArray("runs").addObject());
        }
        writeText(folder.resolve(RESULTS_JSON), print(root));
        removeWork();
    }

    private void removeWork() throws IOException {
        delete(folder.resolve(WORK));
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                for (Path entry : entries) {
                    delete(entry);
                }
            }
        }
        Files.deleteIfExists(path);
    }

    private static JsonNode json(Path file) throws IOException {
        try {
            return MAPPER.readTree(TextFiles.read(file));
        } catch (JacksonException e) {
            throw new InputException(
                    file.toString(),
                    "",
                    "is not valid JSON: " + e.getOriginalMessage(),
                    "remove it, or use another folder",
                    e);
        }
    }

    private static String print(ObjectNode root) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    /** Writes text, whole or not at all. */
    static void writeText(Path file, String text) throws IOException {
        writeBytes(file, text.getBytes(StandardCharsets.UTF_8));
    }

    static void writeBytes(Path file, byte[] bytes) throws IOException {
        AtomicFiles.write(file, bytes);
    }
}
