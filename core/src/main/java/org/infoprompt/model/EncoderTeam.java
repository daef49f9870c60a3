package org.infoprompt.model;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.RowKernels;
import org.infoprompt.ops.WorkerPool;
import org.infoprompt.tensor.Workspace;
import org.infoprompt.weights.EncoderConfig;
import org.jspecify.annotations.Nullable;

/**
 * Several threads that take one sequence through an encoder together. Each owns a range of its rows from the first layer to the
 * last; they meet once a layer, when all keys and values are there. A row's numbers do not depend on who computes it, so the
 * result is that of one thread, bit for bit.
 *
 * <p>Inner buffers are of the backend's type, in which threads hand their keys and values over. One pass at a time. Nothing is
 * allocated after construction.
 */
public final class EncoderTeam implements AutoCloseable {
    /** Fewer rows a thread are not worth the meetings. */
    private static final int LEAST_ROWS = 6;

    private final EncoderWeights weights;
    private final int maxRows;
    private final int maxPrefixRows;
    private final EncoderConfig config;
    private final WorkerPool pool;
    private final Meeting meeting = new Meeting();
    private final Part[] parts;
    private final Workspace workspace;
    /** Two, taken in turns: a thread may fill one while others still read the other. */
    private final MemorySegment[] keyValues = new MemorySegment[2];

    private final int[] keyStarts = new int[2];
    private final int rowElements;
    private final long rowBytes;
    private final WorkerPool.Job job = this::run;

    private int numParts;
    private @Nullable MemorySegment prompts;
    private @Nullable LayerInserts inserts;
    private MemorySegment output = MemorySegment.NULL;

    /**
     * Starts the threads and allocates their buffers.
     *
     * @param weights shared weights
     * @param maxRows the most rows of a sequence
     * @param maxPrefixRows the most prefixes of a layer
     * @param numThreads how many work on a sequence, the caller included; at least 2
     * @throws IllegalArgumentException if there are fewer, or the backend does not let threads compute side by side
     */
    public EncoderTeam(EncoderWeights weights, int maxRows, int maxPrefixRows, int numThreads) {
        this(weights, maxRows, maxPrefixRows, numThreads, "infoprompt-worker");
    }

    /**
     * Starts threads that thread dumps tell from others, and allocates their buffers.
     *
     * @param weights shared weights
     * @param maxRows the most rows of a sequence
     * @param maxPrefixRows the most prefixes of a layer
     * @param numThreads how many work on a sequence, the caller included; at least 2
     * @param name of the threads, before a hyphen and their number, from 1
     * @throws IllegalArgumentException if there are fewer, or the backend does not let threads compute side by side
     */
    public EncoderTeam(EncoderWeights weights, int maxRows, int maxPrefixRows, int numThreads, String name) {
        if (numThreads < 2 || numThreads > weights.backend().maxWorkers()) {
            throw new IllegalArgumentException("numThreads " + numThreads + " must be in [2, "
                    + weights.backend().maxWorkers() + "]");
        }
        this.weights = weights;
        this.maxRows = maxRows;
        this.maxPrefixRows = maxPrefixRows;
        config = weights.config();
        rowElements = 2 * config.hiddenSize();
        rowBytes = (long) rowElements * weights.backend().dtype().bytes();
        long elements = (long) (maxRows + maxPrefixRows) * rowElements;
        workspace = Workspace.ofBytes(2 * elements * weights.backend().dtype().bytes() + 128);
        List<Part> made = new ArrayList<>(numThreads);
        WorkerPool started = null;
        try {
            for (int i = 0; i < keyValues.length; i++) {
                keyValues[i] = workspace.allocate(weights.backend().dtype(), elements);
            }
            int most = (maxRows + 1) / 2 + 1;
            for (int i = 0; i < numThreads; i++) {
                made.add(new Part(weights, Math.min(most, maxRows)));
            }
            started = new WorkerPool(numThreads, name);
        } finally {
            if (started == null) {
                made.forEach(part -> part.encoder.close());
                workspace.close();
            }
        }
        parts = made.toArray(Part[]::new);
        pool = started;
    }

    /**
     * {@return how many threads can be of use}
     *
     * @param maxRows the most rows of a sequence
     */
    public static int mostThreads(int maxRows) {
        return Math.max(1, maxRows / LEAST_ROWS);
    }

    /** Returns whether passes of an encoder can be taken over. */
    boolean fits(EncoderWeights others, int rows) {
        return weights == others && maxRows >= rows;
    }

    /** {@return how many threads work on a sequence, the caller included} */
    public int numThreads() {
        return parts.length;
    }

    /**
     * {@return whether a block can be taken apart and is worth it: one sequence that is not too short, with nothing in its layers
     * but prefixes}
     *
     * @param rows the block
     * @param given what is put into its layers, or null
     */
    public boolean takes(PackedRows rows, @Nullable LayerInserts given) {
        return rows.numSequences() == 1
                && rows.numRows() >= 2 * LEAST_ROWS
                && rows.numRows() <= maxRows
                && (given == null || (given.isPrefixTable() && given.numPrefixes(0) <= maxPrefixRows));
    }

    /**
     * Runs a sequence through all layers, as {@link TransformerEncoder#forward} does. An interrupt of the caller does not end the
     * pass; it is passed on.
     *
     * @param rows a block that it {@link #takes}
     * @param promptTable [any, D], or null
     * @param given prefixes, or null
     * @param read [Q, D], receives the hidden state of each read row
     */
    public void forward(
            PackedRows rows, @Nullable MemorySegment promptTable, @Nullable LayerInserts given, MemorySegment read) {
        int n = rows.numRows();
        numParts = Math.min(parts.length, n / LEAST_ROWS);
        int from = 0;
        int firstRead = 0;
        for (int i = 0; i < numParts; i++) {
            int end = (int) ((long) n * (i + 1) / numParts);
            Part part = parts[i];
            part.rows.part(rows, from, end, firstRead);
            part.firstRow = from;
            part.firstRead = firstRead;
            firstRead += part.rows.numRead();
            from = end;
        }
        prompts = promptTable;
        inserts = given;
        output = read;
        keyStarts[1] = n + (given == null ? 0 : given.numPrefixes(0));
        meeting.open(numParts);
        try {
            pool.run(numParts, job);
        } finally {
            prompts = null;
            inserts = null;
            output = MemorySegment.NULL;
        }
    }

    private void run(int worker, int index) {
        try {
            parts[index].run(index);
        } catch (Abandoned e) {
            // The caller hears of what went wrong, from the thread to which it happened.
        } catch (RuntimeException | Error e) {
            meeting.abandon();
            throw e;
        }
    }

    /** Ends the parts of a pass of which one has failed. */
    private static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Abandoned() {
            super("another thread's part of the pass failed", null, false, false);
        }
    }

    /** One thread's rows, kernels and buffers. */
    private final class Part implements KeyValueExchange {
        final PackedRows rows;
        final TransformerEncoder encoder;
        final RowKernels copies;
        int firstRow;
        int firstRead;
        private int index;

        Part(EncoderWeights weights, int maxRows) {
            Kernels kernels = weights.backend().newKernels();
            rows = new PackedRows(maxRows, 1, config.positionOffset());
            encoder = new TransformerEncoder(
                    weights, kernels, maxRows, 0, false, weights.backend().dtype());
            copies = kernels.rows();
        }

        void run(int part) {
            index = part;
            MemorySegment read = encoder.forwardPart(rows, prompts, this);
            copies.copy(rows.numRead(), config.hiddenSize(), read, 0, output, firstRead);
        }

        @Override
        public int[] keyStarts() {
            return keyStarts;
        }

        @Override
        public MemorySegment exchange(int layer, MemorySegment kv, int stride, int column) {
            MemorySegment all = keyValues[layer & 1];
            LayerInserts given = inserts;
            int p = given == null ? 0 : given.numPrefixes(0);
            if (given != null && index == 0) {
                copies.copy(p, rowElements, given.prefixes(0), given.prefixRow(0, layer), all, 0);
            }
            long element = rowBytes / rowElements;
            for (int r = 0; r < rows.numRows(); r++) {
                long from = ((long) r * stride + column) * element;
                MemorySegment.copy(kv, from, all, (p + firstRow + r) * rowBytes, rowBytes);
            }
            meeting.await();
            return all;
        }
    }

    /** Where threads wait for one another; they sleep, because being awake meanwhile was measured to gain nothing. */
    private static final class Meeting {
        private final Object monitor = new Object();
        private int expected;
        private int arrived;
        private boolean abandoned;
        private int round;

        void open(int threads) {
            synchronized (monitor) {
                expected = threads;
                arrived = 0;
                abandoned = false;
            }
        }

        /** Waits until all have come, even if interrupted; the interrupt is passed on. */
        void await() {
            boolean interrupted = false;
            boolean together;
            synchronized (monitor) {
                int mine = round;
                if (++arrived == expected) {
                    arrived = 0;
                    round++;
                    monitor.notifyAll();
                }
                while (mine == round && !abandoned) {
                    try {
                        monitor.wait();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                together = !abandoned;
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (!together) {
                throw new Abandoned();
            }
        }

        /** Lets nobody wait for one who will not come. */
        void abandon() {
            synchronized (monitor) {
                abandoned = true;
                monitor.notifyAll();
            }
        }
    }

    /** Stops the threads and frees the buffers; idempotent. */
    @Override
    public void close() {
        pool.close();
        for (Part part : parts) {
            part.encoder.close();
        }
        workspace.close();
    }
}
