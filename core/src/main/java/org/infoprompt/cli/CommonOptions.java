package org.infoprompt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.infoprompt.hub.ArtifactResolver;
import org.infoprompt.hub.CacheFolder;
import org.infoprompt.hub.ModelHub;
import org.infoprompt.hub.ResolverConfig;
import org.infoprompt.io.InputException;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Backends;
import org.infoprompt.ops.PrecisionChoice;
import org.infoprompt.session.LoadedBackbone;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that several commands share, and what they choose. */
final class CommonOptions {
    private static final int MAX_THREADS = 1024;
    private static final String CPU = "cpu";

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Worker threads; never changes a result. Default: all processors.")
    private @Nullable Integer threads;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description =
                    "Computes with this backend; `infoprompt doctor` lists them. Default: the fastest usable one.")
    private @Nullable String backend;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "Where to compute: cpu, or an NVIDIA GPU such as cuda:0. Default: cpu.")
    private @Nullable String device;

    @Option(
            names = "--precision",
            paramLabel = "P",
            description =
                    "What the encoder multiplies in: fp32, bf16, int8 (no training), or auto, which takes bf16 where this"
                            + " machine gains by it. Default: auto; fp32 for encode.")
    private @Nullable String precision;

    @Option(names = "--offline", description = "Never use the network.")
    private boolean offline;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print results and errors only.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Print more: every epoch, log lines, where an internal error happened.")
    private boolean verbose;

    void configure(Console console) {
        console.configure(quiet, verbose);
    }

    int numThreads() throws InputException {
        if (threads == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new InputException("--threads", "", threads + " must be in [1, " + MAX_THREADS + "]", "");
        }
        return threads;
    }

    /**
     * Returns the backend and, if there is a run to follow or --verbose, says in one line which it is and why.
     *
     * @param standard the precision where neither --precision nor -Dinfoprompt.precision says another
     * @param announced whether there is a run to follow
     */
    Backend backend(Console console, String standard, boolean announced) throws InputException {
        try {
            String gpu = device == null || device.equals(CPU) ? null : device;
            if (gpu != null && backend != null && !gpu.split(":", 2)[0].equals(backend)) {
                throw new InputException(
                        "--device", "", gpu + " is not computed by --backend " + backend, "give one of the two");
            }
            Backend chosen = gpu != null
                    ? Backends.onDevice(gpu)
                    : backend == null ? Backends.active() : Backends.byName(backend);
            String line = backend == null && gpu == null
                    ? Backends.choiceLine()
                    : "backend=" + chosen.name() + " " + chosen.description() + " because "
                            + (gpu != null ? "--device " + gpu : "--backend") + " asks for it";
            PrecisionChoice choice = precision(chosen, standard);
            if (announced || verbose) {
                console.note(line.contains("precision=") ? line : line + "; " + choice.line());
            }
            return choice.backend();
        } catch (IllegalStateException e) {
            throw new InputException(
                    device != null
                            ? "--device"
                            : backend != null ? "--backend" : precision != null ? "--precision" : "backend",
                    "",
                    String.valueOf(e.getMessage()),
                    "see infoprompt doctor",
                    e);
        }
    }

    /** Returns the backend of a run that trains and says which it is; int8 is refused. */
    Backend trainingBackend(Console console) throws InputException {
        Backend chosen = backend(console, PrecisionChoice.AUTO, true);
        if (!chosen.precision().isTrainable()) {
            throw new InputException(
                    precision != null ? "--precision" : "-D" + PrecisionChoice.PROPERTY,
                    "",
                    chosen.precision().text() + " has no gradients",
                    "train in fp32 or bf16, and give int8 to predict, eval, encode or serve");
        }
        return chosen;
    }

    private PrecisionChoice precision(Backend chosen, String standard) {
        String property = System.getProperty(PrecisionChoice.PROPERTY);
        if (precision != null) {
            return PrecisionChoice.of(chosen, precision, "--precision");
        }
        if (property != null) {
            return PrecisionChoice.of(chosen, property, "-D" + PrecisionChoice.PROPERTY);
        }
        // A backend that has no fp32, the oracle, has only its own.
        boolean has = standard.equals(PrecisionChoice.AUTO)
                || chosen.precisions().stream().anyMatch(p -> p.text().equals(standard));
        return PrecisionChoice.of(chosen, has ? standard : null, "the command");
    }

    /** Returns the user's Maven set-up. */
    ResolverConfig resolverConfig() {
        ResolverConfig config = ResolverConfig.fromEnvironment();
        return offline
                ? new ResolverConfig(
                        config.userSettings(),
                        config.globalSettings(),
                        config.localRepository(),
                        true,
                        config.properties())
                : config;
    }

    /** Fetches an artifact or finds it in the local repository. */
    Path resolve(String coordinates, Console console) throws IOException {
        try (ArtifactResolver resolver = ArtifactResolver.create(resolverConfig())) {
            return resolver.resolve(coordinates, new DownloadDisplay(console));
        }
    }

    /** Opens a backbone by id, coordinates or folder. */
    LoadedBackbone openBackbone(String reference, Backend chosen, boolean trainable, Console console)
            throws IOException {
        ModelHub.Located located;
        try (ModelHub hub = new ModelHub(resolverConfig(), CacheFolder.path())) {
            located = hub.locate(reference, new DownloadDisplay(console));
        }
        return LoadedBackbone.load(absolute(reference), located, chosen, trainable);
    }

    /** A checkpoint must find a folder again from anywhere. */
    private static String absolute(String reference) {
        try {
            Path path = Path.of(reference);
            return Files.isDirectory(path) ? path.toAbsolutePath().normalize().toString() : reference;
        } catch (InvalidPathException e) {
            return reference;
        }
    }
}
