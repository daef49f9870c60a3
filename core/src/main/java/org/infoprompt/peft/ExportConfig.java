package org.infoprompt.peft;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.infoprompt.checkpoint.CheckpointInfo;
import org.infoprompt.prompt.AdaptedLinear;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.ia3.Ia3Config;
import org.infoprompt.prompt.lora.LoraConfig;
import org.infoprompt.prompt.multitask.MultitaskPromptConfig;
import org.infoprompt.weights.EncoderConfig;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes {@code adapter_config.json}: the keys that PEFT 0.21 writes for the kind, and {@code infoprompt}, an object that PEFT
 * ignores with a warning. It says which row the head reads, the class names, the backbone's hash and the most positions.
 */
final class ExportConfig {
    private static final JsonMapper MAPPER = new JsonMapper();

    private ExportConfig() {}

    static String json(CheckpointInfo info, EncoderConfig sizes, PeftType type, String baseModel) {
        int n = Math.max(
                info.prompt().layout().numSlots(), info.prompt().layout().numPrefixes());
        TreeMap<String, Object> values = new TreeMap<>();
        values.put("base_model_name_or_path", baseModel);
        values.put("inference_mode", true);
        values.put(
                "modules_to_save",
                sizes.family() == EncoderConfig.Family.ROBERTA
                        ? List.of("classifier")
                        : List.of("classifier", "pooler"));
        values.put("peft_type", type.name());
        values.put("task_type", AdapterConfig.TASK_TYPE);
        if (!type.changesWeights()) {
            values.put("num_attention_heads", sizes.numHeads());
            values.put("num_layers", sizes.numLayers());
            values.put("num_transformer_submodules", 1);
            values.put("num_virtual_tokens", n);
            values.put("token_dim", sizes.hiddenSize());
        }
        switch (type) {
            case PROMPT_TUNING -> values.put("prompt_tuning_init", "RANDOM");
            case MULTITASK_PROMPT_TUNING -> {
                values.put("prompt_tuning_init", "RANDOM");
                values.put("num_tasks", 1);
                values.put("num_ranks", ((MultitaskPromptConfig) info.prompt()).ranks());
            }
            case P_TUNING -> {
                String width = info.prompt().options().getOrDefault("hidden-size", "0");
                values.put("encoder_dropout", 0.0);
                values.put("encoder_hidden_size", width.equals("0") ? sizes.hiddenSize() : Integer.parseInt(width));
                values.put("encoder_num_layers", 2);
                values.put(
                        "encoder_reparameterization_type",
                        info.prompt().options().getOrDefault("encoder", "mlp").equals("lstm") ? "LSTM" : "MLP");
            }
            case PREFIX_TUNING -> {
                values.put("encoder_hidden_size", sizes.hiddenSize());
                values.put("prefix_projection", false);
            }
            case LORA -> lora(values, (LoraConfig) info.prompt(), sizes.numLayers());
            case IA3 -> ia3(values, (Ia3Config) info.prompt(), sizes.numLayers());
        }
        ObjectNode root = MAPPER.createObjectNode();
        values.forEach(root::putPOJO);
        ObjectNode own = root.putObject(AdapterFiles.EXTENSION);
        own.put("backbone_identity", info.backboneIdentity());
        own.put("backbone_sha256", info.backboneSha256());
        ObjectNode labels = own.putObject("id2label");
        for (int k = 0; k < info.labels().size(); k++) {
            labels.put(Integer.toString(k), info.labels().get(k));
        }
        own.put("max_length", info.maxLength());
        own.put("method", info.prompt().method());
        own.put("pooled_token", pooledToken(info, type));
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static void lora(Map<String, Object> values, LoraConfig config, int numLayers) {
        values.put("bias", "none");
        values.put("fan_in_fan_out", false);
        values.put("init_lora_weights", true);
        values.put("lora_alpha", number(config.alpha()));
        values.put("lora_dropout", 0.0);
        values.put("r", config.rank());
        values.put("target_modules", AdaptedLinear.peftNames(config.targets(), numLayers));
        values.put("use_dora", false);
        values.put("use_rslora", false);
    }

    private static void ia3(Map<String, Object> values, Ia3Config config, int numLayers) {
        values.put("fan_in_fan_out", false);
        values.put("init_ia3_weights", true);
        values.put(
                "feedforward_modules",
                AdaptedLinear.peftNames(
                        config.targets().stream().filter(Ia3Config::scalesInput).toList(), numLayers));
        values.put("target_modules", AdaptedLinear.peftNames(config.targets(), numLayers));
    }

    /** PEFT's own alpha is a whole number. */
    private static Object number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9 ? (Object) (int) value : (Object) value;
    }

    /** Prefixes are no rows, so [CLS] is the first one: what PEFT reads. */
    static String pooledToken(CheckpointInfo info, PeftType type) {
        return type.isPrompt() && info.prompt().reading() == Reading.CLS ? "cls" : "first";
    }
}
