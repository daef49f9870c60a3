package org.infoprompt.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.infoprompt.tensor.Tensor;

/**
 * A TensorFlow checkpoint (tensor bundle): {@code NAME.index}, a {@linkplain SortedTable sorted table} of where each tensor
 * lies, beside {@code NAME.data-00000-of-00001}. Tensors keep TensorFlow's names and layout. The data files are mapped; a
 * tensor's checksum is compared when it is first asked for.
 */
final class TensorFlowBundle implements TensorSource {
    private static final String REMEDY = "fetch the model again";
    private static final int MAX_SHARDS = 1000;

    private final String name;
    private final List<MappedFile> shards;
    private final SortedMap<String, BundleEntry> entries;
    private final Set<String> verified = ConcurrentHashMap.newKeySet();
    private final AlignedViews views;

    private TensorFlowBundle(String name, List<MappedFile> shards, SortedMap<String, BundleEntry> entries) {
        this.name = name;
        this.shards = shards;
        this.entries = entries;
        views = new AlignedViews(shards.getFirst().arena());
    }

    /**
     * Opens a bundle.
     *
     * @param index the file whose name ends in {@code .index}
     * @return the bundle, to be closed by the caller
     * @throws WeightFormatException if a file is missing or damaged, or a tensor lies outside of it
     * @throws IOException if a file cannot be read
     */
    static TensorFlowBundle open(Path index) throws IOException {
        String source = index.toString();
        SortedMap<String, BundleEntry> entries = new TreeMap<>();
        int numShards = 0;
        try (MappedFile file = MappedFile.open(index)) {
            for (Map.Entry<String, MemorySegment> entry :
                    SortedTable.read(source, file.bytes()).entrySet()) {
                ProtobufReader in = new ProtobufReader(source, entry.getValue());
                if (entry.getKey().isEmpty()) {
                    numShards = readHeader(in);
                } else {
                    entries.put(entry.getKey(), BundleEntry.read(in));
                }
            }
        }
        if (numShards == 0) {
            throw new WeightFormatException(source, "", "has no bundle header", REMEDY);
        }
        List<MappedFile> shards = new ArrayList<>();
        boolean done = false;
        try {
            for (Path shard : shardFiles(index, numShards)) {
                shards.add(MappedFile.open(shard));
            }
            for (Map.Entry<String, BundleEntry> entry : entries.entrySet()) {
                check(source, entry.getKey(), entry.getValue(), shards);
            }
            done = true;
            return new TensorFlowBundle(source, shards, entries);
        } finally {
            if (!done) {
                shards.forEach(MappedFile::close);
            }
        }
    }

    /** Reads BundleHeaderProto and returns the number of data files. */
    private static int readHeader(ProtobufReader in) throws WeightFormatException {
        long shards = 0;
        for (int field = in.nextField(); field != 0; field = in.nextField()) {
            if (field == 1) {
                shards = in.integer();
            } else if (field == 2 && in.integer() != 0) {
                throw new WeightFormatException(
                        in.source(), "", "holds big-endian numbers", "save the model on a little-endian machine");
            } else if (field != 2) {
                in.skip();
            }
        }
        if (shards < 1 || shards > MAX_SHARDS) {
            throw in.error(shards + " data files");
        }
        return (int) shards;
    }

    /** Returns the data files of an index. */
    private static List<Path> shardFiles(Path index, int numShards) {
        String file = String.valueOf(index.getFileName());
        String prefix = file.substring(0, file.length() - ".index".length());
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < numShards; i++) {
            files.add(index.resolveSibling(String.format(Locale.ROOT, "%s.data-%05d-of-%05d", prefix, i, numShards)));
        }
        return files;
    }

    private static void check(String source, String tensor, BundleEntry entry, List<MappedFile> shards)
            throws WeightFormatException {
        if (entry.shard() < 0 || entry.shard() >= shards.size()) {
            throw new WeightFormatException(
                    source, tensor, "lies in data file " + entry.shard() + " of " + shards.size(), REMEDY);
        }
        long available = shards.get((int) entry.shard()).bytes().byteSize();
        if (entry.offset() < 0 || entry.size() < 0 || entry.offset() > available - entry.size()) {
            throw new WeightFormatException(
                    source,
                    tensor,
                    "lies at byte " + entry.offset() + " with " + entry.size() + " bytes, the data file has "
                            + available + ": truncated",
                    REMEDY);
        }
        if (entry.dtype() != null
                && entry.size() != entry.shape().numElements() * entry.dtype().bytes()) {
            throw new WeightFormatException(
                    source,
                    tensor,
                    "has " + entry.size() + " bytes, its shape " + entry.shape() + " of " + entry.dtype()
                            + " needs another number",
                    REMEDY);
        }
    }

    /** Returns the arena that lives as long as this source. */
    Arena arena() {
        return shards.getFirst().arena();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> tensorNames() {
        return List.copyOf(entries.keySet());
    }

    @Override
    public boolean contains(String tensor) {
        return entries.containsKey(tensor);
    }

    @Override
    public Tensor tensor(String tensor) throws IOException {
        BundleEntry entry = entries.get(tensor);
        if (entry == null) {
            throw new WeightFormatException(name, tensor, "is not in the file", "use the complete model");
        }
        if (entry.dtype() == null) {
            throw new WeightFormatException(
                    name, tensor, "has an element type that is not supported", "use a model of 32-bit floats");
        }
        MemorySegment bytes = shards.get((int) entry.shard()).bytes().asSlice(entry.offset(), entry.size());
        if (!verified.contains(tensor)) {
            if (MaskedCrc32c.of(bytes) != entry.crc()) {
                throw new WeightFormatException(name, tensor, "its numbers do not have the recorded checksum", REMEDY);
            }
            verified.add(tensor);
        }
        return new Tensor(views.aligned(tensor, bytes, entry.dtype()), entry.dtype(), entry.shape());
    }

    @Override
    public void close() {
        shards.forEach(MappedFile::close);
    }
}
