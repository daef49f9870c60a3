package org.infoprompt.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the index of a label as it is written in a file. */
final class LabelIndex {
    private final List<String> written;
    private final Map<String, Integer> indices = new HashMap<>();

    LabelIndex(List<String> written) {
        this.written = List.copyOf(written);
        for (int i = 0; i < written.size(); i++) {
            indices.put(written.get(i), i);
        }
    }

    int size() {
        return written.size();
    }

    int of(String label, String source, int line) throws DataFormatException {
        Integer index = indices.get(label);
        if (index == null) {
            String known = written.size() <= 20
                    ? String.join(", ", written)
                    : String.join(", ", written.subList(0, 20)) + " and " + (written.size() - 20) + " more";
            throw new DataFormatException(
                    source, "line " + line, "unknown label '" + Shortened.of(label) + "'", "the labels are: " + known);
        }
        return index;
    }
}
