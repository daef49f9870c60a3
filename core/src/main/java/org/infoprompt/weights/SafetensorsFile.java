package org.infoprompt.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.infoprompt.tensor.Tensor;

/**
 * A memory-mapped safetensors file. Tensors keep the file's element type; each is a view of the mapping, or an aligned
 * copy if the file's writer did not align it.
 *
 * <p>The header is fully checked by {@link #open}: a file that opens has every byte of every tensor.
 */
public final class SafetensorsFile implements TensorSource {
    /** The limit of the reference implementation; real headers are below 1 MB. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final int PREFIX_BYTES = 8;
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final MappedFile file;
    private final SafetensorsHeader header;
    private final MemorySegment data;
    private final AlignedViews views;

    private SafetensorsFile(String name, MappedFile file, SafetensorsHeader header, MemorySegment data) {
        this.name = name;
        this.file = file;
        this.header = header;
        this.data = data;
        this.views = new AlignedViews(file.arena());
    }

    /**
     * Opens a file.
     *
     * @param path the file
     * @return the file, to be closed by the caller
     * @throws WeightFormatException if it is missing, is not safetensors, or its header lies
     * @throws IOException if it cannot be read
     */
    public static SafetensorsFile open(Path path) throws IOException {
        String source = path.toString();
        MappedFile file = MappedFile.open(path);
        boolean done = false;
        try {
            MemorySegment bytes = file.bytes();
            long size = bytes.byteSize();
            if (size < PREFIX_BYTES) {
                throw new WeightFormatException(
                        source,
                        "",
                        "has " + size + " bytes, less than the 8 of a safetensors prefix",
                        "fetch the file again");
            }
            long length = bytes.get(LENGTH, 0);
            if (length < 2 || length > MAX_HEADER_BYTES) {
                throw new WeightFormatException(
                        source,
                        "",
                        "claims a header of " + Long.toUnsignedString(length) + " bytes, allowed are 2 to "
                                + MAX_HEADER_BYTES + ": not a safetensors file",
                        "fetch or export it again");
            }
            if (length > size - PREFIX_BYTES) {
                throw new WeightFormatException(
                        source,
                        "",
                        "claims a header of " + length + " bytes but only " + (size - PREFIX_BYTES)
                                + " follow: truncated",
                        "fetch the file again");
            }
            byte[] json = bytes.asSlice(PREFIX_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
            MemorySegment data = bytes.asSlice(PREFIX_BYTES + length);
            SafetensorsHeader header = SafetensorsHeader.parse(source, json, data.byteSize());
            SafetensorsFile opened = new SafetensorsFile(source, file, header, data);
            done = true;
            return opened;
        } finally {
            if (!done) {
                file.close();
            }
        }
    }

    /**
     * Returns the strings under {@code __metadata__}.
     *
     * @return key to value; empty if the file has none
     */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> tensorNames() {
        return List.copyOf(header.entries().keySet());
    }

    @Override
    public boolean contains(String tensor) {
        return header.entries().containsKey(tensor);
    }

    @Override
    public Tensor tensor(String tensor) throws IOException {
        SafetensorsHeader.Entry entry = header.entries().get(tensor);
        if (entry == null) {
            throw new WeightFormatException(name, tensor, "is not in the file", "use the complete model");
        }
        MemorySegment view = data.asSlice(entry.begin(), entry.end() - entry.begin());
        return new Tensor(views.aligned(tensor, view, entry.dtype()), entry.dtype(), entry.shape());
    }

    @Override
    public void close() {
        file.close();
    }
}
