package org.infoprompt.bench.gpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.infoprompt.bench.gpu.Report.Outcome;

/** NVIDIA's own tools over this very program, where they are installed. Their logs stay beside the report. */
final class ToolChecks {
    private static final int TAIL = 600;

    /** How much more a kernel may move than each operand once. */
    private static final double MOST = 1.3;

    /** What is moved less often than this was not what was meant to be measured. */
    private static final double LEAST = 0.5;

    private final Gpu gpu;
    private final AcceptanceOptions options;

    ToolChecks(Gpu gpu, AcceptanceOptions options) {
        this.gpu = gpu;
        this.options = options;
    }

    /** {@return whether compute-sanitizer finds nothing in the small kernel checks} */
    Outcome sanitizer(String tool) throws IOException, InterruptedException {
        Optional<Path> program = find("compute-sanitizer");
        if (program.isEmpty()) {
            return Outcome.skipped("compute-sanitizer is not installed");
        }
        List<String> command =
                new ArrayList<>(List.of(program.get().toString(), "--tool", tool, "--error-exitcode", "99"));
        command.addAll(self("kernels", "small"));
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        Path log = log("sanitizer-" + tool + ".log", values);
        int status = run(command, log);
        return status == 0 ? Outcome.passed(values) : Outcome.failed("status " + status + ": " + tail(log), values);
    }

    /** {@return whether the bytes that ncu saw each loss kernel move in one launch are those of its operands} */
    Outcome bytes() throws IOException, InterruptedException {
        Optional<Path> program = find("ncu");
        if (program.isEmpty()) {
            return Outcome.skipped("ncu is not installed");
        }
        List<String> command = new ArrayList<>(List.of(
                program.get().toString(),
                "--csv",
                "--print-units",
                "base",
                "--metrics",
                "dram__bytes_read.sum,dram__bytes_write.sum",
                "--kernel-name",
                "regex:ipk_(head_information|cross_entropy|representation_information).*"));
        command.addAll(self("loss-bytes", options.sizesName()));
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        Path log = log("ncu.csv", values);
        int status = run(command, log);
        if (status != 0) {
            return Outcome.failed("status " + status + ": " + tail(log), values);
        }
        Map<String, Double> seen = NcuTable.bytesByKernel(Files.readAllLines(log));
        boolean met = true;
        for (Map.Entry<String, Double> kernel : LossWork.bytes(options.sizes()).entrySet()) {
            Double moved = seen.get(kernel.getKey());
            if (moved == null) {
                return Outcome.failed("ncu did not measure " + kernel.getKey() + ": " + tail(log), values);
            }
            double times = moved / kernel.getValue();
            values.put(kernel.getKey() + " bytes", moved);
            values.put(kernel.getKey() + " times its operands", times);
            met &= times >= LEAST && times <= MOST;
        }
        return Outcome.target(
                options.judged(),
                "each loss kernel moves " + LEAST + " to " + MOST + " times its operands",
                met,
                values);
    }

    /** The same program with one group of checks. Nothing is judged by its time there: tools slow it down. */
    private List<String> self(String check, String sizes) {
        List<String> command = new ArrayList<>(gpu.program());
        command.addAll(List.of(
                "--device",
                String.valueOf(options.device()),
                "--sizes",
                sizes,
                "--times",
                "tell",
                "--only",
                check,
                "--report",
                options.logs().resolve("under-tool-" + check + ".json").toString()));
        return command;
    }

    private Path log(String name, SequencedMap<String, Object> values) throws IOException {
        Path log = Files.createDirectories(options.logs()).resolve(name);
        values.put("log", log);
        return log;
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

    private Optional<Path> find(String program) {
        return gpu.toolFolders().stream()
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
