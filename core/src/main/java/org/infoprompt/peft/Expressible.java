package org.infoprompt.peft;

import org.infoprompt.checkpoint.CheckpointInfo;
import org.infoprompt.prompt.PromptConfig;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;
import org.infoprompt.prompt.ia3.Ia3Config;
import org.infoprompt.prompt.lora.LoraConfig;
import org.infoprompt.prompt.multitask.MultitaskPromptConfig;
import org.infoprompt.prompt.ptuning.PTuningMethod;
import org.infoprompt.weights.EncoderConfig;

/** Decides which kind of PEFT adapter a trained model is, if PEFT can express it at all. */
final class Expressible {
    private static final String BEFORE_CLS = "train with --set place=before-cls";

    private Expressible() {}

    /**
     * Finds the kind.
     *
     * @param info the model
     * @param family of its backbone
     * @throws PeftException naming what PEFT has no form for, and how to train instead
     */
    static PeftType type(CheckpointInfo info, EncoderConfig.Family family) throws PeftException {
        PromptConfig prompt = info.prompt();
        SlotLayout layout = prompt.layout();
        if (prompt.isInstanceWise() || prompt.hasInstancePrefixes()) {
            throw refused(
                    prompt, "makes prompts for each text; PEFT's are the same for all texts", "train another method");
        }
        PeftType changes =
                prompt instanceof LoraConfig ? PeftType.LORA : prompt instanceof Ia3Config ? PeftType.IA3 : null;
        if (changes == null && layout.numSlots() == 0 && layout.numPrefixes() == 0) {
            throw refused(
                    prompt, "has neither prompts nor prefixes, which PEFT has no adapter for", "train another method");
        }
        if (layout.numSlots() > 0 && layout.numPrefixes() > 0) {
            throw refused(
                    prompt, "has prompts and prefixes; an adapter of PEFT has one of them", "train another method");
        }
        if (layout.numSlots() > 0 && layout.where() != SlotLayout.Where.BEFORE_CLS) {
            throw refused(
                    prompt,
                    layout.where() == SlotLayout.Where.AROUND_MASK
                            ? "places its prompts in groups around a mask; PEFT's stand before [CLS]"
                            : "places its prompts after [CLS]; PEFT's stand before it",
                    prompt.options().containsKey("place") ? BEFORE_CLS : "train --method prompt-tuning");
        }
        if (prompt.reading() != Reading.FIRST && prompt.reading() != Reading.CLS) {
            throw refused(
                    prompt,
                    "reads " + (prompt.reading() == Reading.MASK ? "a mask" : "the mean of all words")
                            + "; PEFT's heads read one row of the text as it is",
                    "train with --set read=cls");
        }
        if (info.objective().classification().usesBottleneck()) {
            throw refused(
                    prompt,
                    "scores classes through a bottleneck; PEFT's heads are a dense and a class layer",
                    "train with --classification direct");
        }
        if (info.labels().size() == 1) {
            throw refused(prompt, "gives a number; adapters are written with class heads alone", "use the checkpoint");
        }
        if (family == EncoderConfig.Family.DISTILBERT) {
            throw refused(
                    prompt,
                    "stands on DistilBERT, whose head in Hugging Face has a ReLU that a linear head cannot pass",
                    "train on BERT or RoBERTa");
        }
        if (changes != null) {
            return changes;
        }
        if (layout.numPrefixes() > 0) {
            return PeftType.PREFIX_TUNING;
        }
        if (prompt instanceof MultitaskPromptConfig) {
            return PeftType.MULTITASK_PROMPT_TUNING;
        }
        return prompt.method().equals(PTuningMethod.ID) ? PeftType.P_TUNING : PeftType.PROMPT_TUNING;
    }

    private static PeftException refused(PromptConfig prompt, String problem, String remedy) {
        return new PeftException("method " + prompt.method(), "", problem, remedy);
    }
}
