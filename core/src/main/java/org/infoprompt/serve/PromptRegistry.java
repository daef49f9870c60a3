package org.infoprompt.serve;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.infoprompt.io.InputException;
import org.infoprompt.ops.Backend;
import org.infoprompt.serve.ServingException.Reason;
import org.infoprompt.serve.Versions.Signature;
import org.infoprompt.serve.Versions.Version;
import org.infoprompt.session.LoadedBackbone;
import org.jspecify.annotations.Nullable;

/**
 * Prompts by name over one backbone: checkpoints of this library and adapters of Hugging Face PEFT, of any method. Safe for all
 * threads. Closed by its owner, after its servers and before the backbone.
 *
 * <p>A name is registered without reading its folder's tensors; they are read when the first request asks for them, through a
 * mapping that is left again, and what is kept counts against a budget. Looking up a loaded prompt takes no lock.
 *
 * <p>{@link #publish} and the watched folder read a new version completely before it takes the old one's place in one step; requests
 * that began with the old version end with it. The version before stays for {@link #rollBack}.
 */
public final class PromptRegistry implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(PromptRegistry.class.getName());

    /**
     * What is known about a registered prompt.
     *
     * @param name its name
     * @param version the version that is served
     * @param folder where it was read from
     * @param loaded whether it is in memory
     * @param bytes how many bytes it takes there
     * @param labels its class names; empty while it is not loaded
     */
    public record PromptInfo(String name, long version, Path folder, boolean loaded, long bytes, List<String> labels) {}

    private final LoadedBackbone backbone;
    private final RegistryOptions options;
    private final PromptLoader loader;
    private final ConcurrentHashMap<String, Versions> prompts = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong loadedBytes = new AtomicLong();
    /** Of buffers that servers' workers keep for single prompts; in the budget too. */
    private final AtomicLong workersBytes = new AtomicLong();

    private final List<Runnable> freedListeners = new CopyOnWriteArrayList<>();
    private final ServerMetrics metrics = new ServerMetrics();
    /** Serialises changes of versions and eviction; never held while a file is read. */
    private final Object changes = new Object();

    private volatile boolean closed;
    private @Nullable FolderWatcher watcher;

    /**
     * Creates an empty registry.
     *
     * @param backbone the encoder that all prompts stand on
     */
    public PromptRegistry(LoadedBackbone backbone) {
        this(backbone, RegistryOptions.defaults());
    }

    /**
     * Creates an empty registry.
     *
     * @param backbone the encoder that all prompts stand on
     * @param options budget
     * @throws IllegalArgumentException if the backbone computes on a device: prompts are laid out and read by the processor
     */
    public PromptRegistry(LoadedBackbone backbone, RegistryOptions options) {
        Backend backend = backbone.weights().backend();
        if (backend.maxWorkers() < Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "prompts are served on the processor, the backend '" + backend.name() + "' computes on a device");
        }
        this.backbone = backbone;
        this.options = options;
        loader = new PromptLoader(backbone, options.anyBase());
    }

    RegistryOptions options() {
        return options;
    }

    /** Counts bytes more or less that a worker keeps for prompts; prompts not in use make room for them. */
    void countWorkersBytes(long more) {
        workersBytes.addAndGet(more);
        if (more > 0 && !closed) {
            makeRoom();
        }
    }

    /** Has somebody told, shortly and by any thread, whenever a prompt's memory has been freed. */
    void whenFreed(Runnable told) {
        freedListeners.add(told);
    }

    /** Tells somebody no more. */
    void noLongerWhenFreed(Runnable told) {
        freedListeners.remove(told);
    }

    private void freed(long bytes) {
        loadedBytes.addAndGet(-bytes);
        freedListeners.forEach(Runnable::run);
    }

    /** Returns the bytes that workers keep for single prompts. */
    long workersBytes() {
        return workersBytes.get();
    }

    /** Returns what counts against the budget. */
    private long usedBytes() {
        return loadedBytes.get() + workersBytes.get();
    }

    /** {@return the encoder} */
    public LoadedBackbone backbone() {
        return backbone;
    }

    /** {@return counts and times of loading and serving} */
    public ServerMetrics metrics() {
        return metrics;
    }

    /**
     * Registers a prompt without loading it. If the name is known, its new version is loaded first, as {@link #publish} does.
     *
     * @param name under which requests ask for it
     * @param folder holds a checkpoint or an adapter
     * @return its version
     * @throws IOException if the folder holds neither, or a known name's new version cannot be used
     */
    public long register(String name, Path folder) throws IOException {
        Signature signature = signature(folder);
        Version version = new Version(numbers.incrementAndGet(), folder, signature);
        Versions known = prompts.putIfAbsent(checked(name), new Versions(name, version));
        return known == null ? version.number : publish(name, folder);
    }

    private static String checked(String name) {
        if (name.isBlank() || name.length() > 200) {
            throw new IllegalArgumentException("a prompt's name must have 1 to 200 characters, not '" + name + "'");
        }
        return name;
    }

    private static Signature signature(Path folder) throws InputException {
        Signature signature = Signature.of(folder);
        if (signature == null) {
            throw new InputException(
                    folder.toString(),
                    "",
                    "holds no checkpoint.json and no adapter_config.json",
                    "name a folder that infoprompt train or PEFT wrote");
        }
        return signature;
    }

    /**
     * Registers every folder in a folder that holds a prompt, under its own name.
     *
     * @param root the folder
     * @return how many there are
     * @throws IOException if it cannot be listed
     */
    public int registerAll(Path root) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (Path folder : folders) {
                if (Signature.of(folder) != null) {
                    register(String.valueOf(folder.getFileName()), folder);
                    count++;
                }
            }
        }
        return count;
    }

    /**
     * Loads a new version and then serves it in place of the old one, which stays for {@link #rollBack}. Requests that are under
     * way end with the version they began with.
     *
     * @param name a name, known or new
     * @param folder holds a checkpoint or an adapter
     * @return the new version
     * @throws IOException if it cannot be used; the old version is then served on
     */
    public long publish(String name, Path folder) throws IOException {
        checkOpen();
        Signature signature = signature(folder);
        Version version = new Version(numbers.incrementAndGet(), folder, signature);
        swap(name, version, read(checked(name), version));
        LOGGER.log(System.Logger.Level.DEBUG, "{0} is served at version {1} from {2}", name, version.number, folder);
        return version.number;
    }

    /** Serves a loaded version in one step. */
    void swap(String name, Version version, LoadedPrompt loaded) {
        synchronized (changes) {
            if (closed) {
                loaded.release();
                throw new IllegalStateException("the registry is closed");
            }
            version.loaded = loaded;
            Versions known = prompts.get(name);
            if (known == null) {
                prompts.put(name, new Versions(name, version));
            } else {
                Version dropped = known.previous;
                if (known.current.folder.equals(version.folder)) {
                    known.current.replaced = true;
                }
                known.previous = known.current;
                known.current = version;
                if (dropped != null) {
                    unload(dropped);
                }
            }
        }
        makeRoom();
        metrics.swapped();
        PromptSwapEvent.emit(name, version.number);
    }

    /**
     * Serves the version before the current one again; a second call returns to the current one.
     *
     * @param name a known name
     * @return the version that is served now
     * @throws IOException if there is none, or it is not in memory any more and its files have been replaced
     */
    public long rollBack(String name) throws IOException {
        Versions known = prompts.get(name);
        Version to = known == null ? null : known.previous;
        if (known == null || to == null) {
            throw new InputException("prompt " + name, "", "has no version before this one", "");
        }
        LoadedPrompt again = null;
        if (to.loaded == null) {
            if (!to.isOnDisk()) {
                throw new InputException(
                        "prompt " + name,
                        "version " + to.number,
                        "is not in memory any more, and its files in " + to.folder + " have been replaced",
                        "publish the folder of that version");
            }
            again = read(name, to);
        }
        synchronized (changes) {
            boolean stays = isServed(known) && known.previous == to;
            if (again != null && stays && to.loaded == null) {
                to.loaded = again;
            } else if (again != null) {
                again.release();
            }
            if (!stays || (to.replaced && to.loaded == null)) {
                throw new InputException("prompt " + name, "", "was changed by someone else meanwhile", "try again");
            }
            known.previous = known.current;
            known.current = to;
        }
        if (again != null) {
            makeRoom();
        }
        metrics.swapped();
        PromptSwapEvent.emit(name, to.number);
        return to.number;
    }

    /**
     * Forgets a prompt. Requests that are under way end with it.
     *
     * @param name a name; unknown ones do nothing
     */
    public void unregister(String name) {
        synchronized (changes) {
            Versions known = prompts.remove(name);
            if (known != null) {
                unload(known.current);
                Version previous = known.previous;
                if (previous != null) {
                    unload(previous);
                }
            }
        }
    }

    /** Lets go of a version's memory. */
    private static void unload(Version version) {
        LoadedPrompt loaded = version.loaded;
        version.loaded = null;
        if (loaded != null) {
            loaded.release();
        }
    }

    /**
     * {@return how many names are registered}
     */
    public int size() {
        return prompts.size();
    }

    /** {@return how many bytes loaded prompts take} */
    public long loadedBytes() {
        return loadedBytes.get();
    }

    /** {@return all names, sorted} */
    public List<String> names() {
        return List.copyOf(new TreeSet<>(prompts.keySet()));
    }

    /**
     * {@return what is known about a prompt, or null if there is none of this name}
     *
     * @param name its name
     */
    public @Nullable PromptInfo info(String name) {
        Versions known = prompts.get(name);
        if (known == null) {
            return null;
        }
        Version version = known.current;
        LoadedPrompt loaded = version.loaded;
        return new PromptInfo(
                name,
                version.number,
                version.folder,
                loaded != null,
                loaded == null ? 0 : loaded.bytes(),
                loaded == null ? List.of() : loaded.parts().labels());
    }

    /**
     * Loads a prompt now, so that no request has to wait for it.
     *
     * @param name its name
     * @return its class names
     * @throws ServingException if there is none of this name or its files cannot be used
     */
    public List<String> load(String name) throws ServingException {
        LoadedPrompt held = acquire(name);
        try {
            return held.parts().labels();
        } finally {
            held.release();
        }
    }

    /**
     * {@return whether the served version of a prompt is in memory; false if there is no prompt of this name}
     *
     * @param name its name
     */
    public boolean isLoaded(String name) {
        Versions known = prompts.get(name);
        return known != null && known.current.loaded != null;
    }

    /** Finds a prompt, loading it if need be, and holds it for the caller, who lets go of it. */
    LoadedPrompt acquire(String name) throws ServingException {
        while (true) {
            Versions known = prompts.get(name);
            if (known == null && closed) {
                throw new ServingException(Reason.CLOSED, "the registry is closed");
            }
            if (known == null) {
                throw new ServingException(Reason.UNKNOWN_PROMPT, "there is no prompt named '" + name + "'");
            }
            Version version = known.current;
            LoadedPrompt loaded = version.loaded;
            if (loaded != null && loaded.retain()) {
                return loaded;
            }
            if (closed) {
                throw new ServingException(Reason.CLOSED, "the registry is closed");
            }
            loaded = loadLazily(known, version);
            if (loaded != null) {
                return loaded;
            }
        }
    }

    /** Returns whether it is still among the prompts; to be asked under {@link #changes}. */
    private boolean isServed(Versions known) {
        return !closed && prompts.get(known.name) == known;
    }

    /** Loads a version and holds it for the caller; null if it has been loaded or replaced meanwhile. */
    private @Nullable LoadedPrompt loadLazily(Versions known, Version version) throws ServingException {
        LoadedPrompt loaded;
        synchronized (version) {
            if (version.loaded != null || known.current != version) {
                return null;
            }
            Signature now = Signature.of(version.folder);
            ServingException failed = version.failure;
            if (failed != null && Objects.equals(version.failed, now)) {
                throw failed;
            }
            Version reading = version;
            if (!version.signature.equals(now) && now != null) {
                // Somebody replaced the files since: what is there now is another version.
                reading = new Version(numbers.incrementAndGet(), version.folder, now);
            }
            try {
                loaded = read(known.name, reading);
            } catch (IOException e) {
                ServingException failure = new ServingException(
                        Reason.UNUSABLE_PROMPT, "prompt '" + known.name + "' cannot be used: " + e.getMessage(), e);
                version.failed = now;
                version.failure = failure;
                LOGGER.log(System.Logger.Level.WARNING, failure.getMessage());
                throw failure;
            }
            synchronized (changes) {
                if (!isServed(known) || known.current != version) {
                    loaded.release();
                    return null;
                }
                // Before others may evict it: a budget that is full of prompts in use must not starve this caller.
                loaded.retain();
                reading.loaded = loaded;
                known.current = reading;
            }
        }
        try {
            makeRoom();
        } catch (RuntimeException | Error e) {
            loaded.release();
            throw e;
        }
        return loaded;
    }

    private LoadedPrompt read(String name, Version version) throws IOException {
        PromptLoadEvent event = new PromptLoadEvent();
        event.begin();
        long start = System.nanoTime();
        LoadedPrompt loaded;
        try {
            loaded = loader.load(name, version.number, version.folder, this::freed);
        } catch (IllegalArgumentException e) {
            throw new InputException(version.folder.toString(), "", String.valueOf(e.getMessage()), "", e);
        }
        loadedBytes.addAndGet(loaded.bytes());
        int c = loaded.parts().numClasses();
        if (c > MixedPass.MAX_CLASSES || loaded.bytes() > options.maxBytes()) {
            loaded.release();
            throw new InputException(
                    version.folder.toString(),
                    "",
                    c > MixedPass.MAX_CLASSES
                            ? "has " + c + " classes, at most " + MixedPass.MAX_CLASSES + " can be served"
                            : "takes " + loaded.bytes() + " bytes, the registry's budget is " + options.maxBytes(),
                    "raise the budget or use infoprompt predict");
        }
        long nanos = System.nanoTime() - start;
        metrics.loads().record(nanos);
        if (event.shouldCommit()) {
            event.prompt = name;
            event.version = version.number;
            event.bytes = loaded.bytes();
            event.commit();
        }
        return loaded;
    }

    /** Lets go of what was not used for the longest time until a tenth of the budget is free again. */
    private void makeRoom() {
        if (usedBytes() <= options.maxBytes()) {
            return;
        }
        synchronized (changes) {
            List<Version> onDisk = new ArrayList<>();
            List<Version> inMemoryAlone = new ArrayList<>();
            for (Versions each : prompts.values()) {
                // After a roll-back what is served may be in memory alone: reading its folder again would undo the
                // roll-back.
                if (!each.current.replaced) {
                    onDisk.add(each.current);
                }
                Version previous = each.previous;
                if (previous != null) {
                    // Rolling back to a version whose files were replaced needs it in memory.
                    (previous.replaced ? inMemoryAlone : onDisk).add(previous);
                }
            }
            // Memory of a prompt in use is not free before its requests are answered: those come last.
            unloadOldest(onDisk, false);
            unloadOldest(inMemoryAlone, false);
            unloadOldest(onDisk, true);
        }
    }

    /** A version in memory and when it was used last, read once: requests go on while candidates are sorted. */
    private record Candidate(Version version, LoadedPrompt loaded, long lastUsed) {}

    private void unloadOldest(List<Version> versions, boolean inUse) {
        long low = options.maxBytes() - options.maxBytes() / 10;
        List<Candidate> candidates = new ArrayList<>();
        for (Version version : versions) {
            LoadedPrompt loaded = version.loaded;
            if (loaded != null) {
                candidates.add(new Candidate(version, loaded, loaded.lastUsedNanos()));
            }
        }
        candidates.sort(Comparator.comparingLong(Candidate::lastUsed));
        long freeing = 0; // by requests under way, once they end
        for (Candidate each : candidates) {
            if (usedBytes() - freeing <= low) {
                return;
            }
            boolean used = each.loaded.isInUse();
            if (each.version.loaded == each.loaded && (inUse || !used)) {
                freeing += used ? each.loaded.bytes() : 0;
                unload(each.version);
                metrics.evicted();
            }
        }
    }

    /**
     * Looks at a folder again and again, and registers, publishes and forgets what appears, changes and disappears in it: one
     * folder a prompt, under its name. A folder is taken when it has been the same for one round. What cannot be used is logged
     * once, and the version before it is served on.
     *
     * @param root the folder
     * @param interval how long a round takes
     * @throws IOException if it cannot be listed now
     */
    public void watch(Path root, Duration interval) throws IOException {
        FolderWatcher made = new FolderWatcher(this, root, interval);
        made.round();
        synchronized (changes) {
            checkOpen();
            if (watcher != null) {
                throw new IllegalStateException("the registry watches a folder already");
            }
            watcher = made;
        }
        made.start();
    }

    /** Takes a folder that the watcher has seen unchanged for a round. */
    void seen(String name, Path folder, Signature signature) {
        Versions known = prompts.get(name);
        if (known != null) {
            Version current = known.current;
            boolean same = signature.equals(current.signature) || signature.equals(known.refused);
            Version previous = known.previous;
            if (same || (previous != null && signature.equals(previous.signature))) {
                return;
            }
        }
        try {
            if (known == null) {
                register(name, folder);
            } else {
                publish(name, folder);
                known.refused = null;
            }
        } catch (IOException | RuntimeException e) {
            if (known != null) {
                known.refused = signature;
            }
            metrics.refused();
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "prompt {0} stays as it was, its new files cannot be used: {1}",
                    name,
                    e.getMessage());
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the registry is closed");
        }
    }

    /** Stops watching and lets go of all prompts; idempotent. Memory of requests under way is freed when they end. */
    @Override
    public void close() {
        FolderWatcher stopping;
        synchronized (changes) {
            closed = true;
            stopping = watcher;
            watcher = null;
        }
        if (stopping != null) {
            stopping.close();
        }
        for (String name : List.copyOf(prompts.keySet())) {
            unregister(name);
        }
        loader.close();
    }
}
