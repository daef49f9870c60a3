package org.infoprompt.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The keys of a Hugging Face {@code config.json} that define an encoder. */
record HuggingFaceConfig(String source, JsonNode json) {
    private static final String SUPPORTED = "use a model of type bert, roberta, xlm-roberta, camembert or distilbert";
    private static final double DISTILBERT_EPS = 1e-12;

    static HuggingFaceConfig read(Path file) throws IOException {
        return new HuggingFaceConfig(file.toString(), JsonFiles.readObject(file));
    }

    EncoderConfig toEncoderConfig() throws WeightFormatException {
        EncoderConfig.Family family = family();
        refuse("position_embedding_type", "absolute");
        refuse("is_decoder", "false");
        refuse("add_cross_attention", "false");
        if (family == EncoderConfig.Family.DISTILBERT) {
            return new EncoderConfig(
                    family,
                    size("vocab_size"),
                    size("dim"),
                    size("n_layers"),
                    size("n_heads"),
                    size("hidden_dim"),
                    size("max_position_embeddings"),
                    0,
                    0,
                    DISTILBERT_EPS,
                    activation("activation"),
                    size("pad_token_id", 0));
        }
        boolean roberta = family == EncoderConfig.Family.ROBERTA;
        int padTokenId = size("pad_token_id", roberta ? 1 : 0);
        int positionOffset = roberta ? padTokenId + 1 : 0;
        return new EncoderConfig(
                family,
                size("vocab_size"),
                size("hidden_size"),
                size("num_hidden_layers"),
                size("num_attention_heads"),
                size("intermediate_size"),
                size("max_position_embeddings") - positionOffset,
                positionOffset,
                size("type_vocab_size", 2),
                real("layer_norm_eps", 1e-12),
                activation("hidden_act"),
                padTokenId);
    }

    private EncoderConfig.Family family() throws WeightFormatException {
        String type = text("model_type", "");
        return switch (type) {
            case "bert" -> EncoderConfig.Family.BERT;
            case "roberta", "xlm-roberta", "camembert" -> EncoderConfig.Family.ROBERTA;
            case "distilbert" -> EncoderConfig.Family.DISTILBERT;
            default ->
                throw new WeightFormatException(source, "", "model_type \"" + type + "\" is not supported", SUPPORTED);
        };
    }

    private EncoderConfig.Activation activation(String key) throws WeightFormatException {
        String name = text(key, "gelu");
        return switch (name) {
            case "gelu", "gelu_python" -> EncoderConfig.Activation.GELU_ERF;
            case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> EncoderConfig.Activation.GELU_TANH;
            case "relu" -> EncoderConfig.Activation.RELU;
            default ->
                throw new WeightFormatException(
                        source,
                        "",
                        key + " \"" + name + "\" is not supported",
                        "use a model with one of "
                                + List.of("gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "relu"));
        };
    }

    private void refuse(String key, String allowed) throws WeightFormatException {
        JsonNode node = value(key);
        if (node != null && !node.asString().equals(allowed)) {
            throw new WeightFormatException(
                    source, "", key + " is " + node.asString() + ", only " + allowed + " is supported", SUPPORTED);
        }
    }

    private @Nullable JsonNode value(String key) {
        JsonNode node = json.get(key);
        return node == null || node.isNull() ? null : node;
    }

    private int size(String key) throws WeightFormatException {
        if (value(key) == null) {
            throw new WeightFormatException(source, "", "has no " + key, "fetch the complete config.json");
        }
        return size(key, 0);
    }

    private int size(String key, int absent) throws WeightFormatException {
        JsonNode node = value(key);
        if (node == null) {
            return absent;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
            throw new WeightFormatException(
                    source, "", key + " " + node + " is not an integer in 0 to 2^31-1", "correct the value");
        }
        return node.intValue();
    }

    private double real(String key, double absent) throws WeightFormatException {
        JsonNode node = value(key);
        if (node == null) {
            return absent;
        }
        if (!node.isNumber()) {
            throw new WeightFormatException(source, "", key + " " + node + " is not a number", "correct the value");
        }
        return node.doubleValue();
    }

    private String text(String key, String absent) throws WeightFormatException {
        JsonNode node = value(key);
        if (node == null) {
            return absent;
        }
        if (!node.isString()) {
            throw new WeightFormatException(source, "", key + " " + node + " is not a string", "correct the value");
        }
        return node.stringValue();
    }
}
