package org.infoprompt.serve;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.infoprompt.checkpoint.Checkpoint;
import org.infoprompt.io.InputException;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.model.RowDraft;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.RowPass;
import org.infoprompt.ops.Kernels;
import org.infoprompt.peft.AdapterParts;
import org.infoprompt.peft.PeftAdapter;
import org.infoprompt.peft.PeftOptions;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptPlacement;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.ScannedText;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.PromptModel;
import org.infoprompt.session.TextClassifier.Inputs;
import org.infoprompt.text.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Reads prompts of both formats. Files are mapped, checked, and left again; what is kept is what a pass needs: for prompts that
 * are the same for every text one table and one matrix, whatever trained them, else the parameters.
 */
final class PromptLoader implements AutoCloseable {
    static final String ADAPTER = "adapter_config.json";

    private final LoadedBackbone backbone;
    private final boolean anyBase;
    /** Equal class names and placements of many prompts are kept once. */
    private final Map<Object, Object> shared = new ConcurrentHashMap<>();

    private final PromptMemory memory = new PromptMemory();

    /**
     * Creates a loader.
     *
     * @param anyBase whether adapters may name another base model
     */
    PromptLoader(LoadedBackbone backbone, boolean anyBase) {
        this.backbone = backbone;
        this.anyBase = anyBase;
    }

    /** Returns the file that says what a folder holds, or null if it is no prompt. */
    static @Nullable Path manifest(Path folder) {
        Path checkpoint = folder.resolve(Checkpoint.FILE);
        if (Files.isRegularFile(checkpoint)) {
            return checkpoint;
        }
        Path adapter = folder.resolve(ADAPTER);
        return Files.isRegularFile(adapter) ? adapter : null;
    }

    /** Loads a folder; {@code freed} is told when its memory is given back. */
    LoadedPrompt load(String name, long version, Path folder, LongConsumer freed) throws IOException {
        Path manifest = manifest(folder);
        if (manifest == null) {
            throw new InputException(
                    folder.toString(),
                    "",
                    "holds neither " + Checkpoint.FILE + " nor " + ADAPTER,
                    "name a folder that infoprompt train or PEFT wrote");
        }
        return manifest.endsWith(ADAPTER)
                ? adapter(name, version, folder, freed)
                : checkpoint(name, version, folder, freed);
    }

    private LoadedPrompt checkpoint(String name, long version, Path folder, LongConsumer freed) throws IOException {
        PromptModel model = PromptModel.load(folder, backbone);
        PromptMemory.Block block = null;
        boolean done = false;
        boolean keepModel = false;
        try {
            ParameterLayout layout = model.info().layout();
            if (layout.readsWords()) {
                throw new InputException(
                        folder.toString(), "", "tags words, the server classifies texts", "use infoprompt predict");
            }
            PromptConfig prompt = layout.prompt();
            PromptPlacement placement = share(model.placement());
            block = memory.allocate(bytes(model));
            SegmentAllocator parts = SegmentAllocator.slicingAllocator(block.segment());
            MemorySegment prompts = null;
            LayerInserts inserts = null;
            boolean own = prompt.isInstanceWise()
                    || prompt.hasInstancePrefixes()
                    || prompt.readsSentence()
                    || prompt.readsTokens();
            if (!own) {
                Kernels kernels = backbone.weights().backend().newKernels();
                try (RowPass pass = new RowPass(
                        layout, model.parameters(), null, backbone.weights().words(), kernels, 1)) {
                    pass.prepare();
                    MemorySegment table = pass.prompts(1);
                    int n = prompt.layout().numSlots();
                    if (n > 0 && table != null) {
                        prompts = copy(
                                table,
                                (long) n
                                        * layout.hiddenSize()
                                        * model.parameters().dtype().bytes(),
                                parts);
                    }
                    LayerInserts given = pass.inserts();
                    if (given != null && given.isPrefixTable()) {
                        inserts = prefixes(given, layout, parts);
                    } else if (given != null) {
                        own = true;
                    }
                }
            }
            ServedHead.Linear head = ServedHead.Linear.fold(layout, model.parameters(), parts);
            LoadedPrompt.Own computed =
                    own ? new LoadedPrompt.Own(layout, model.parameters(), share(placement.plain())) : null;
            LoadedPrompt.Parts loaded = new LoadedPrompt.Parts(
                    share(List.copyOf(model.labels())),
                    Inputs.of(model.info().pair()),
                    backbone.weights(),
                    placement,
                    prompts,
                    inserts,
                    head,
                    prompt.reading() == Reading.MEAN,
                    prompt.readsMaskedLmFeature(),
                    computed);
            long bytes = head.weight().byteSize()
                    + head.bias().byteSize()
                    + (prompts == null ? 0 : prompts.byteSize())
                    + (inserts == null ? 0 : inserts.prefixes().byteSize())
                    + (own ? model.parameters().values().byteSize() : 0);
            keepModel = own;
            done = true;
            PromptMemory.Block held = block;
            return new LoadedPrompt(name, version, loaded, bytes, () -> {
                held.free();
                if (computed != null) {
                    computed.parameters().close();
                }
                freed.accept(bytes);
            });
        } finally {
            if (!keepModel) {
                model.close();
            }
            if (!done && block != null) {
                block.free();
            }
        }
    }

    /** Returns how many bytes table, prefixes and head take at most, each on a boundary of its own. */
    private static long bytes(PromptModel model) {
        ParameterLayout layout = model.info().layout();
        long d = layout.hiddenSize();
        long c = layout.numClasses();
        long elements = layout.prompt().layout().numSlots() * d + layout.prefixWidth() + c * d + c;
        return elements * model.parameters().dtype().bytes() + 4 * 64;
    }

    private static MemorySegment copy(MemorySegment from, long bytes, SegmentAllocator memory) {
        MemorySegment to = memory.allocate(bytes, 64);
        MemorySegment.copy(from, 0, to, 0, bytes);
        return to;
    }

    private static LayerInserts prefixes(LayerInserts given, ParameterLayout layout, SegmentAllocator memory) {
        int p = given.numPrefixes();
        int numLayers = layout.backbone().numLayers();
        long row = given.prefixes().byteSize() / ((long) numLayers * p);
        MemorySegment table = memory.allocate(row * numLayers * p, 64);
        for (int l = 0; l < numLayers; l++) {
            MemorySegment.copy(given.prefixes(), given.prefixRow(0, l) * row, table, (long) l * p * row, p * row);
        }
        return new StaticPrefixes(table, p);
    }

    private LoadedPrompt adapter(String name, long version, Path folder, LongConsumer freed) throws IOException {
        PeftOptions options = anyBase ? PeftOptions.defaults().withAnyBase() : PeftOptions.defaults();
        PeftAdapter adapter = PeftAdapter.load(folder, backbone, options);
        PromptMemory.Block block = null;
        boolean done = false;
        boolean keepAdapter = false;
        try {
            AdapterParts given = adapter.parts();
            PromptPlacement placement = share(new PromptPlacement(
                    backbone.tokenizer().specialTokens(), given.layout(), given.reading(), given.maxLength()));
            checkTemplate(folder, placement.plain());
            block = memory.allocate(given.copiedBytes());
            AdapterParts held = given.copyTo(SegmentAllocator.slicingAllocator(block.segment()));
            LoadedPrompt.Parts parts = new LoadedPrompt.Parts(
                    share(List.copyOf(adapter.labels())),
                    adapter.inputs(),
                    held.weights(),
                    placement,
                    held.prompts(),
                    held.prefixes(),
                    held::score,
                    false,
                    false,
                    null);
            long bytes = held.ownBytes();
            boolean ownsWeights = held.ownsWeights();
            keepAdapter = ownsWeights;
            done = true;
            PromptMemory.Block taken = block;
            return new LoadedPrompt(name, version, parts, bytes, () -> {
                taken.free();
                if (ownsWeights) {
                    adapter.close();
                }
                freed.accept(bytes);
            });
        } finally {
            if (!keepAdapter) {
                adapter.close();
            }
            if (!done && block != null) {
                block.free();
            }
        }
    }

    /** The placement must give what the tokenizer's own template gives. */
    private void checkTemplate(Path folder, PromptPlacement placement) throws InputException {
        ScannedText scanned = new ScannedText(backbone.tokenizer());
        RowDraft rows = new RowDraft();
        for (String pair : new String[] {"", "a second text"}) {
            String second = pair.isEmpty() ? null : pair;
            scanned.scan("a first text", second, placement.maxLength());
            scanned.place(placement, rows);
            Encoding expected = backbone.tokenizer().encode("a first text", second, placement.maxLength());
            boolean same = rows.length() == expected.length();
            for (int r = 0; same && r < expected.length(); r++) {
                same = rows.source().get(r) == expected.ids()[r] && rows.types().get(r) == expected.typeIds()[r];
            }
            if (!same) {
                throw new InputException(
                        folder.toString(),
                        "",
                        "belongs to a tokenizer with a template of its own, which the server does not know",
                        "use infoprompt predict --adapter");
            }
        }
    }

    /** Gives memory back once the last prompt is freed; idempotent. */
    @Override
    public void close() {
        memory.close();
    }

    @SuppressWarnings("unchecked") // An equal object has the class of its equal.
    private <T> T share(T value) {
        Object known = shared.putIfAbsent(value, value);
        return known == null ? value : (T) known;
    }
}
