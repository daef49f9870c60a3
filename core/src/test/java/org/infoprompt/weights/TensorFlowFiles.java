package org.infoprompt.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;

/** Writes TensorFlow checkpoints and the graph of a SavedModel byte by byte, independently of the reader. */
final class TensorFlowFiles {
    private static final int ENTRIES_PER_BLOCK = 7;

    private TensorFlowFiles() {}

    /** Writes {@code NAME.index} and {@code NAME.data-00000-of-00001} with tensors under their TensorFlow names. */
    static void checkpoint(Path folder, String name, SequencedMap<String, Tensor> tensors) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        SortedMap<String, byte[]> entries = new TreeMap<>();
        entries.put(
                "",
                OnnxFile.message(h -> h.integer(1, 1).nested(3, v -> v.integer(1, 1)))
                        .toByteArray());
        new TreeMap<>(tensors).forEach((variable, tensor) -> {
            byte[] bytes = tensor.segment().toArray(ValueLayout.JAVA_BYTE);
            entries.put(variable, entry(tensor.shape(), data.size(), bytes));
            data.writeBytes(bytes);
        });
        Files.createDirectories(folder);
        Files.write(folder.resolve(name + ".data-00000-of-00001"), data.toByteArray());
        Files.write(folder.resolve(name + ".index"), table(entries, 0));
    }

    private static byte[] entry(Shape shape, int offset, byte[] bytes) {
        OnnxFile entry = new OnnxFile().integer(1, 1).nested(2, s -> {
            for (long size : shape.sizes()) {
                s.nested(2, d -> d.integer(1, size));
            }
        });
        if (offset > 0) {
            entry.integer(4, offset);
        }
        byte[] head = entry.integer(5, bytes.length).toByteArray();
        // Field 6 is a fixed 32-bit number: tag 6·8 + 5.
        return ByteBuffer.allocate(head.length + 5)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(head)
                .put((byte) 53)
                .putInt(maskedCrc(bytes))
                .array();
    }

    static int maskedCrc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        long value = crc.getValue();
        return (int) (((value >>> 15 | value << 17) & 0xFFFFFFFFL) + 0xA282EAD8L);
    }

    /** Returns a table whose blocks have seven entries each, with shared prefixes except at restart points. */
    static byte[] table(SortedMap<String, byte[]> entries, int compression) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        SortedMap<String, byte[]> index = new TreeMap<>();
        List<String> keys = new ArrayList<>(entries.keySet());
        for (int i = 0; i < keys.size(); i += ENTRIES_PER_BLOCK) {
            List<String> some = keys.subList(i, Math.min(keys.size(), i + ENTRIES_PER_BLOCK));
            index.put(some.getLast() + "~", handle(file, block(some, entries), compression));
        }
        byte[] meta = handle(file, block(List.of(), entries), compression);
        byte[] top = handle(file, block(List.copyOf(index.keySet()), index), compression);
        byte[] footer = ByteBuffer.allocate(48)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(meta)
                .put(top)
                .putLong(40, 0xDB4775248B80FB57L)
                .array();
        file.writeBytes(footer);
        return file.toByteArray();
    }

    private static byte[] handle(ByteArrayOutputStream file, byte[] block, int compression) {
        byte[] handle = new OnnxFile().varint(file.size()).varint(block.length).toByteArray();
        byte[] typed = ByteBuffer.allocate(block.length + 1)
                .put(block)
                .put((byte) compression)
                .array();
        file.writeBytes(typed);
        file.writeBytes(number(maskedCrc(typed)));
        return handle;
    }

    private static byte[] block(List<String> keys, SortedMap<String, byte[]> values) {
        OnnxFile out = new OnnxFile();
        ByteArrayOutputStream restarts = new ByteArrayOutputStream();
        int numRestarts = 0;
        String last = "";
        for (int i = 0; i < keys.size(); i++) {
            String key = keys.get(i);
            int shared = 0;
            if (i % 4 == 0) {
                restarts.writeBytes(number(out.toByteArray().length));
                numRestarts++;
            } else {
                while (shared < Math.min(last.length(), key.length()) && last.charAt(shared) == key.charAt(shared)) {
                    shared++;
                }
            }
            byte[] value = Objects.requireNonNull(values.get(key));
            byte[] rest = key.substring(shared).getBytes(StandardCharsets.UTF_8);
            out.varint(shared)
                    .varint(rest.length)
                    .varint(value.length)
                    .raw(rest)
                    .raw(value);
            last = key;
        }
        return out.raw(restarts.toByteArray()).raw(number(numRestarts)).toByteArray();
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    /** Returns a saved_model.pb with the nodes that tell a configuration. */
    static byte[] savedModel(int numHeads, float epsilon, String activation) {
        return OnnxFile.message(model -> model.integer(1, 1)
                        .nested(
                                2,
                                meta -> meta.nested(1, info -> info.text(4, "serve"))
                                        .nested(
                                                2,
                                                graph -> graph.raw(node(
                                                                "m/bert/encoder/layer_0/attention/self/Reshape/shape/2",
                                                                "Const",
                                                                t -> t.integer(1, 3)
                                                                        .bytes(
                                                                                7,
                                                                                new OnnxFile()
                                                                                        .varint(numHeads)
                                                                                        .toByteArray())))
                                                        .raw(node(
                                                                "m/bert/embeddings/LayerNorm/batchnorm/add/y",
                                                                "Const",
                                                                t -> t.integer(1, 1)
                                                                        .bytes(
                                                                                5,
                                                                                number(Float.floatToIntBits(epsilon)))))
                                                        .raw(node(
                                                                "m/bert/encoder/layer_0/intermediate/dense/"
                                                                        + activation,
                                                                activation,
                                                                t -> {})))))
                .toByteArray();
    }

    private static byte[] node(String name, String operator, Consumer<OnnxFile> tensor) {
        return OnnxFile.message(graph -> graph.nested(
                        1,
                        node -> node.text(1, name)
                                .text(2, operator)
                                .text(3, "some/input")
                                .nested(
                                        5,
                                        attribute -> attribute.text(1, "value").nested(2, v -> v.nested(8, tensor)))))
                .toByteArray();
    }
}
