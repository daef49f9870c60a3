package org.infoprompt.ffi.kernels;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/** Reads the names that a 64-bit little-endian ELF library exports. */
final class ElfExports {
    private static final int DYNAMIC_SYMBOLS = 11;

    private ElfExports() {}

    static Set<String> of(byte[] library) {
        ByteBuffer elf = ByteBuffer.wrap(library).order(ByteOrder.LITTLE_ENDIAN);
        int sections = (int) elf.getLong(0x28);
        int sectionSize = elf.getShort(0x3A);
        int numSections = elf.getShort(0x3C);
        Set<String> names = new TreeSet<>();
        for (int s = 0; s < numSections; s++) {
            int header = sections + s * sectionSize;
            if (elf.getInt(header + 4) != DYNAMIC_SYMBOLS) {
                continue;
            }
            int start = (int) elf.getLong(header + 0x18);
            int size = (int) elf.getLong(header + 0x20);
            int texts = (int) elf.getLong(sections + elf.getInt(header + 0x28) * sectionSize + 0x18);
            for (int symbol = start; symbol < start + size; symbol += 24) {
                boolean isDefined = elf.getShort(symbol + 6) != 0;
                int binding = elf.get(symbol + 4) >> 4;
                if (isDefined && binding != 0) {
                    names.add(text(library, texts + elf.getInt(symbol)));
                }
            }
        }
        return names;
    }

    private static String text(byte[] bytes, int start) {
        int end = start;
        while (bytes[end] != 0) {
            end++;
        }
        return new String(bytes, start, end - start, StandardCharsets.US_ASCII);
    }
}
