package org.infoprompt.objective;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.infoprompt.model.MaskedLmHead;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.PromptStart;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Starting values. The prompt method sets its own; class rows start as the mean embedding of their label words; linear layers
 * start as in PyTorch, U(±1/√in).
 */
public final class ParameterInitializer {
    private final MemorySegment words;
    private final DType dtype;
    private final int hiddenSize;
    private final int vocabularySize;
    private final Random random;
    private final Function<String, int[]> tokenizer;
    private final @Nullable MaskedLmHead head;

    /**
     * Prepares the initialisation.
     *
     * @param words [V, D] frozen word embeddings
     * @param dtype their element type
     * @param hiddenSize D
     * @param seed same seed, same values
     * @param tokenizer word ids of a text
     * @param head the masked-LM head whose features the class head reads; it then starts from the label words' output embeddings
     *     and biases. Null if it reads the encoder's states: it then starts from their word embeddings
     */
    public ParameterInitializer(
            MemorySegment words,
            DType dtype,
            int hiddenSize,
            long seed,
            Function<String, int[]> tokenizer,
            @Nullable MaskedLmHead head) {
        this.head = head;
        this.words = words;
        this.dtype = dtype;
        this.hiddenSize = hiddenSize;
        this.vocabularySize = (int) (words.byteSize() / dtype.bytes() / hiddenSize);
        this.random = new Random(seed);
        this.tokenizer = tokenizer;
    }

    /**
     * Fills every tensor.
     *
     * @param layout what is trained
     * @param parameters receives the values
     * @param labelWords word ids of each class, in class order; an empty array starts the row as a random word
     */
    public void initialize(ParameterLayout layout, ParameterSet parameters, List<int[]> labelWords) {
        Start start = new Start(layout, parameters, labelWords);
        layout.prompt().initialize(start);
        Map<String, Shape> own = layout.prompt().shapes(layout.backbone());
        for (Map.Entry<String, Shape> entry : parameters.shapes().entrySet()) {
            String name = entry.getKey();
            if (own.containsKey(name)) {
                continue;
            }
            switch (name) {
                case ParameterLayout.HEAD_WEIGHT -> {
                    if (layout.isRegression()) {
                        // No word means a number.
                        start.uniform(name, 1 / Math.sqrt(hiddenSize));
                    } else {
                        start.means(name, labelWords);
                    }
                }
                case ParameterLayout.HEAD_BIAS -> {
                    // Without a masked-LM head zero: no class is preferred.
                }
                default -> start.uniform(name, 1 / Math.sqrt((double) fanIn(parameters, name)));
            }
        }
        if (head != null && !layout.isRegression()) {
            startFromMaskedLm(head, parameters, labelWords);
        }
    }

    /** The class head then scores a class as the masked-LM head scores its label words, on average; WARP_init. */
    private void startFromMaskedLm(MaskedLmHead from, ParameterSet parameters, List<int[]> labelWords) {
        for (int k = 0; k < labelWords.size(); k++) {
            int[] ids = labelWords.get(k);
            for (int c = 0; ids.length > 0 && c < hiddenSize; c++) {
                double sum = 0;
                for (int id : ids) {
                    sum += element(from.decoder(), (long) id * hiddenSize + c);
                }
                parameters.set(ParameterLayout.HEAD_WEIGHT, (long) k * hiddenSize + c, sum / ids.length);
            }
            if (ids.length > 0 && parameters.contains(ParameterLayout.HEAD_BIAS)) {
                double sum = 0;
                for (int id : ids) {
                    sum += element(from.outputBias(), id);
                }
                parameters.set(ParameterLayout.HEAD_BIAS, k, sum / ids.length);
            }
        }
    }

    private static long fanIn(ParameterSet parameters, String name) {
        String weight = name.replace(".bias", ".weight");
        Shape shape = parameters.shapes().get(weight);
        if (shape == null) {
            throw new IllegalStateException("parameter " + name + " has no weight beside it");
        }
        return shape.size(1);
    }

    private double word(int id, int column) {
        return element(words, (long) id * hiddenSize + column);
    }

    private double element(MemorySegment table, long at) {
        return dtype == DType.F64
                ? table.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at * Double.BYTES)
                : table.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at * Float.BYTES);
    }

    private final class Start implements PromptStart {
        private final ParameterLayout layout;
        private final ParameterSet parameters;
        private final List<int[]> labelWords;

        Start(ParameterLayout layout, ParameterSet parameters, List<int[]> labelWords) {
            this.layout = layout;
            this.parameters = parameters;
            this.labelWords = labelWords;
        }

        @Override
        public BackboneShape backbone() {
            return layout.backbone();
        }

        @Override
        public Shape shape(String name) {
            Shape shape = parameters.shapes().get(name);
            if (shape == null) {
                throw new IllegalArgumentException("no parameter named " + name);
            }
            return shape;
        }

        @Override
        public void linear(String name) {
            double bound = 1 / Math.sqrt((double) shape(name + ".weight").size(1));
            uniform(name + ".weight", bound);
            if (parameters.contains(name + ".bias")) {
                uniform(name + ".bias", bound);
            }
        }

        @Override
        public void uniform(String name, double bound) {
            long n = shape(name).numElements();
            for (long i = 0; i < n; i++) {
                parameters.set(name, i, (2 * random.nextDouble() - 1) * bound);
            }
        }

        @Override
        public void normal(String name, double deviation) {
            long n = shape(name).numElements();
            for (long i = 0; i < n; i++) {
                parameters.set(name, i, random.nextGaussian() * deviation);
            }
        }

        @Override
        public void randomWords(String name) {
            long rows = rows(name);
            for (long r = 0; r < rows; r++) {
                copyWord(random.nextInt(vocabularySize), name, r);
            }
        }

        @Override
        public void words(String name, int[] ids) {
            if (ids.length == 0) {
                throw new IllegalArgumentException("parameter " + name + " cannot start from no words");
            }
            long rows = rows(name);
            for (long r = 0; r < rows; r++) {
                copyWord(ids[(int) (r % ids.length)], name, r);
            }
        }

        @Override
        public void allWords(String name) {
            long rows = rows(name);
            for (long r = 0; r < rows; r++) {
                copyWord((int) r, name, r);
            }
        }

        private long rows(String name) {
            return shape(name).numElements() / hiddenSize;
        }

        private void copyWord(int id, String name, long row) {
            for (int c = 0; c < hiddenSize; c++) {
                parameters.set(name, row * hiddenSize + c, word(id, c));
            }
        }

        @Override
        public void means(String name, List<int[]> ids) {
            long rows = rows(name);
            for (long r = 0; r < rows; r++) {
                int[] listed = ids.get((int) (r % ids.size()));
                int[] used = listed.length > 0 ? listed : new int[] {random.nextInt(vocabularySize)};
                for (int c = 0; c < hiddenSize; c++) {
                    double sum = 0;
                    for (int id : used) {
                        sum += word(id, c);
                    }
                    parameters.set(name, r * hiddenSize + c, sum / used.length);
                }
            }
        }

        @Override
        public void set(String name, long index, double value) {
            parameters.set(name, index, value);
        }

        /** From every eighth row. */
        @Override
        public double wordSpread() {
            double sum = 0;
            double squares = 0;
            long n = 0;
            for (int r = 0; r < vocabularySize; r += 8) {
                for (int c = 0; c < hiddenSize; c++) {
                    double v = word(r, c);
                    sum += v;
                    squares += v * v;
                    n++;
                }
            }
            double mean = sum / n;
            return Math.sqrt(Math.max(0, squares / n - mean * mean));
        }

        @Override
        public int[] tokenize(String text) {
            return tokenizer.apply(text);
        }

        @Override
        public List<int[]> labelWords() {
            return labelWords;
        }
    }
}
