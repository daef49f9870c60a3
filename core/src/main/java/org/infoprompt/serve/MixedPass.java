package org.infoprompt.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.infoprompt.model.EncoderTeam;
import org.infoprompt.model.EncoderWeights;
import org.infoprompt.model.IntSlice;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.model.MaskedLmPass;
import org.infoprompt.model.PackedRows;
import org.infoprompt.model.TransformerEncoder;
import org.infoprompt.objective.RowPass;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.prompt.SlotLayout;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls of different prompts and methods through one encoder pass, for one thread. Calls of a prompt form a group: its prompt
 * vectors lie behind one another in one table, its prefixes and changes between layers are its own ({@link MixedInserts}), its
 * head scores its states. Whatever a row's neighbours are, it gets the same numbers.
 *
 * <p>Prompts that are made from the plain pass take two passes. Their plain rows go through the encoder together with everybody
 * else's rows; what the cache knows is left out. Adapters that change the encoder's weights have a pass of their own.
 *
 * <p>Nothing is allocated on the Java heap once every prompt of a batch has been seen before.
 */
final class MixedPass implements AutoCloseable {
    /** The most classes of a prompt. */
    static final int MAX_CLASSES = 4096;

    /** Room for the scores of a group; larger groups are scored in parts. */
    private static final int SCORES_PER_TEXT = 16;

    private static final IntSlice FIRST_ROW = IntSlice.of(0);

    private final LoadedBackbone backbone;
    private final Kernels kernels;
    private final TransformerEncoder encoder;
    private final PackedRows rows;
    private final MixedInserts inserts;
    private final OwnPrompts own;
    private final PlainCache cache;
    private final Workspace workspace;
    private final DType dtype;
    private final int width;
    private final int maxRows;
    private final int maxTexts;
    private final int maxPrefixRows;
    private final MemorySegment table;
    private final MemorySegment output;
    private final MemorySegment sentences;
    private final MemorySegment states;
    private final MemorySegment hidden;
    private final MemorySegment logits;
    private final MemorySegment mean;
    private final MemorySegment words;
    private final int maxScores;
    private @Nullable MaskedLmPass transform;
    private @Nullable EncoderTeam team;
    private boolean sharing;
    private int numThreads;

    private final PromptCall[] calls;
    private int size;
    private int numRows;
    private int numPrefixRows;

    /** Calls sorted by group, and which of them wait for their plain state. */
    private final int[] order;

    private final boolean[] taken;
    private final boolean[] waits;
    private final boolean[] done;
    /** Places of the running stage's sequences in {@link #order}, and the groups they form. */
    private final int[] staged;

    private final int[] groupEnds;
    private int numStaged;
    private int numGroups;
    private int passes;
    private int rowsRun;

    /**
     * Allocates.
     *
     * @param backbone the shared encoder
     * @param maxRows the most rows of a batch, at least those of the longest text
     * @param maxTexts the most texts of a batch
     * @param cacheBytes the most bytes of plain states that are kept
     * @param ownBytes the most bytes of buffers of prompts that are computed from the text
     * @param counted told of such bytes more and less
     */
    MixedPass(
            LoadedBackbone backbone, int maxRows, int maxTexts, long cacheBytes, long ownBytes, LongConsumer counted) {
        this.backbone = backbone;
        this.maxRows = maxRows;
        this.maxTexts = maxTexts;
        maxScores = Math.max(MAX_CLASSES, SCORES_PER_TEXT * maxTexts);
        EncoderWeights weights = backbone.weights();
        width = backbone.config().hiddenSize();
        dtype = weights.backend().dtype();
        kernels = weights.backend().newKernels();
        maxPrefixRows = Math.max(maxRows, SlotLayout.MAX);
        // Any prompt may change linear layers.
        encoder = new TransformerEncoder(weights, kernels, maxRows, maxPrefixRows, false, dtype);
        rows = new PackedRows(maxRows, maxTexts, backbone.config().positionOffset());
        inserts = new MixedInserts(maxTexts, backbone.config(), dtype.bytes());
        own = new OwnPrompts(backbone, kernels, encoder, maxRows, 2 * maxTexts, ownBytes, counted);
        long many = (long) maxRows * width;
        long one = (long) maxTexts * width;
        long bytes = (3 * many + 3 * one + width + maxScores) * dtype.bytes() + 10 * 64;
        Workspace made = null;
        boolean complete = false;
        try {
            made = Workspace.ofBytes(bytes);
            cache = new PlainCache(cacheBytes, (long) width * dtype.bytes());
            complete = true;
        } finally {
            if (!complete) {
                encoder.close();
                if (made != null) {
                    made.close();
                }
            }
        }
        workspace = made;
        table = workspace.allocate(dtype, many);
        output = workspace.allocate(dtype, many);
        words = workspace.allocate(dtype, many);
        sentences = workspace.allocate(dtype, one);
        states = workspace.allocate(dtype, one);
        hidden = workspace.allocate(dtype, one);
        mean = workspace.allocate(dtype, width);
        logits = workspace.allocate(dtype, maxScores);
        calls = new PromptCall[maxTexts];
        order = new int[maxTexts];
        staged = new int[maxTexts];
        groupEnds = new int[maxTexts];
        taken = new boolean[maxTexts];
        waits = new boolean[maxTexts];
        done = new boolean[maxTexts];
    }

    /**
     * Lets several threads compute passes of one sequence, whatever its prompt, except where it changes weights or rows between
     * layers. Results stay the same.
     *
     * @param threads made for the backbone's weights; closed by its owner, after the last pass
     */
    void workWith(EncoderTeam threads) {
        team = threads;
    }

    /** Sets whether the calls of the next {@link #run} are worth several threads. */
    void share(boolean worthIt) {
        sharing = worthIt;
    }

    /** Removes all calls. */
    void clear() {
        Arrays.fill(calls, 0, size, null);
        size = 0;
        numRows = 0;
        numPrefixRows = 0;
    }

    int size() {
        return size;
    }

    /** Returns the most texts of a batch. */
    int maxTexts() {
        return maxTexts;
    }

    PromptCall call(int i) {
        return calls[i];
    }

    /** Frees what is kept beyond the budget; to be called between batches. */
    void endBatch() {
        own.endBatch();
    }

    /** Frees buffers of prompts that have been freed; to be called between batches. */
    void trim() {
        own.trim();
    }

    /** Returns the bytes of buffers of prompts that are computed from the text. */
    long ownBytes() {
        return own.bytes();
    }

    /** Returns how many encoder passes the last {@link #run} took. */
    int passes() {
        return passes;
    }

    /** Returns how many threads took part in one of them at most. */
    int numThreads() {
        return numThreads;
    }

    /** Returns how many rows they had. */
    int rowsRun() {
        return rowsRun;
    }

    /** Returns whether a call fits in. */
    boolean fits(PromptCall call) {
        return size < maxTexts
                && numRows + call.rows.length() <= maxRows
                && numPrefixRows + prefixes(call) <= maxPrefixRows;
    }

    private static int prefixes(PromptCall call) {
        return call.held().parts().placement().layout().numPrefixes();
    }

    /** Adds a call that {@link #fits}. */
    void add(PromptCall call) {
        calls[size++] = call;
        numRows += call.rows.length();
        numPrefixRows += prefixes(call);
    }

    /** Computes the scores of all calls, and their states where wanted. */
    void run() {
        passes = 0;
        rowsRun = 0;
        numThreads = 1;
        own.nextBatch();
        sortByPrompt();
        for (int i = 0; i < size; i++) {
            PromptCall call = calls[order[i]];
            LoadedPrompt.Own owned = call.held().parts().own();
            waits[i] = owned != null && owned.readsSentence() && !cache.find(call.plain, sentences, i);
            done[i] = false;
        }
        for (int i = 0; i < size; i++) {
            if (!done[i]) {
                EncoderWeights weights = calls[order[i]].held().parts().weights();
                while (stage(weights)) {
                    // The second round takes what waited for its plain state.
                }
            }
        }
    }

    /** Brings calls of one prompt together, in the order of the first of each. */
    private void sortByPrompt() {
        Arrays.fill(taken, 0, size, false);
        int n = 0;
        for (int i = 0; i < size; i++) {
            if (taken[i]) {
                continue;
            }
            LoadedPrompt prompt = calls[i].prompt;
            for (int j = i; j < size; j++) {
                if (!taken[j] && calls[j].prompt == prompt) {
                    taken[j] = true;
                    order[n++] = j;
                }
            }
        }
    }

    /** Runs one pass of what is not done over these weights; false if there is nothing. */
    private boolean stage(EncoderWeights weights) {
        rows.clear();
        inserts.clear();
        numStaged = 0;
        numGroups = 0;
        int tableRow = 0;
        int i = 0;
        while (i < size) {
            LoadedPrompt prompt = calls[order[i]].held();
            int end = i;
            while (end < size && calls[order[end]].prompt == prompt) {
                end++;
            }
            if (prompt.parts().weights() == weights) {
                tableRow = addGroup(prompt, i, end, tableRow);
            }
            i = end;
        }
        int prompted = numStaged;
        for (int k = 0; k < size; k++) {
            if (!done[k] && waits[k] && calls[order[k]].held().parts().weights() == weights) {
                rows.addReading(calls[order[k]].plain, 0, FIRST_ROW, false);
                inserts.add(null, 1);
                staged[numStaged++] = k;
            }
        }
        if (numStaged == 0) {
            return false;
        }
        inserts.see(rows);
        forward(own.encoder(calls[order[staged[0]]].held()));
        passes++;
        rowsRun += rows.numRows();
        scoreGroups();
        RowKernels copies = kernels.rows();
        for (int s = prompted; s < numStaged; s++) {
            int k = staged[s];
            copies.copy(1, width, output, rows.readStarts()[s], sentences, k);
            cache.keep(calls[order[k]].plain, sentences, k);
            waits[k] = false;
        }
        return true;
    }

    private void forward(TransformerEncoder running) {
        LayerInserts given = inserts.orNull();
        EncoderTeam threads = team;
        if (threads != null && sharing && running == encoder && threads.takes(rows, given)) {
            threads.forward(rows, table, given, output);
            numThreads = threads.numThreads();
        } else {
            running.forward(rows, table, given, output, false);
        }
    }

    /** Appends those of a group that are ready, with their prompts; returns the table's next free row. */
    private int addGroup(LoadedPrompt prompt, int from, int end, int tableRow) {
        LoadedPrompt.Parts parts = prompt.parts();
        int first = numStaged;
        for (int k = from; k < end; k++) {
            if (!done[k] && !waits[k]) {
                staged[numStaged++] = k;
            }
        }
        int m = numStaged - first;
        if (m == 0) {
            return tableRow;
        }
        MemorySegment prompts = parts.prompts();
        LayerInserts given = parts.inserts();
        LoadedPrompt.Own owned = parts.own();
        int slots = parts.placement().numSlots();
        boolean each = false;
        if (owned != null) {
            RowPass pass = own.pass(prompt, owned, m);
            pass.tokens().clear();
            for (int s = first; s < numStaged; s++) {
                if (owned.readsSentence()) {
                    kernels.rows().copy(1, width, sentences, staged[s], pass.clsStates(), s - first);
                }
                if (owned.readsTokens()) {
                    pass.tokens().add(calls[order[staged[s]]].plain.source());
                }
            }
            prompts = pass.prompts(m);
            given = pass.inserts();
            each = owned.layout().isInstance();
        }
        int next = tableRow;
        if (slots > 0 && prompts != null) {
            int copied = each ? m * slots : slots;
            kernels.rows().copy(copied, width, prompts, 0, table, tableRow);
            next += copied;
        }
        for (int s = first; s < numStaged; s++) {
            rows.add(calls[order[staged[s]]].rows, tableRow + (each ? (s - first) * slots : 0));
        }
        inserts.add(given, m);
        groupEnds[numGroups++] = numStaged;
        return next;
    }

    private void scoreGroups() {
        int first = 0;
        for (int g = 0; g < numGroups; g++) {
            int end = groupEnds[g];
            LoadedPrompt.Parts parts = calls[order[staged[first]]].held().parts();
            int c = parts.numClasses();
            int atOnce = Math.min(maxTexts, maxScores / c);
            for (int from = first; from < end; from += atOnce) {
                score(parts, from, Math.min(from + atOnce, end), c);
            }
            first = end;
        }
    }

    private void score(LoadedPrompt.Parts parts, int first, int end, int c) {
        int m = end - first;
        for (int s = first; s < end; s++) {
            read(parts.mean(), s, s - first);
        }
        if (parts.transformed()) {
            transform().transform(m, states, states, false);
        }
        parts.head().score(kernels, m, states, hidden, logits);
        for (int s = first; s < end; s++) {
            PromptCall call = calls[order[staged[s]]];
            for (int k = 0; k < c; k++) {
                call.logits[k] = get(logits, (long) (s - first) * c + k);
            }
            if (call.wantsState) {
                for (int j = 0; j < width; j++) {
                    call.state[j] = (float) get(states, (long) (s - first) * width + j);
                }
            }
            done[staged[s]] = true;
        }
    }

    /** Copies a sequence's read state, or the mean over its words. */
    private void read(boolean ofWords, int sequence, int to) {
        RowKernels k = kernels.rows();
        int start = rows.readStarts()[sequence];
        if (ofWords) {
            int count = rows.readStarts()[sequence + 1] - start;
            k.copy(count, width, output, start, words, 0);
            k.groupMean(1, count, width, words, mean);
            k.copy(1, width, mean, 0, states, to);
        } else {
            k.copy(1, width, output, start, states, to);
        }
    }

    private MaskedLmPass transform() {
        MaskedLmPass made = transform;
        if (made == null) {
            try {
                made = new MaskedLmPass(backbone.maskedLmHead(), kernels, maxTexts, false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            transform = made;
        }
        return made;
    }

    private double get(MemorySegment segment, long index) {
        return dtype == DType.F64
                ? segment.getAtIndex(ValueLayout.JAVA_DOUBLE, index)
                : segment.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    /** Frees the buffers; idempotent. */
    @Override
    public void close() {
        own.close();
        cache.close();
        encoder.close();
        if (transform != null) {
            transform.close();
        }
        workspace.close();
    }
}
