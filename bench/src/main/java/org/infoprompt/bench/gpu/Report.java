package org.infoprompt.bench.gpu;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.infoprompt.io.AtomicFiles;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the checks found, as lines while they run and as JSON in the end. */
final class Report {
    /** How a check ended. */
    enum Status {
        /** It held. */
        PASSED,
        /** It did not. */
        FAILED,
        /** It could not be made here. */
        SKIPPED
    }

    /**
     * A check's end.
     *
     * @param status how it ended
     * @param reason why, if it did not pass
     * @param values what was measured: numbers, text
     */
    record Outcome(Status status, String reason, SequencedMap<String, Object> values) {
        /** {@return the end of a check that held} */
        static Outcome passed(SequencedMap<String, Object> values) {
            return new Outcome(Status.PASSED, "", values);
        }

        /** {@return the end of a check that did not} */
        static Outcome failed(String reason, SequencedMap<String, Object> values) {
            return new Outcome(Status.FAILED, reason, values);
        }

        /** {@return the end of one that could not be made} */
        static Outcome skipped(String reason) {
            return new Outcome(Status.SKIPPED, reason, new LinkedHashMap<>());
        }

        /**
         * {@return the end of a check with a target, which the values then tell in any case}
         *
         * @param judged whether a missed target is a failure
         * @param target what had to be reached, in words
         * @param met whether it was
         * @param values what was measured
         */
        static Outcome target(boolean judged, String target, boolean met, SequencedMap<String, Object> values) {
            values.put("target", target);
            values.put("targetMet", met ? "yes" : "no");
            if (!judged) {
                return new Outcome(Status.PASSED, "told, not judged", values);
            }
            return met ? passed(values) : failed("missed the target: " + target, values);
        }
    }

    /** One check. */
    interface Check {
        /** {@return its end} */
        Outcome run() throws Exception;
    }

    private final JsonMapper mapper = JsonMapper.builder().build();
    private final ObjectNode root = mapper.createObjectNode();
    private final ArrayNode checks = root.putArray("checks");
    private final PrintStream out;
    private int failed;
    private int passed;
    private int skipped;

    Report(PrintStream out) {
        this.out = out;
    }

    /** Adds something that is known about the machine. */
    void about(String key, String value) {
        root.put(key, value);
        out.println(key + ": " + value);
    }

    /** Runs a check; one that throws has failed. */
    void check(String name, Check check) {
        long start = System.nanoTime();
        Outcome outcome;
        try {
            outcome = check.run();
        } catch (Exception | LinkageError e) {
            outcome = Outcome.failed(e.toString(), new LinkedHashMap<>());
        }
        add(name, outcome, start);
    }

    /** Adds something that went wrong outside of a check. */
    void failed(String name, Throwable e) {
        add(name, Outcome.failed(e.toString(), new LinkedHashMap<>()), System.nanoTime());
    }

    private void add(String name, Outcome outcome, long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        ObjectNode node = checks.addObject();
        node.put("name", name);
        node.put("status", outcome.status.name().toLowerCase(Locale.ROOT));
        if (!outcome.reason.isEmpty()) {
            node.put("reason", outcome.reason);
        }
        node.put("seconds", seconds);
        ObjectNode values = node.putObject("values");
        for (Map.Entry<String, Object> value : outcome.values.entrySet()) {
            if (value.getValue() instanceof Number number) {
                values.put(value.getKey(), number.doubleValue());
            } else {
                values.put(value.getKey(), value.getValue().toString());
            }
        }
        switch (outcome.status) {
            case PASSED -> passed++;
            case FAILED -> failed++;
            case SKIPPED -> skipped++;
        }
        out.printf(
                Locale.ROOT,
                "%-8s%s%s%s%n",
                outcome.status.name().toLowerCase(Locale.ROOT),
                name,
                outcome.reason.isEmpty() ? "" : ": " + outcome.reason,
                outcome.values.isEmpty() ? "" : " " + outcome.values);
    }

    /** {@return whether nothing failed and something passed} */
    boolean isPassed() {
        return failed == 0 && passed > 0;
    }

    /** Writes the JSON and the last line. */
    void write(Path file) throws IOException {
        root.put("passed", isPassed());
        root.put("numPassed", passed);
        root.put("numFailed", failed);
        root.put("numSkipped", skipped);
        byte[] bytes = (mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        AtomicFiles.write(file, bytes);
        out.println(passed + " passed, " + failed + " failed, " + skipped + " skipped; the report is in " + file);
    }
}
