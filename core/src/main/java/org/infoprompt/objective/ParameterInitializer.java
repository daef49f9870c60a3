package org.infoprompt.objective;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;

/**
 * Starting values. Prompt vectors start as embeddings of random words, so that they have the scale the encoder expects, never as
 * N(0, 1); class rows start as the mean embedding of their label words; linear layers start as in PyTorch, U(±1/√in). The
 * generator's last layer is scaled down to the spread of the word embeddings and its bias holds random words, so that
 * instance-wise prompts start at the same scale.
 */
public final class ParameterInitializer {
    private final MemorySegment words;
    private final DType dtype;
    private final int hiddenSize;
    private final int vocabularySize;
    private final Random random;

    /**
     * Prepares the initialisation.
     *
     * @param words [V, D] frozen word embeddings
     * @param dtype their element type
     * @param hiddenSize D
     * @param seed same seed, same values
     */
    public ParameterInitializer(MemorySegment words, DType dtype, int hiddenSize, long seed) {
        this.words = words;
        this.dtype = dtype;
        this.hiddenSize = hiddenSize;
        this.vocabularySize = (int) (words.byteSize() / dtype.bytes() / hiddenSize);
        this.random = new Random(seed);
    }

    /**
     * Fills every tensor.
     *
     * @param parameters receives the values
     * @param labelWords word ids of each class, in class order; an empty array starts the row as a random word
     */
    public void initialize(ParameterSet parameters, List<int[]> labelWords) {
        for (Map.Entry<String, Shape> entry : parameters.shapes().entrySet()) {
            String name = entry.getKey();
            Shape shape = entry.getValue();
            switch (name) {
                case ParameterLayout.PROMPTS, ParameterLayout.UP_BIAS -> randomWords(parameters, name);
                case ParameterLayout.HEAD_WEIGHT -> labelRows(parameters, labelWords);
                case ParameterLayout.HEAD_BIAS -> {
                    // Zero: no class is preferred.
                }
                case ParameterLayout.UP_WEIGHT ->
                    uniform(parameters, name, wordSpread() * Math.sqrt(3.0 / (double) shape.size(1)));
                default -> uniform(parameters, name, 1 / Math.sqrt((double) fanIn(parameters, name)));
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

    private void uniform(ParameterSet parameters, String name, double bound) {
        long n = parameters.value(name).byteSize() / parameters.dtype().bytes();
        for (long i = 0; i < n; i++) {
            parameters.set(name, i, (2 * random.nextDouble() - 1) * bound);
        }
    }

    private void randomWords(ParameterSet parameters, String name) {
        long rows = parameters.value(name).byteSize() / parameters.dtype().bytes() / hiddenSize;
        for (long r = 0; r < rows; r++) {
            int word = random.nextInt(vocabularySize);
            for (int c = 0; c < hiddenSize; c++) {
                parameters.set(name, r * hiddenSize + c, word(word, c));
            }
        }
    }

    private void labelRows(ParameterSet parameters, List<int[]> labelWords) {
        for (int k = 0; k < labelWords.size(); k++) {
            int[] ids = labelWords.get(k);
            int[] used = ids.length > 0 ? ids : new int[] {random.nextInt(vocabularySize)};
            for (int c = 0; c < hiddenSize; c++) {
                double sum = 0;
                for (int id : used) {
                    sum += word(id, c);
                }
                parameters.set(ParameterLayout.HEAD_WEIGHT, (long) k * hiddenSize + c, sum / used.length);
            }
        }
    }

    /** Standard deviation of the table's elements, from every eighth row. */
    private double wordSpread() {
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

    private double word(int id, int column) {
        long at = (long) id * hiddenSize + column;
        return dtype == DType.F64
                ? words.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at * Double.BYTES)
                : words.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at * Float.BYTES);
    }
}
