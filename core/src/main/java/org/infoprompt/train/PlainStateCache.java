package org.infoprompt.train;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.infoprompt.model.RowTemplate;

/**
 * Plain states of texts, kept from run to run over one frozen encoder: they depend on nothing that is trained, so a comparison of
 * many methods and seeds needs the plain pass once a text. States are the same bits whether they were computed now or before. Not
 * safe for concurrent use.
 */
public final class PlainStateCache {
    /** What decides a text's plain states. */
    private record Key(RowTemplate rows, boolean maskedLmFeature) {}

    private final long maxBytes;
    private final Map<Key, byte[]> states = new HashMap<>();
    private long bytes;
    private long hits;

    /**
     * Creates an empty cache.
     *
     * @param maxBytes how much it may hold; further texts are then not kept
     */
    public PlainStateCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** {@return how many texts it holds} */
    public int size() {
        return states.size();
    }

    /** {@return how many states were taken from it so far} */
    public long hits() {
        return hits;
    }

    /**
     * Fills in what is known.
     *
     * @return the examples whose states are still to be computed
     */
    int[] fill(PreparedExamples data, boolean maskedLmFeature, PlainStates target) {
        int[] missing = new int[data.size()];
        int count = 0;
        for (int i = 0; i < data.size(); i++) {
            byte[] known = states.get(new Key(data.plain(i), maskedLmFeature));
            if (known == null) {
                missing[count++] = i;
                continue;
            }
            int row = known.length / 2;
            MemorySegment from = MemorySegment.ofArray(known);
            MemorySegment.copy(from, 0, target.cls(), (long) i * row, row);
            MemorySegment.copy(from, row, target.read(), (long) i * row, row);
            hits++;
        }
        return Arrays.copyOf(missing, count);
    }

    /** Keeps computed states. */
    void keep(PreparedExamples data, boolean maskedLmFeature, PlainStates computed, int[] examples) {
        if (computed.size() == 0) {
            return;
        }
        int row = Math.toIntExact(computed.cls().byteSize() / computed.size());
        for (int i : examples) {
            if (bytes + 2L * row > maxBytes) {
                return;
            }
            byte[] both = new byte[2 * row];
            MemorySegment to = MemorySegment.ofArray(both);
            MemorySegment.copy(computed.cls(), (long) i * row, to, 0, row);
            MemorySegment.copy(computed.read(), (long) i * row, to, row, row);
            if (states.put(new Key(data.plain(i), maskedLmFeature), both) == null) {
                bytes += both.length;
            }
        }
    }
}
