package org.infoprompt.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.SequencedMap;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;

/** Small tensors and files for tests. */
final class Tensors {
    private Tensors() {}

    static Tensor floats(Shape shape, Random random) {
        float[] values = new float[Math.toIntExact(shape.numElements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return floats(shape, values);
    }

    static Tensor floats(Shape shape, float... values) {
        MemorySegment segment = Arena.ofAuto().allocate(Math.max(1, 4L * values.length), 4);
        MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT, 0, values.length);
        return new Tensor(segment.asSlice(0, 4L * values.length), DType.F32, shape);
    }

    static float[] values(Tensor tensor) {
        return tensor.segment().toArray(ValueLayout.JAVA_FLOAT);
    }

    /** Random weights for an encoder under canonical names. */
    static SequencedMap<String, Tensor> encoder(EncoderConfig config, long seed) {
        Random random = new Random(seed);
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        EncoderTensors.expected(config).forEach((name, shape) -> tensors.put(name, floats(shape, random)));
        return tensors;
    }

    static EncoderConfig tinyBert() {
        return new EncoderConfig(
                EncoderConfig.Family.BERT, 11, 8, 2, 2, 12, 6, 0, 2, 1e-12, EncoderConfig.Activation.GELU_ERF, 0);
    }

    /** A safetensors file made by hand: length prefix, header text, zero bytes. */
    static byte[] file(String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return file(json.length, json, dataBytes);
    }

    static byte[] file(long claimedHeaderBytes, byte[] json, int dataBytes) {
        return ByteBuffer.allocate(8 + json.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(claimedHeaderBytes)
                .put(json)
                .array();
    }
}
