package org.infoprompt.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.infoprompt.model.LinearAdapters.Product;

/** The linear layers of an encoder layer, under the names that Hugging Face gives them in BERT and RoBERTa. */
public enum AdaptedLinear {
    /** [D, D]. */
    QUERY("attention.self.", "query"),
    /** [D, D]. */
    KEY("attention.self.", "key"),
    /** [D, D]. */
    VALUE("attention.self.", "value"),
    /** [D, D]. */
    ATTENTION_OUTPUT("", "attention.output.dense"),
    /** [F, D]. */
    INTERMEDIATE("", "intermediate.dense"),
    /** [D, F]. */
    OUTPUT("", "output.dense");

    private final String path;
    private final String id;

    AdaptedLinear(String path, String id) {
        this.path = path;
        this.id = id;
    }

    /** {@return its name in options and in PEFT's lists} */
    public String id() {
        return id;
    }

    /**
     * {@return its module's name}
     *
     * @param layer from 0
     */
    public String module(int layer) {
        return "encoder.layer." + layer + "." + path + id;
    }

    /**
     * {@return the product that computes it}
     *
     * @param last whether in the last layer, whose query is computed for the read rows only
     */
    public Product product(boolean last) {
        return switch (this) {
            case QUERY -> last ? Product.QUERY : Product.QUERY_KEY_VALUE;
            case KEY, VALUE -> last ? Product.KEY_VALUE : Product.QUERY_KEY_VALUE;
            case ATTENTION_OUTPUT -> Product.ATTENTION_OUTPUT;
            case INTERMEDIATE -> Product.INTERMEDIATE;
            case OUTPUT -> Product.OUTPUT;
        };
    }

    /**
     * {@return the first column of its output in that of the product}
     *
     * @param d D
     * @param last whether in the last layer
     */
    public int column(int d, boolean last) {
        return switch (this) {
            case KEY -> last ? 0 : d;
            case VALUE -> last ? d : 2 * d;
            default -> 0;
        };
    }

    /**
     * {@return how many numbers go in}
     *
     * @param backbone sizes of the encoder
     * @throws IllegalArgumentException if they are not known
     */
    public int inputSize(BackboneShape backbone) {
        return this == OUTPUT ? feedForward(backbone) : backbone.hiddenSize();
    }

    /**
     * {@return how many numbers come out}
     *
     * @param backbone sizes of the encoder
     * @throws IllegalArgumentException if they are not known
     */
    public int outputSize(BackboneShape backbone) {
        return this == INTERMEDIATE ? feedForward(backbone) : backbone.hiddenSize();
    }

    private static int feedForward(BackboneShape backbone) {
        if (backbone.feedForwardSize() == 0) {
            throw new IllegalArgumentException("the size of the feed-forward layers is not known");
        }
        return backbone.feedForwardSize();
    }

    /**
     * {@return the layers of a list of names, in the order of the constants}
     *
     * @param text names joined by {@code +}, blanks or commas
     * @param allowed which may be named
     * @throws IllegalArgumentException if the list is empty or has another name
     */
    public static List<AdaptedLinear> parse(String text, Set<AdaptedLinear> allowed) {
        EnumSet<AdaptedLinear> found = EnumSet.noneOf(AdaptedLinear.class);
        for (String name : text.strip().split("[+,\\s]+", -1)) {
            AdaptedLinear named = Arrays.stream(values())
                    .filter(each -> each.id.equals(name) && allowed.contains(each))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "targets '" + text + "' must be some of " + join(allowed) + ", joined by +"));
            found.add(named);
        }
        return List.copyOf(found);
    }

    private static String join(Set<AdaptedLinear> layers) {
        return layers.stream().map(AdaptedLinear::id).collect(Collectors.joining(", "));
    }

    /**
     * {@return the names joined by +, as {@link #parse} reads them}
     *
     * @param layers the layers
     */
    public static String text(List<AdaptedLinear> layers) {
        return layers.stream().map(AdaptedLinear::id).collect(Collectors.joining("+"));
    }

    /**
     * {@return module names that mean exactly these layers to PEFT, which compares the ends of names} Alone, {@code output.dense}
     * would also mean the attention's output, so it is then named layer by layer.
     *
     * @param layers the layers
     * @param numLayers L
     */
    public static List<String> peftNames(List<AdaptedLinear> layers, int numLayers) {
        boolean both = layers.contains(ATTENTION_OUTPUT);
        List<String> names = new ArrayList<>();
        for (AdaptedLinear layer : layers) {
            if (layer == OUTPUT && !both) {
                for (int l = 0; l < numLayers; l++) {
                    names.add(layer.module(l));
                }
            } else if (layer != ATTENTION_OUTPUT || !layers.contains(OUTPUT)) {
                names.add(layer.id);
            }
        }
        return names.stream().sorted().toList();
    }
}
