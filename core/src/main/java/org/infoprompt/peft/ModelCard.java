package org.infoprompt.peft;

import java.util.Locale;
import org.infoprompt.checkpoint.CheckpointInfo;
import org.infoprompt.weights.EncoderConfig;

/** The {@code README.md} of an exported adapter: what it is, and how PEFT loads it. */
final class ModelCard {
    private ModelCard() {}

    static String text(CheckpointInfo info, EncoderConfig sizes, PeftType type, String baseModel) {
        int n = Math.max(
                info.prompt().layout().numSlots(), info.prompt().layout().numPrefixes());
        boolean readsCls = ExportConfig.pooledToken(info, type).equals("cls");
        String head = sizes.family() == EncoderConfig.Family.ROBERTA ? "classifier" : "bert.pooler";
        StringBuilder text = new StringBuilder();
        text.append("# ").append(type).append(" adapter for ").append(baseModel).append("\n\n");
        text.append(String.format(
                Locale.ROOT,
                "Sequence classification (%s) by %s, %s, exported by InfoPrompt for the JVM. Classes: %s.\n",
                info.task(),
                info.prompt().method(),
                type.changesWeights() ? info.prompt().describe() : n + " virtual tokens",
                String.join(", ", info.labels())));
        text.append("\n```python\n");
        text.append("from transformers import AutoModelForSequenceClassification\n");
        text.append("from peft import PeftModel\n\n");
        text.append("base = AutoModelForSequenceClassification.from_pretrained(\"")
                .append(baseModel)
                .append("\", num_labels=")
                .append(info.labels().size())
                .append(")\n");
        text.append("model = PeftModel.from_pretrained(base, \"path of this folder\").eval()\n");
        if (readsCls) {
            text.append("# The head reads [CLS]; without this line it reads the first virtual token.\n");
            text.append("model.base_model.")
                    .append(head)
                    .append(".register_forward_pre_hook(lambda module, args: (args[0][:, ")
                    .append(n)
                    .append(":],))\n");
        }
        text.append("```\n");
        if (type == PeftType.MULTITASK_PROMPT_TUNING) {
            text.append("\nCall the model with `task_ids` of zeros; there is one task.\n");
        }
        text.append(
                "\nThe head is linear in the state it reads: its dense layer is 2^-12 times the identity, where tanh changes"
                        + " nothing. PEFT warns about the key `infoprompt` of the configuration, which holds class names and the hash"
                        + " of the base model, and ignores it.\n");
        return text.toString();
    }
}
