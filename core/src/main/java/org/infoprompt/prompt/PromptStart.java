package org.infoprompt.prompt;

import java.util.List;
import org.infoprompt.tensor.Shape;

/** Sets starting values of parameters. Same seed and same calls give the same values. */
public interface PromptStart {
    /** {@return sizes of the encoder} */
    BackboneShape backbone();

    /**
     * {@return the shape of a parameter}
     *
     * @param name the parameter
     */
    Shape shape(String name);

    /**
     * Fills {@code name.weight} and, if there is one, {@code name.bias} as PyTorch's linear layer does, U(±1/√in).
     *
     * @param name the layer
     */
    void linear(String name);

    /**
     * Fills a parameter with U(-bound, bound).
     *
     * @param name the parameter
     * @param bound greatest absolute value
     */
    void uniform(String name, double bound);

    /**
     * Fills a parameter with N(0, deviation²).
     *
     * @param name the parameter
     * @param deviation standard deviation
     */
    void normal(String name, double deviation);

    /**
     * Fills every D elements of a parameter with the embedding of a random word.
     *
     * @param name the parameter
     */
    void randomWords(String name);

    /**
     * Fills every D elements of a parameter with the embedding of a word, the words in turn.
     *
     * @param name the parameter
     * @param ids word ids, at least one
     */
    void words(String name, int[] ids);

    /**
     * Fills every D elements of a parameter with the mean embedding of a list of words, the lists in turn.
     *
     * @param name the parameter
     * @param ids lists of word ids; a random word stands for an empty one
     */
    void means(String name, List<int[]> ids);

    /**
     * Fills a parameter [V, D] with all word embeddings.
     *
     * @param name the parameter
     */
    void allWords(String name);

    /**
     * Sets one element.
     *
     * @param name the parameter
     * @param index row-major index
     * @param value the value
     */
    void set(String name, long index, double value);

    /** {@return the standard deviation of the word embeddings' elements} */
    double wordSpread();

    /**
     * {@return the word ids of a text, without special tokens}
     *
     * @param text any text
     */
    int[] tokenize(String text);

    /** {@return the word ids of each class's label words, in class order} */
    List<int[]> labelWords();
}
