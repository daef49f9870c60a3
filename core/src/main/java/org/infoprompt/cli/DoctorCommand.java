package org.infoprompt.cli;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.infoprompt.hub.ArtifactResolver;
import org.infoprompt.hub.Backbones;
import org.infoprompt.hub.CacheFolder;
import org.infoprompt.io.InputException;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.CpuFeatures;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.PrecisionChoice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code infoprompt doctor}: what this machine offers and what is missing, for bug reports. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Prints JDK, processor, memory, every backend with the reason and remedy, and cache folders.",
        footer = {"", "Example:", "  infoprompt doctor"})
final class DoctorCommand implements Callable<Integer> {
    private static final List<String> TELLING_FLAGS = List.of(
            "sse4_2",
            "avx",
            "avx2",
            "fma",
            "f16c",
            "avx512f",
            "avx512bw",
            "avx512vl",
            "avx512_vnni",
            "avx512_bf16",
            "amx_bf16",
            "amx_int8",
            "asimd",
            "sve",
            "bf16");
    private static final double MEGABYTE = 1e6;

    private final Console console;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        common.configure(console);
        row("version", "infoprompt " + Main.version());
        row(
                "JDK",
                Runtime.version() + ", " + System.getProperty("java.vendor") + ", "
                        + System.getProperty("java.vm.name"));
        row(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        CpuFeatures cpu = CpuFeatures.detect();
        row("processor", (cpu.model().isEmpty() ? "unknown" : cpu.model()) + ", " + cpu.processors() + " usable");
        row("instructions", instructions(cpu));
        row(
                "vector lanes",
                cpu.vectorBits() == 0
                        ? "none: the module jdk.incubator.vector is not there; add --add-modules jdk.incubator.vector"
                        : cpu.vectorBits() + " bits");
        row("memory", memory());
        row(
                "Java heap",
                String.format(
                        Locale.ROOT, "up to %,.0f MB", Runtime.getRuntime().maxMemory() / MEGABYTE));
        console.print("backends");
        for (Backends.Candidate candidate : Backends.all()) {
            var availability = candidate.availability();
            row(
                    "  " + candidate.provider().name(),
                    (availability.usable() ? "usable: " : "not usable: ")
                            + availability.reason()
                            + (availability.remedy().isEmpty() ? "" : "; remedy: " + availability.remedy()));
        }
        row("chosen", chosen());
        row("precision", precision());
        row("int8", int8());
        row("cache folder", folder(CacheFolder.path()));
        repository();
        return Failures.OK;
    }

    private void row(String name, String value) {
        console.print(String.format(Locale.ROOT, "%-16s%s", name, value));
    }

    private static String instructions(CpuFeatures cpu) {
        List<String> found = TELLING_FLAGS.stream().filter(cpu::has).toList();
        return found.isEmpty() ? "unknown" : String.join(" ", found);
    }

    private static String memory() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemAvailable:")) {
                    String kilobytes = line.replaceAll("[^0-9]", "");
                    return String.format(
                            Locale.ROOT, "%,.0f MB available", Long.parseLong(kilobytes) * 1024 / MEGABYTE);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return "unknown";
        }
        return "unknown";
    }

    private static String chosen() {
        try {
            return Backends.active().name() + ": " + Backends.active().description();
        } catch (IllegalStateException e) {
            return "none: " + Failures.oneLine(String.valueOf(e.getMessage()));
        }
    }

    private static String precision() {
        try {
            return "auto: "
                    + PrecisionChoice.of(Backends.active(), PrecisionChoice.AUTO, "doctor")
                            .line();
        } catch (IllegalStateException e) {
            return "none without a backend";
        }
    }

    private static String int8() {
        try {
            Backend backend = Backends.active();
            return backend.precisions().contains(Precision.INT8)
                    ? "with --precision int8, not for training: "
                            + backend.with(Precision.INT8).description()
                    : "the backend '" + backend.name() + "' has none";
        } catch (IllegalStateException e) {
            return "none without a backend";
        }
    }

    private static String folder(Path folder) {
        try {
            if (!Files.exists(folder)) {
                Path parent = folder.toAbsolutePath().getParent();
                while (parent != null && !Files.exists(parent)) {
                    parent = parent.getParent();
                }
                return folder + ", not there yet"
                        + (parent != null && !Files.isWritable(parent) ? "; " + parent + " cannot be written" : "");
            }
            FileStore store = Files.getFileStore(folder);
            return folder
                    + (Files.isWritable(folder) ? "" : ", cannot be written")
                    + String.format(Locale.ROOT, ", %,.0f MB free", store.getUsableSpace() / MEGABYTE);
        } catch (IOException e) {
            return folder + ", cannot be read: " + e.getMessage();
        }
    }

    private void repository() {
        try (ArtifactResolver resolver = ArtifactResolver.create(common.resolverConfig())) {
            row("Maven cache", folder(resolver.localRepository()));
            String coordinates = Backbones.known().getFirst().coordinates();
            row("  backbone", state(resolver.cached(coordinates), coordinates));
            row("  data", state(resolver.cached(DataArguments.WORDNET), DataArguments.WORDNET));
        } catch (InputException e) {
            row("Maven cache", String.valueOf(e.getMessage()));
        }
    }

    private static String state(Optional<Path> file, String coordinates) {
        return coordinates + (file.isPresent() ? ", there" : ", not there yet; fetched when it is needed");
    }
}
