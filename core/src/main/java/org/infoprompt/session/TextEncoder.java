package org.infoprompt.session;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.infoprompt.model.IntSlice;
import org.infoprompt.model.PackedRows;
import org.infoprompt.model.RowTemplate;
import org.infoprompt.model.TransformerEncoder;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.WorkerPool;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Workspace;
import org.infoprompt.text.Encoding;

/**
 * Hidden states of texts by the frozen encoder alone, without prompts: [CLS] text [SEP] as in Hugging Face. One caller at a time;
 * closed by its owner.
 */
public final class TextEncoder implements AutoCloseable {
    private static final int BLOCK_ROWS = 384;

    /** Takes the last hidden states of one text. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Takes one text's rows. Called from any worker, one call at a time a worker; the segment is reused after the call.
         *
         * @param index number of the text
         * @param states [rows, D] from element {@code firstRow·D} on
         * @param firstRow where the text's rows start in {@code states}
         * @param numRows how many rows it has, special tokens included
         */
        void accept(int index, MemorySegment states, int firstRow, int numRows);
    }

    private final LoadedBackbone backbone;
    private final int maxLength;
    private final WorkerPool pool;

    /**
     * Prepares an encoder.
     *
     * @param backbone the encoder
     * @param maxLength the most rows of a text; longer ones lose their ends
     * @param numThreads workers
     */
    public TextEncoder(LoadedBackbone backbone, int maxLength, int numThreads) {
        this.backbone = backbone;
        this.maxLength = Math.min(maxLength, backbone.config().maxPositions());
        pool = new WorkerPool(Math.min(numThreads, backbone.weights().backend().maxWorkers()));
    }

    /**
     * Encodes texts; an empty text has its special tokens only.
     *
     * @param texts the texts
     * @param sink takes each text's states
     * @param progress told how many texts are done, one call at a time
     */
    public void encode(List<String> texts, Sink sink, IntConsumer progress) {
        List<RowTemplate> templates = new ArrayList<>();
        int longest = 1;
        for (String text : texts) {
            Encoding encoding = backbone.tokenizer().encode(text, null, maxLength);
            RowTemplate template =
                    new RowTemplate(IntSlice.of(encoding.ids()), IntSlice.of(encoding.typeIds()), 0, IntSlice.of());
            templates.add(template);
            longest = Math.max(longest, template.length());
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < templates.size(); i++) {
            order.add(i);
        }
        order.sort(java.util.Comparator.comparingInt(i -> templates.get(i).length()));
        int blockRows = Math.max(longest, BLOCK_ROWS);
        List<List<Integer>> blocks = new ArrayList<>();
        int rows = blockRows;
        for (int i : order) {
            int length = templates.get(i).length();
            if (rows + length > blockRows) {
                blocks.add(new ArrayList<>());
                rows = 0;
            }
            blocks.getLast().add(i);
            rows += length;
        }
        List<Worker> workers = new ArrayList<>();
        Object lock = new Object();
        try {
            for (int i = 0; i < pool.numWorkers(); i++) {
                workers.add(new Worker(blockRows));
            }
            pool.run(blocks.size(), (worker, block) -> {
                workers.get(worker).run(blocks.get(block), templates, sink);
                synchronized (lock) {
                    progress.accept(blocks.get(block).size());
                }
            });
        } finally {
            workers.forEach(Worker::close);
        }
    }

    private final class Worker implements AutoCloseable {
        private final Kernels kernels = backbone.weights().backend().newKernels();
        private final TransformerEncoder encoder;
        private final PackedRows packed;
        private final Workspace workspace;
        private final MemorySegment output;

        Worker(int blockRows) {
            encoder = new TransformerEncoder(backbone.weights(), kernels, blockRows, false);
            packed = new PackedRows(blockRows, blockRows, backbone.config().positionOffset());
            DType type = backbone.weights().backend().dtype();
            long n = (long) blockRows * backbone.config().hiddenSize();
            workspace = Workspace.ofBytes(n * type.bytes() + 64);
            output = workspace.allocate(type, n);
        }

        void run(List<Integer> block, List<RowTemplate> templates, Sink sink) {
            packed.clear();
            for (int i : block) {
                packed.addAll(templates.get(i), 0, false);
            }
            encoder.forward(packed, null, output, false);
            kernels.await();
            int row = 0;
            for (int i : block) {
                int length = templates.get(i).length();
                sink.accept(i, output, row, length);
                row += length;
            }
        }

        @Override
        public void close() {
            encoder.close();
            workspace.close();
        }
    }

    /** Stops the workers; idempotent. */
    @Override
    public void close() {
        pool.close();
    }
}
