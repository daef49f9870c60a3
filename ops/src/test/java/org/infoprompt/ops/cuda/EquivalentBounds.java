package org.infoprompt.ops.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Comparisons that may be off by one without any difference, from {@code equivalent-bounds.txt}: lines "kernel never|same numbers: reason",
 * where numbers count a kernel's comparisons from 0. "Never" says that the two are never equal, "same" that nothing differs when
 * they are.
 */
final class EquivalentBounds {
    private static final Pattern LINE = Pattern.compile("(ipk_\\w+) (never|same) ([0-9 ]+): \\S.*");
    private static final Map<String, Map<Integer, String>> ALL = read();

    private EquivalentBounds() {}

    /** {@return a kernel's: number and kind, in order} */
    static List<String> of(String kernel) {
        return ALL.getOrDefault(kernel, Map.of()).entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .toList();
    }

    /** {@return the kernels that have any} */
    static List<String> kernels() {
        return List.copyOf(ALL.keySet());
    }

    private static Map<String, Map<Integer, String>> read() {
        Map<String, Map<Integer, String>> all = new TreeMap<>();
        try (InputStream in =
                Objects.requireNonNull(EquivalentBounds.class.getResourceAsStream("equivalent-bounds.txt"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                Matcher matcher = LINE.matcher(line);
                if (!matcher.matches()) {
                    throw new IllegalStateException("equivalent-bounds.txt: " + line);
                }
                Map<Integer, String> numbers = all.computeIfAbsent(matcher.group(1), k -> new TreeMap<>());
                for (String number : matcher.group(3).strip().split(" +", -1)) {
                    if (numbers.put(Integer.valueOf(number), matcher.group(2)) != null) {
                        throw new IllegalStateException("equivalent-bounds.txt names " + number + " twice: " + line);
                    }
                }
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
