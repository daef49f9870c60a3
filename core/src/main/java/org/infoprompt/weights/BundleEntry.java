package org.infoprompt.weights;

import java.util.ArrayList;
import java.util.List;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Where one tensor of a TensorFlow bundle lies: the message BundleEntryProto (tensorflow/core/protobuf/tensor_bundle.proto).
 *
 * @param dtype element type, or null if it is one that no encoder has
 * @param shape sizes
 * @param shard number of the data file
 * @param offset first byte in it
 * @param size bytes
 * @param crc masked CRC-32C of the bytes
 */
record BundleEntry(@Nullable DType dtype, Shape shape, long shard, long offset, long size, int crc) {
    private static final int MAX_RANK = 8;

    static BundleEntry read(ProtobufReader in) throws WeightFormatException {
        DType dtype = null;
        Shape shape = Shape.of();
        long shard = 0;
        long offset = 0;
        long size = 0;
        int crc = 0;
        for (int field = in.nextField(); field != 0; field = in.nextField()) {
            switch (field) {
                case 1 -> dtype = dtype(in.integer());
                case 2 -> shape = shape(in.nested());
                case 3 -> shard = in.integer();
                case 4 -> offset = in.integer();
                case 5 -> size = in.integer();
                case 6 -> crc = in.fixedInteger();
                case 7 -> throw in.error("a tensor stored in slices");
                default -> in.skip();
            }
        }
        return new BundleEntry(dtype, shape, shard, offset, size, crc);
    }

    /** TensorFlow's DataType numbers. */
    private static @Nullable DType dtype(long number) {
        return switch ((int) number) {
            case 1 -> DType.F32;
            case 2 -> DType.F64;
            case 3 -> DType.I32;
            case 9 -> DType.I64;
            case 14 -> DType.BF16;
            case 19 -> DType.F16;
            default -> null;
        };
    }

    private static Shape shape(ProtobufReader in) throws WeightFormatException {
        List<Long> sizes = new ArrayList<>();
        for (int field = in.nextField(); field != 0; field = in.nextField()) {
            if (field != 2) {
                in.skip();
                continue;
            }
            long size = 0;
            ProtobufReader dimension = in.nested();
            for (int f = dimension.nextField(); f != 0; f = dimension.nextField()) {
                if (f == 1) {
                    size = dimension.integer();
                } else {
                    dimension.skip();
                }
            }
            sizes.add(size);
            if (size < 0 || size > Integer.MAX_VALUE || sizes.size() > MAX_RANK) {
                throw in.error("a shape with sizes " + sizes);
            }
        }
        try {
            return Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
        } catch (ArithmeticException e) {
            throw in.error("a shape with sizes " + sizes);
        }
    }
}
