package org.infoprompt.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of one protobuf message straight from mapped memory.
 *
 * <p>The protobuf library is not used because it addresses a message with an {@code int} and through a
 * {@code ByteBuffer}; the wire format is four cases, and this way a tensor's bytes are a slice of the mapping. A nested
 * message is a reader over its slice: nothing here recurses, so nesting costs no stack.
 */
final class ProtobufReader {
    private static final String REMEDY = "the file is damaged or of another format: fetch or export it again";
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int MAX_VARINT_BYTES = 10;
    private static final int MAX_STRING_BYTES = 1 << 16;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String source;
    private final MemorySegment message;
    private long position;
    private int wireType;

    ProtobufReader(String source, MemorySegment message) {
        this.source = source;
        this.message = message;
    }

    String source() {
        return source;
    }

    /** Moves to the next field and returns its number, or 0 at the end of the message. */
    int nextField() throws WeightFormatException {
        if (!hasMore()) {
            return 0;
        }
        long tag = readVarint();
        wireType = (int) (tag & 7);
        long field = tag >>> 3;
        if (field == 0 || field > 0x1FFF_FFFF) {
            throw error("field number " + field);
        }
        return (int) field;
    }

    /** Tells whether the current field is a byte string: text, a message or packed numbers. */
    boolean isBytes() {
        return wireType == BYTES;
    }

    long integer() throws WeightFormatException {
        expect(VARINT);
        return readVarint();
    }

    boolean hasMore() {
        return position < message.byteSize();
    }

    /** Reads the next integer of a packed field, over whose bytes this reader was made. */
    long packedInteger() throws WeightFormatException {
        return readVarint();
    }

    float fixedFloat() throws WeightFormatException {
        return Float.intBitsToFloat(fixedInteger());
    }

    int fixedInteger() throws WeightFormatException {
        expect(FIXED32);
        return advance(Integer.BYTES).get(INT, 0);
    }

    /** Reads the next 32-bit float of a packed field, over whose bytes this reader was made. */
    float packedFloat() throws WeightFormatException {
        return Float.intBitsToFloat(advance(Integer.BYTES).get(INT, 0));
    }

    MemorySegment bytes() throws WeightFormatException {
        expect(BYTES);
        long length = readVarint();
        if (length < 0 || length > message.byteSize() - position) {
            throw error("a length of " + Long.toUnsignedString(length) + " bytes where "
                    + (message.byteSize() - position) + " are left");
        }
        return advance(length);
    }

    ProtobufReader nested() throws WeightFormatException {
        return new ProtobufReader(source, bytes());
    }

    String text() throws WeightFormatException {
        MemorySegment bytes = bytes();
        if (bytes.byteSize() > MAX_STRING_BYTES) {
            throw error("a name of " + bytes.byteSize() + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toArray(ValueLayout.JAVA_BYTE)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new WeightFormatException(source, "", "a name is not valid UTF-8", REMEDY, e);
        }
    }

    void skip() throws WeightFormatException {
        switch (wireType) {
            case VARINT -> readVarint();
            case FIXED64 -> advance(Long.BYTES);
            case FIXED32 -> advance(Integer.BYTES);
            case BYTES -> bytes();
            default -> throw error("wire type " + wireType);
        }
    }

    WeightFormatException error(String found) {
        return new WeightFormatException(source, "", "is not a usable protobuf message: found " + found, REMEDY);
    }

    private long readVarint() throws WeightFormatException {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            byte b = advance(1).get(ValueLayout.JAVA_BYTE, 0);
            value |= (long) (b & 0x7F) << (7 * i);
            if (b >= 0) {
                return value;
            }
        }
        throw error("an integer of more than 10 bytes");
    }

    private MemorySegment advance(long length) throws WeightFormatException {
        if (length > message.byteSize() - position) {
            throw error("its end within a field: truncated");
        }
        MemorySegment slice = message.asSlice(position, length);
        position += length;
        return slice;
    }

    private void expect(int type) throws WeightFormatException {
        if (wireType != type) {
            throw error("wire type " + wireType + " where " + type + " was expected");
        }
    }
}
