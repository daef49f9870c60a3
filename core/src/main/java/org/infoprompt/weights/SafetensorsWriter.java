package org.infoprompt.weights;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.infoprompt.io.AtomicFiles;
import org.infoprompt.tensor.Tensor;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes safetensors files: whole or not at all, the same bytes for the same content, readable by every safetensors
 * library. Wider element types come first, so that each tensor starts at a multiple of its element size.
 */
public final class SafetensorsWriter {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int HEADER_ALIGNMENT = 8;
    private static final JsonFactory JSON = new JsonFactory();

    private SafetensorsWriter() {}

    /**
     * Writes tensors.
     *
     * @param target the file to make or replace
     * @param metadata strings for {@code __metadata__}
     * @param tensors name to tensor, native or heap; the order is kept among element types of one size
     * @throws org.infoprompt.io.InputException if the file cannot be written; the target is then as before
     * @throws IllegalArgumentException if a tensor is called {@code __metadata__}
     */
    public static void write(Path target, Map<String, String> metadata, SequencedMap<String, Tensor> tensors)
            throws IOException {
        if (tensors.containsKey("__metadata__")) {
            throw new IllegalArgumentException("tensor name __metadata__ is reserved");
        }
        List<Map.Entry<String, Tensor>> entries = new ArrayList<>(tensors.entrySet());
        entries.sort(Comparator.comparingInt(
                (Map.Entry<String, Tensor> e) -> -e.getValue().dtype().bytes()));
        byte[] header = header(metadata, entries);
        AtomicFiles.write(target, channel -> {
            writeFully(
                    channel,
                    ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(0, header.length));
            writeFully(channel, ByteBuffer.wrap(header));
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment chunk = arena.allocate(CHUNK_BYTES);
                for (Map.Entry<String, Tensor> entry : entries) {
                    writeSegment(channel, entry.getValue().segment(), chunk);
                }
            }
        });
    }

    private static byte[] header(Map<String, String> metadata, List<Map.Entry<String, Tensor>> entries) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectPropertyStart("__metadata__");
                new TreeMap<>(metadata).forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            long offset = 0;
            for (Map.Entry<String, Tensor> entry : entries) {
                Tensor tensor = entry.getValue();
                long end = Math.addExact(offset, tensor.byteSize());
                json.writeObjectPropertyStart(entry.getKey());
                json.writeStringProperty("dtype", tensor.dtype().name());
                json.writeName("shape");
                writeNumbers(json, tensor.shape().sizes());
                json.writeName("data_offsets");
                writeNumbers(json, offset, end);
                json.writeEndObject();
                offset = end;
            }
            json.writeEndObject();
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (bytes.length + HEADER_ALIGNMENT - 1) & -HEADER_ALIGNMENT;
        byte[] header = Arrays.copyOf(bytes, padded);
        Arrays.fill(header, bytes.length, padded, (byte) ' ');
        return header;
    }

    private static void writeNumbers(JsonGenerator json, long... numbers) {
        json.writeArray(numbers, 0, numbers.length);
    }

    private static void writeSegment(FileChannel channel, MemorySegment segment, MemorySegment chunk)
            throws IOException {
        for (long at = 0; at < segment.byteSize(); at += CHUNK_BYTES) {
            long bytes = Math.min(CHUNK_BYTES, segment.byteSize() - at);
            MemorySegment.copy(segment, at, chunk, 0, bytes);
            writeFully(channel, chunk.asSlice(0, bytes).asByteBuffer());
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
