package org.infoprompt.text;

/**
 * BERT's text preparation: removes control characters and turns any white space into a space, puts spaces around
 * Chinese characters, removes accents, lowers the case; each where asked for, in this order.
 */
record BertNormalizer(boolean cleanText, boolean handleChineseChars, boolean stripAccents, boolean lowercase)
        implements Normalizer {
    @Override
    public IntList normalize(IntList text, IntList spare) {
        int first = 0;
        while (first < text.length && text.values[first] < 128) {
            first++;
        }
        if (first == text.length) {
            normalizeAscii(text);
            return text;
        }
        IntList result = text;
        IntList other = spare;
        if (cleanText || handleChineseChars) {
            clean(text, spare);
            result = spare;
            other = text;
        }
        if (stripAccents) {
            IntList decomposed = UnicodeForm.NFD.normalize(result, other);
            other = decomposed == other ? result : other;
            result = decomposed;
            Filters.remove(result, UnicodeTable.BERT_ACCENT);
        }
        return lowercase ? Filters.lower(result, other) : result;
    }

    @Override
    public String description() {
        return "Bert(clean=" + cleanText + ",chinese=" + handleChineseChars + ",accents=" + stripAccents + ",lower="
                + lowercase + ")";
    }

    private void normalizeAscii(IntList text) {
        int[] values = text.values;
        int length = 0;
        for (int i = 0; i < text.length; i++) {
            int c = values[i];
            if (cleanText && (c < ' ' || c == 0x7F)) {
                if (UnicodeTable.is(c, UnicodeTable.BERT_REMOVED)) {
                    continue;
                }
                c = ' ';
            } else if (lowercase && c >= 'A' && c <= 'Z') {
                c += 'a' - 'A';
            }
            values[length++] = c;
        }
        text.length = length;
    }

    private void clean(IntList text, IntList out) {
        out.length = 0;
        for (int i = 0; i < text.length; i++) {
            int c = text.values[i];
            int bits = UnicodeTable.properties(c);
            if (cleanText && (bits & (UnicodeTable.BERT_REMOVED | UnicodeTable.BERT_BLANKED)) != 0) {
                if ((bits & UnicodeTable.BERT_BLANKED) != 0) {
                    out.add(' ');
                }
            } else if (handleChineseChars && (bits & UnicodeTable.BERT_CHINESE) != 0) {
                out.add(' ');
                out.add(c);
                out.add(' ');
            } else {
                out.add(c);
            }
        }
    }
}
