package org.infoprompt.text;

/** GPT-2's printable stand-ins for the 256 byte values: themselves if visible Latin-1, else U+0100 upwards in order. */
final class ByteAlphabet {
    private static final char[] CODE_POINTS = new char[256];

    static {
        int next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xFF && b != 0xAD);
            CODE_POINTS[b] = (char) (visible ? b : next++);
        }
    }

    private ByteAlphabet() {}

    static int codePoint(int byteValue) {
        return CODE_POINTS[byteValue];
    }
}
