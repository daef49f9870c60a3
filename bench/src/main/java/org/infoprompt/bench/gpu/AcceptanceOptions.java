package org.infoprompt.bench.gpu;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of an acceptance.
 *
 * @param device the GPU's number
 * @param sizesName full or small, for a program that is started with the same
 * @param sizes how much is computed
 * @param judged whether times that miss their targets fail; small sizes are never judged
 * @param only the one group of checks that runs, or null for all
 * @param report the file of the report; logs of tools go to a folder beside it
 * @param work the folder for files, kept; null for one that is deleted in the end
 * @param python the interpreter with PyTorch
 */
record AcceptanceOptions(
        int device,
        String sizesName,
        Sizes sizes,
        boolean judged,
        @Nullable String only,
        Path report,
        @Nullable Path work,
        Path python) {
    static final String USAGE = """
        Usage: bench/gpu-acceptance [--device N] [--sizes full|small] [--times judge|tell] [--only CHECK] [--report FILE]
                                    [--work FOLDER] [--python PYTHON]
        Checks: kernels, differences, training, leaks, loss-times, step-times, tools
        """;

    /** The groups of checks; the last is part of the tools' and runs only where it is asked for. */
    private static final List<String> GROUPS =
            List.of("kernels", "differences", "training", "leaks", "loss-times", "step-times", "tools", "loss-bytes");

    /**
     * {@return the options of a command line}
     *
     * @throws IllegalArgumentException in one line, if there is an unknown one, or a value that it cannot have
     */
    static AcceptanceOptions parse(String... arguments) {
        int device = 0;
        String sizes = "full";
        String times = "judge";
        String only = null;
        Path report = Path.of("gpu-acceptance.json");
        Path work = null;
        Path python = Path.of("python3");
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i];
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(name + " has no value");
            }
            String value = arguments[i + 1];
            switch (name) {
                case "--device" -> device = number(value);
                case "--sizes" -> sizes = oneOf(name, value, List.of("full", "small"));
                case "--times" -> times = oneOf(name, value, List.of("judge", "tell"));
                case "--only" -> only = oneOf(name, value, GROUPS);
                case "--report" -> report = Path.of(value);
                case "--work" -> work = Path.of(value);
                case "--python" -> python = Path.of(value);
                default -> throw new IllegalArgumentException("there is no option " + name);
            }
        }
        boolean full = sizes.equals("full");
        return new AcceptanceOptions(
                device,
                sizes,
                full ? Sizes.full() : Sizes.small(),
                full && times.equals("judge"),
                only,
                report,
                work,
                python);
    }

    /** {@return the same with other sizes, whose times are not judged} */
    AcceptanceOptions withSizes(Sizes other) {
        return new AcceptanceOptions(device, sizesName, other, false, only, report, work, python);
    }

    /** {@return whether a group of checks runs} */
    boolean wants(String group) {
        return only == null ? !group.equals("loss-bytes") : only.equals(group);
    }

    /** {@return where the logs of tools are kept: beside the report} */
    Path logs() {
        String name = String.valueOf(report.getFileName()).replaceFirst("\\.json$", "");
        return report.resolveSibling(name + "-logs");
    }

    private static int number(String value) {
        if (!value.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("--device " + value + " must be the number of a GPU, from 0");
        }
        return Integer.parseInt(value);
    }

    private static String oneOf(String name, String value, List<String> known) {
        if (!known.contains(value)) {
            throw new IllegalArgumentException(name + " " + value + " must be one of " + String.join(", ", known));
        }
        return value;
    }
}
