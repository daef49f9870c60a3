package org.infoprompt.weights;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/**
 * The checksum of TensorFlow's and LevelDB's files: CRC-32C, rotated and shifted by a constant so that a checksum stored inside
 * checksummed data does no harm.
 */
final class MaskedCrc32c {
    private static final int DELTA = 0xA282EAD8;
    /** A {@code ByteBuffer} has at most 2^31 - 1 bytes. */
    private static final long CHUNK_BYTES = 1L << 30;

    private MaskedCrc32c() {}

    static int of(MemorySegment bytes) {
        CRC32C crc = new CRC32C();
        for (long at = 0; at < bytes.byteSize(); at += CHUNK_BYTES) {
            crc.update(bytes.asSlice(at, Math.min(CHUNK_BYTES, bytes.byteSize() - at))
                    .asByteBuffer());
        }
        return Integer.rotateRight((int) crc.getValue(), 15) + DELTA;
    }
}
