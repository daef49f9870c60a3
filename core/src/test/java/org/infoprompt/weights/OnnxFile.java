package org.infoprompt.weights;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.infoprompt.tensor.Tensor;

/** Writes protobuf messages and small ONNX models field by field, independently of the reader. */
final class OnnxFile {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static OnnxFile message(Consumer<OnnxFile> fields) {
        OnnxFile message = new OnnxFile();
        fields.accept(message);
        return message;
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }

    OnnxFile varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    OnnxFile raw(byte[] value) {
        out.writeBytes(value);
        return this;
    }

    OnnxFile integer(int field, long value) {
        return varint((long) field << 3).varint(value);
    }

    OnnxFile bytes(int field, byte[] value) {
        varint(((long) field << 3) | 2).varint(value.length);
        out.writeBytes(value);
        return this;
    }

    OnnxFile text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    OnnxFile nested(int field, Consumer<OnnxFile> fields) {
        return bytes(field, message(fields).toByteArray());
    }

    OnnxFile tensor(int field, String name, Tensor tensor) {
        return nested(field, t -> {
            for (long size : tensor.shape().sizes()) {
                t.integer(1, size);
            }
            t.integer(2, 1).text(8, name).bytes(9, tensor.segment().toArray(ValueLayout.JAVA_BYTE));
        });
    }

    OnnxFile node(String opType, String name, String output, String... inputs) {
        return nested(1, node -> {
            for (String input : inputs) {
                node.text(1, input);
            }
            node.text(2, output).text(3, name).text(4, opType);
        });
    }

    OnnxFile constant(String output, Consumer<OnnxFile> tensor) {
        return nested(
                1,
                node -> node.text(2, output)
                        .text(4, "Constant")
                        .nested(
                                5,
                                attribute -> attribute
                                        .text(1, "value")
                                        .nested(5, tensor)
                                        .integer(20, 4)));
    }

    OnnxFile constantFloat(String output, float value) {
        byte[] raw = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .array();
        return constant(output, tensor -> tensor.integer(2, 1).bytes(9, raw));
    }

    OnnxFile constantLong(String output, long value) {
        return constant(output, tensor -> tensor.integer(1, 1).integer(2, 7).integer(7, value));
    }
}
