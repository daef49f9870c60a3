package org.infoprompt.ops;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import jdk.incubator.vector.VectorShape;

/**
 * What is known about this machine's processor, as far as the system tells: for reports, not for choosing code.
 *
 * @param architecture as Java names it, such as {@code amd64}
 * @param model the processor's name, or empty if unknown
 * @param processors how many the JVM may use
 * @param vectorBits the vector width the JVM prefers; 0 without the module {@code jdk.incubator.vector}
 * @param flags instruction sets as the kernel of Linux names them, in alphabetic order; empty elsewhere
 */
public record CpuFeatures(String architecture, String model, int processors, int vectorBits, Set<String> flags) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /**
     * Looks at this machine.
     *
     * @return what it has
     */
    public static CpuFeatures detect() {
        boolean hasModule =
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        List<String> lines = List.of();
        try {
            if (Files.isReadable(CPU_INFO)) {
                lines = Files.readAllLines(CPU_INFO, StandardCharsets.ISO_8859_1);
            }
        } catch (IOException e) {
            System.getLogger(CpuFeatures.class.getName())
                    .log(System.Logger.Level.DEBUG, "processor flags are unknown", e);
        }
        return new CpuFeatures(
                System.getProperty("os.arch", ""),
                first(lines, "model name"),
                Runtime.getRuntime().availableProcessors(),
                hasModule ? Width.bits() : 0,
                parseFlags(first(lines, "flags") + " " + first(lines, "features")));
    }

    /**
     * {@return whether the processor has an instruction set}
     *
     * @param flag as the kernel of Linux names it, such as {@code avx512f}
     */
    public boolean has(String flag) {
        return flags.contains(flag);
    }

    private static Set<String> parseFlags(String text) {
        Set<String> flags = new TreeSet<>(List.of(text.strip().split("\\s+")));
        flags.remove("");
        return Collections.unmodifiableSet(flags);
    }

    /** Returns the value of the first line {@code key : value}, or an empty string. */
    private static String first(List<String> lines, String key) {
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0
                    && line.substring(0, colon).strip().toLowerCase(Locale.ROOT).equals(key)) {
                return line.substring(colon + 1).strip();
            }
        }
        return "";
    }

    /** Apart, so that nothing of the module is loaded where it is absent. */
    private static final class Width {
        static int bits() {
            return VectorShape.preferredShape().vectorBitSize();
        }
    }
}
