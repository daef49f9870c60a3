package org.infoprompt.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * One {@code TensorProto}. Its elements are a view of the mapped file if they are stored as raw or packed bytes.
 *
 * @param name its name; empty for the value of a Constant node
 * @param dtype element type
 * @param shape sizes
 * @param bytes the elements, little-endian
 */
record OnnxTensor(String name, DType dtype, Shape shape, MemorySegment bytes) {
    private static final int MAX_RANK = 16;
    /** Element-wise stored integers are shapes and indices; weights never come this way. */
    private static final int MAX_LOOSE_ELEMENTS = 1 << 20;

    private static final int EXTERNAL = 1;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Reads a tensor; {@code null} if its element type has no counterpart here (strings, complex, 4-bit). */
    static @Nullable OnnxTensor read(ProtobufReader in) throws WeightFormatException {
        String name = "";
        List<Long> dims = new ArrayList<>();
        long type = 0;
        MemorySegment bytes = null;
        List<Long> loose = new ArrayList<>();
        boolean external = false;
        for (int field = in.nextField(); field != 0; field = in.nextField()) {
            switch (field) {
                case 1 -> readIntegers(in, dims, MAX_RANK);
                case 2 -> type = in.integer();
                case 4, 9, 10 -> {
                    if (!in.isBytes() || bytes != null) {
                        throw in.error("tensor data in more than one piece");
                    }
                    bytes = in.bytes();
                }
                case 5, 7 -> readIntegers(in, loose, MAX_LOOSE_ELEMENTS);
                case 8 -> name = in.text();
                case 14 -> external = in.integer() == EXTERNAL;
                default -> in.skip();
            }
        }
        if (external) {
            throw new WeightFormatException(
                    in.source(), name, "is stored in another file", "export the model with its weights inside");
        }
        DType dtype = dtype(type);
        if (dtype == null) {
            return null;
        }
        if (bytes == null) {
            bytes = pack(loose, dtype);
        }
        return new OnnxTensor(name, dtype, shape(in.source(), name, dims, dtype, bytes.byteSize()), bytes);
    }

    private static void readIntegers(ProtobufReader in, List<Long> into, int max) throws WeightFormatException {
        if (in.isBytes()) {
            ProtobufReader packed = in.nested();
            while (packed.hasMore()) {
                into.add(packed.packedInteger());
                checkCount(in, into, max);
            }
        } else {
            into.add(in.integer());
            checkCount(in, into, max);
        }
    }

    private static void checkCount(ProtobufReader in, List<Long> list, int max) throws WeightFormatException {
        if (list.size() > max) {
            throw in.error("more than " + max + " integers in one tensor field");
        }
    }

    private static Shape shape(String source, String name, List<Long> dims, DType dtype, long bytes)
            throws WeightFormatException {
        String remedy = "fetch or export the file again";
        try {
            Shape shape = Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
            if (Math.multiplyExact(shape.numElements(), (long) dtype.bytes()) == bytes) {
                return shape;
            }
            throw new WeightFormatException(
                    source, name, dtype + " " + shape + " does not fit its " + bytes + " bytes of data", remedy);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new WeightFormatException(source, name, "has the impossible shape " + dims, remedy, e);
        }
    }

    private static MemorySegment pack(List<Long> values, DType dtype) {
        byte[] bytes = new byte[values.size() * dtype.bytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values.get(i / dtype.bytes()) >>> (8 * (i % dtype.bytes())));
        }
        return MemorySegment.ofArray(bytes);
    }

    private static @Nullable DType dtype(long onnx) {
        return switch ((int) onnx) {
            case 1 -> DType.F32;
            case 2 -> DType.U8;
            case 3 -> DType.I8;
            case 5 -> DType.I16;
            case 6 -> DType.I32;
            case 7 -> DType.I64;
            case 9 -> DType.BOOL;
            case 10 -> DType.F16;
            case 11 -> DType.F64;
            case 16 -> DType.BF16;
            default -> null;
        };
    }

    /** Returns the elements of an I64 tensor, or none for other types. */
    long[] integers() {
        long[] values = new long[dtype == DType.I64 ? Math.toIntExact(Math.min(shape.numElements(), MAX_RANK)) : 0];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.get(LONG, (long) i * Long.BYTES);
        }
        return values;
    }

    /** Returns the one element of an F32 tensor as the shortest decimal that is this float, so 1e-12 stays 1e-12. */
    OptionalDouble scalar() {
        if (dtype != DType.F32 || shape.numElements() != 1) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Double.parseDouble(Float.toString(bytes.get(FLOAT, 0))));
    }
}
