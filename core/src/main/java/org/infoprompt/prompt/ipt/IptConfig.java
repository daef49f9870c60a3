package org.infoprompt.prompt.ipt;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.LinearLayer;
import org.infoprompt.prompt.Lstm;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.PromptStart;
import org.infoprompt.prompt.PromptStrategy;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;
import org.infoprompt.prompt.StrategyContext;
import org.infoprompt.tensor.Shape;

/**
 * Prompts looked up by, or encoded from, a text's own first tokens. Without an encoder, slot j has the table's row of token j; a
 * text with fewer tokens repeats its last one. With one, the rows of the first tokens become all slots at once.
 *
 * @param carrier what the rows become: slots before [CLS], or an addition to trained prefixes of the first layer
 * @param encoder how rows become slots
 * @param table which rows tokens have
 * @param slots N slots, or P prefixes
 * @param tokens how many tokens an encoder reads
 * @param lstmSize hidden width of {@link Encoder#LSTM}
 * @param instanceScale factor of what is added to the prefixes
 * @param reading what the class head reads
 */
public record IptConfig(
        Carrier carrier,
        Encoder encoder,
        Table table,
        int slots,
        int tokens,
        int lstmSize,
        double instanceScale,
        Reading reading)
        implements PromptConfig {
    static final String ROWS = "table.weight";
    static final String PREFIXES = "prefix.embeddings";
    static final String LINEAR = "encoder.linear";
    static final String CONVOLUTION = "encoder.convolution";
    static final String LSTM = "encoder.lstm";
    static final int LSTM_LAYERS = 2;

    /** What the text's rows become. */
    public enum Carrier {
        /** Slots before [CLS]. */
        PROMPT,
        /** An addition to the first layer's trained prefixes. */
        PREFIX
    }

    /** How rows become slots. */
    public enum Encoder {
        /** Row j is slot j. */
        NONE,
        /** The rows' mean, linear, ReLU. */
        MLP,
        /** Convolutions over 3, 4 and 5 rows, ReLU, maximum, linear. */
        CNN,
        /** Two bidirectional LSTM layers, the last state of each direction, linear. */
        LSTM
    }

    /** Where rows come from. */
    public enum Table {
        /** The backbone's word embeddings, frozen. */
        WORDS,
        /** A trained table that starts as the word embeddings. */
        PRETRAINED,
        /** A trained table that starts as U(-0.5, 0.5). */
        RANDOM
    }

    /** Checks that the parts go together. */
    public IptConfig {
        if (slots < 1 || slots > SlotLayout.MAX || tokens < 1 || tokens > SlotLayout.MAX) {
            throw new IllegalArgumentException(
                    "slots " + slots + " and tokens " + tokens + " must be in [1, " + SlotLayout.MAX + "]");
        }
        if (encoder == Encoder.NONE && carrier == Carrier.PREFIX && table != Table.RANDOM) {
            throw new IllegalArgumentException(
                    "carrier prefix without an encoder needs rows of keys and values, which words do not have; set"
                            + " table=random");
        }
    }

    boolean isTrainedTable() {
        return table != Table.WORDS;
    }

    /** Returns how many tokens of a text have a row. */
    int numRows() {
        return encoder == Encoder.NONE ? slots : tokens;
    }

    /** Returns the elements of a slot, or of a prefix: its key and value. */
    int slotWidth(BackboneShape backbone) {
        return (carrier == Carrier.PREFIX ? 2 : 1) * backbone.hiddenSize();
    }

    /** Returns the elements of a table row. */
    int rowWidth(BackboneShape backbone) {
        return encoder == Encoder.NONE ? slotWidth(backbone) : backbone.hiddenSize();
    }

    @Override
    public String method() {
        return IptMethod.ID;
    }

    @Override
    public SequencedMap<String, String> options() {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        options.put("carrier", carrier.name().toLowerCase(Locale.ROOT));
        options.put("encoder", encoder.name().toLowerCase(Locale.ROOT));
        options.put("table", table.name().toLowerCase(Locale.ROOT));
        options.put("slots", Integer.toString(slots));
        options.put("tokens", Integer.toString(tokens));
        options.put("lstm-size", Integer.toString(lstmSize));
        options.put("instance-scale", Double.toString(instanceScale));
        options.put("read", reading.id());
        return options;
    }

    @Override
    public SlotLayout layout() {
        return carrier == Carrier.PREFIX
                ? SlotLayout.prefixes(slots)
                : new SlotLayout(SlotLayout.Where.BEFORE_CLS, slots, 0);
    }

    @Override
    public boolean isInstanceWise() {
        return carrier == Carrier.PROMPT;
    }

    @Override
    public boolean hasInstancePrefixes() {
        return carrier == Carrier.PREFIX;
    }

    @Override
    public boolean readsTokens() {
        return true;
    }

    @Override
    public SequencedMap<String, Shape> shapes(BackboneShape backbone) {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        int d = backbone.hiddenSize();
        if (isTrainedTable()) {
            shapes.put(ROWS, Shape.of(backbone.vocabularySize(), rowWidth(backbone)));
        }
        int features = 0;
        switch (encoder) {
            case NONE -> {
                // Rows are slots.
            }
            case MLP -> features = d;
            case CNN -> {
                shapes.put(CONVOLUTION + ".weight", Shape.of(ConvolutionEncoder.NUM_ROWS, d));
                shapes.put(CONVOLUTION + ".bias", Shape.of(ConvolutionEncoder.NUM_FEATURES));
                features = ConvolutionEncoder.NUM_FEATURES;
            }
            case LSTM -> {
                Lstm.declare(shapes, LSTM, 0, d, lstmSize);
                Lstm.declare(shapes, LSTM, 1, 2L * lstmSize, lstmSize);
                features = 2 * lstmSize;
            }
        }
        if (encoder != Encoder.NONE) {
            LinearLayer.declare(shapes, LINEAR, (long) slots * slotWidth(backbone), features);
        }
        if (carrier == Carrier.PREFIX) {
            shapes.put(PREFIXES, Shape.of(slots, 2L * d * backbone.numLayers()));
        }
        return shapes;
    }

    @Override
    public void initialize(PromptStart start) {
        if (table == Table.RANDOM) {
            start.uniform(ROWS, .5);
        } else if (table == Table.PRETRAINED) {
            start.allWords(ROWS);
        }
        if (encoder == Encoder.CNN) {
            // Each filter's bound is that of its own fan-in.
            double bound =
                    1 / Math.sqrt(ConvolutionEncoder.SMALLEST * start.backbone().hiddenSize());
            start.uniform(CONVOLUTION + ".weight", bound);
            start.uniform(CONVOLUTION + ".bias", bound);
        } else if (encoder == Encoder.LSTM) {
            for (int layer = 0; layer < LSTM_LAYERS; layer++) {
                Lstm.initialize(start, LSTM, layer, lstmSize);
            }
        }
        if (encoder != Encoder.NONE) {
            start.linear(LINEAR);
        }
        if (carrier == Carrier.PREFIX) {
            start.normal(PREFIXES, 1);
        }
    }

    @Override
    public PromptStrategy open(StrategyContext context) {
        return carrier == Carrier.PREFIX ? new PrefixCarrier(context, this) : new PromptCarrier(context, this);
    }

    @Override
    public String describe() {
        return slots + (carrier == Carrier.PREFIX ? " prefixes" : " slots") + ", "
                + (encoder == Encoder.NONE
                        ? "looked up"
                        : "by " + encoder.name().toLowerCase(Locale.ROOT)) + " from "
                + table.name().toLowerCase(Locale.ROOT) + " rows of the text's tokens, reads " + reading.id();
    }
}
