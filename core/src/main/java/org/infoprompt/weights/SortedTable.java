package org.infoprompt.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Reads a sorted string table as TensorFlow and LevelDB write it: blocks of entries whose keys share prefixes, an index block
 * that says where the blocks are, and a footer that says where the index is. Every block's checksum is compared.
 *
 * <p>Source: LevelDB, doc/table_format.md; a footer is two block handles (offset and size as varints) padded to 40 bytes and a
 * magic number, and behind each block follow one byte for its compression and its masked CRC-32C.
 */
final class SortedTable {
    private static final long MAGIC = 0xDB4775248B80FB57L;
    private static final int FOOTER_BYTES = 48;
    private static final int TRAILER_BYTES = 5;
    private static final int MAX_ENTRIES = 1 << 20;
    private static final int MAX_KEY_BYTES = 1 << 12;
    private static final String REMEDY = "fetch the file again";
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String source;
    private final MemorySegment file;

    private SortedTable(String source, MemorySegment file) {
        this.source = source;
        this.file = file;
    }

    /** Returns all entries, in the table's order; the values are slices of the file. */
    static SequencedMap<String, MemorySegment> read(String source, MemorySegment file) throws WeightFormatException {
        return new SortedTable(source, file).read();
    }

    private SequencedMap<String, MemorySegment> read() throws WeightFormatException {
        long size = file.byteSize();
        if (size < FOOTER_BYTES) {
            throw damaged("has " + size + " bytes, less than the " + FOOTER_BYTES + " of a table's footer");
        }
        MemorySegment footer = file.asSlice(size - FOOTER_BYTES);
        if (footer.get(LONG, FOOTER_BYTES - Long.BYTES) != MAGIC) {
            throw damaged("does not end with a table's magic number: truncated, or no TensorFlow index");
        }
        Cursor handles = new Cursor(footer.asSlice(0, FOOTER_BYTES - Long.BYTES));
        // The first handle is that of the meta index, which holds statistics only.
        handles.varint();
        handles.varint();
        SequencedMap<String, MemorySegment> index = new LinkedHashMap<>();
        readBlock(handles.varint(), handles.varint(), "index block", index);
        SequencedMap<String, MemorySegment> entries = new LinkedHashMap<>();
        for (MemorySegment value : index.values()) {
            Cursor handle = new Cursor(value);
            long offset = handle.varint();
            readBlock(offset, handle.varint(), "block at " + offset, entries);
        }
        return entries;
    }

    private void readBlock(long offset, long size, String what, SequencedMap<String, MemorySegment> entries)
            throws WeightFormatException {
        long end = file.byteSize() - FOOTER_BYTES - TRAILER_BYTES;
        if (offset < 0 || size < Integer.BYTES || offset > end || size > end - offset) {
            throw damaged("its " + what + " of " + size + " bytes lies outside the file: truncated");
        }
        byte compression = file.get(ValueLayout.JAVA_BYTE, offset + size);
        int crc = MaskedCrc32c.of(file.asSlice(offset, size + 1));
        if (crc != file.get(INT, offset + size + 1)) {
            throw damaged("the checksum of its " + what + " is wrong");
        }
        if (compression != 0) {
            throw new WeightFormatException(
                    source, "", "its " + what + " is compressed", "save the model again without index compression");
        }
        MemorySegment block = file.asSlice(offset, size);
        long restarts = Integer.toUnsignedLong(block.get(INT, size - Integer.BYTES));
        if (restarts > (size - Integer.BYTES) / Integer.BYTES) {
            throw damaged("its " + what + " claims " + restarts + " restart points");
        }
        Cursor in = new Cursor(block.asSlice(0, size - Integer.BYTES * (restarts + 1)));
        byte[] key = new byte[0];
        while (in.hasMore()) {
            long shared = in.varint();
            long added = in.varint();
            long valueBytes = in.varint();
            if (shared < 0 || shared > key.length || added < 0 || added > MAX_KEY_BYTES - shared) {
                throw damaged("its " + what + " has an entry whose name cannot be put together");
            }
            byte[] next = Arrays.copyOf(key, (int) (shared + added));
            MemorySegment.copy(in.bytes(added), ValueLayout.JAVA_BYTE, 0, next, (int) shared, (int) added);
            key = next;
            String name = new String(key, StandardCharsets.UTF_8);
            if (entries.put(name, in.bytes(valueBytes)) != null || entries.size() > MAX_ENTRIES) {
                throw damaged("has the entry " + name + " twice, or more than " + MAX_ENTRIES + " entries");
            }
        }
    }

    private WeightFormatException damaged(String problem) {
        return new WeightFormatException(source, "", problem, REMEDY);
    }

    /** Reads varints and byte strings one after the other. */
    private final class Cursor {
        private final MemorySegment bytes;
        private long position;

        Cursor(MemorySegment bytes) {
            this.bytes = bytes;
        }

        boolean hasMore() {
            return position < bytes.byteSize();
        }

        long varint() throws WeightFormatException {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                if (!hasMore()) {
                    throw damaged("ends within a number");
                }
                byte b = bytes.get(ValueLayout.JAVA_BYTE, position++);
                value |= (long) (b & 0x7F) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw damaged("has a number of more than 10 bytes");
        }

        MemorySegment bytes(long length) throws WeightFormatException {
            if (length < 0 || length > bytes.byteSize() - position) {
                throw damaged("ends within an entry");
            }
            MemorySegment slice = bytes.asSlice(position, length);
            position += length;
            return slice;
        }
    }
}
