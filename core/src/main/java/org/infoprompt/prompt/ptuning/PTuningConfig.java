package org.infoprompt.prompt.ptuning;

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
 * Prompt vectors that a small encoder makes from an embedding table. Parameters are named and shaped as in Hugging Face PEFT's
 * {@code PromptEncoder}.
 *
 * @param slots N
 * @param encoder which encoder
 * @param encoderHiddenSize its width; 0 for D
 * @param place where the slots stand
 * @param reading what the class head reads
 */
public record PTuningConfig(int slots, Encoder encoder, int encoderHiddenSize, SlotLayout.Where place, Reading reading)
        implements PromptConfig {
    static final String EMBEDDING = "prompt_encoder.embedding.weight";
    static final String MLP = "prompt_encoder.mlp_head.";
    static final String LSTM = "prompt_encoder.lstm_head";
    static final int LSTM_LAYERS = 2;

    /** Kinds of encoders. */
    public enum Encoder {
        /** Three linear layers with ReLU between them. */
        MLP,
        /** Two bidirectional LSTM layers, then two linear layers with ReLU between them. */
        LSTM
    }

    /** Checks the ranges. */
    public PTuningConfig {
        if (slots < 1 || slots > SlotLayout.MAX) {
            throw new IllegalArgumentException("slots " + slots + " must be in [1, " + SlotLayout.MAX + "]");
        }
        if (encoderHiddenSize < 0 || encoderHiddenSize > 8192) {
            throw new IllegalArgumentException("hidden-size " + encoderHiddenSize + " must be in [0, 8192]");
        }
        if (place == SlotLayout.Where.NOWHERE || (place == SlotLayout.Where.AROUND_MASK && reading != Reading.MASK)) {
            throw new IllegalArgumentException("place around-mask needs read mask, and nowhere leaves no prompts");
        }
    }

    /** Returns the encoder's width over a backbone. */
    int width(BackboneShape backbone) {
        return encoderHiddenSize == 0 ? backbone.hiddenSize() : encoderHiddenSize;
    }

    @Override
    public String method() {
        return PTuningMethod.ID;
    }

    @Override
    public SequencedMap<String, String> options() {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        options.put("slots", Integer.toString(slots));
        options.put("encoder", encoder.name().toLowerCase(Locale.ROOT));
        options.put("hidden-size", Integer.toString(encoderHiddenSize));
        options.put("place", place.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        options.put("read", reading.id());
        return options;
    }

    @Override
    public SlotLayout layout() {
        return new SlotLayout(place, slots, 0);
    }

    @Override
    public SequencedMap<String, Shape> shapes(BackboneShape backbone) {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        int d = backbone.hiddenSize();
        int h = width(backbone);
        shapes.put(EMBEDDING, Shape.of(slots, d));
        if (encoder == Encoder.MLP) {
            LinearLayer.declare(shapes, MLP + 0, h, d);
            LinearLayer.declare(shapes, MLP + 2, h, h);
            LinearLayer.declare(shapes, MLP + 4, d, h);
        } else {
            Lstm.declare(shapes, LSTM, 0, d, h);
            Lstm.declare(shapes, LSTM, 1, 2L * h, h);
            LinearLayer.declare(shapes, MLP + 0, 2L * h, 2L * h);
            LinearLayer.declare(shapes, MLP + 2, d, 2L * h);
        }
        return shapes;
    }

    @Override
    public void initialize(PromptStart start) {
        start.normal(EMBEDDING, 1);
        if (encoder == Encoder.LSTM) {
            for (int layer = 0; layer < LSTM_LAYERS; layer++) {
                Lstm.initialize(start, LSTM, layer, width(start.backbone()));
            }
        }
        start.linear(MLP + 0);
        start.linear(MLP + 2);
        if (encoder == Encoder.MLP) {
            start.linear(MLP + 4);
        }
    }

    @Override
    public PromptStrategy open(StrategyContext context) {
        return encoder == Encoder.MLP ? new MlpPrompts(context, this) : new LstmPrompts(context, this);
    }

    @Override
    public String describe() {
        return slots + " slots " + place.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " from an "
                + encoder.name() + ", reads " + reading.id();
    }
}
