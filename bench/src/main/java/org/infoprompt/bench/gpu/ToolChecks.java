package org.infoprompt.bench.gpu;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.infoprompt.bench.gpu.Report.Outcome;
import org.infoprompt.bench.gpu.Report.Status;

/** NVIDIA's own tools over this very program, where they are installed. */
final class ToolChecks {
    private static final int TAIL = 600;

    private final Path folder;
    private final int ordinal;

    ToolChecks(Path folder, int ordinal) {
        this.folder = folder;
        this.ordinal = ordinal;
    }

    /** {@return whether compute-sanitizer finds nothing in the small kernel checks} */
    Outcome sanitizer(String tool) throws IOException, InterruptedException {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        Optional<Path> program = find("compute-sanitizer");
        if (program.isEmpty()) {
            return new Outcome(Status.SKIPPED, "compute-sanitizer is not installed", values);
        }
        List<String> command =
                new ArrayList<>(List.of(program.get().toString(), "--tool", tool, "--error-exitcode", "99"));
        command.addAll(self("kernels"));
        Path log = folder.resolve("sanitizer-" + tool + ".log");
        int status = run(command, log);
        values.put("log", log.toString());
        return status == 0
                ? new Outcome(Status.PASSED, "", values)
                : new Outcome(Status.FAILED, "status " + status + ": " + tail(log), values);
    }

    /** {@return the bytes that ncu saw the loss kernels move} */
    Outcome bytes() throws IOException, InterruptedException {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        Optional<Path> program = find("ncu");
        if (program.isEmpty()) {
            return new Outcome(Status.SKIPPED, "ncu is not installed", values);
        }
        List<String> command = new ArrayList<>(List.of(
                program.get().toString(),
                "--csv",
                "--metrics",
                "dram__bytes_read.sum,dram__bytes_write.sum",
                "--kernel-name",
                "regex:ipk_(head_information|cross_entropy|representation_information).*",
                "--launch-count",
                "6"));
        command.addAll(self("loss-times"));
        Path log = folder.resolve("ncu.csv");
        int status = run(command, log);
        values.put("log", log.toString());
        if (status != 0) {
            return new Outcome(Status.FAILED, "status " + status + ": " + tail(log), values);
        }
        try (Stream<String> lines = Files.lines(log)) {
            lines.filter(l -> l.contains("dram__bytes"))
                    .forEach(l -> values.put("line" + values.size(), l.replace("\"", "")));
        }
        return values.size() > 1
                ? new Outcome(Status.PASSED, "", values)
                : new Outcome(Status.FAILED, "ncu measured nothing: " + tail(log), values);
    }

    private List<String> self(String check) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                GpuAcceptance.class.getName(),
                "--device",
                String.valueOf(ordinal),
                "--sizes",
                check.equals("kernels") ? "small" : "full",
                "--only",
                check,
                "--report",
                folder.resolve("under-tool-" + check + ".json").toString()));
        return command;
    }

    private static int run(List<String> command, Path log) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
    }

    private static String tail(Path log) throws IOException {
        String text = Files.readString(log, StandardCharsets.UTF_8).strip();
        return text.substring(Math.max(0, text.length() - TAIL)).replaceAll("\\s+", " ");
    }

    private static Optional<Path> find(String program) {
        String path = System.getenv("PATH");
        String[] folders = (path == null ? "" : path).split(File.pathSeparator, -1);
        return Stream.concat(Stream.of(folders), Stream.of("/usr/local/cuda/bin"))
                .map(f -> Path.of(f, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
