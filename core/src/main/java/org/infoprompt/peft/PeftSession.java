package org.infoprompt.peft;

import java.util.List;
import org.infoprompt.session.ClassifierSession;
import org.infoprompt.session.TextClassifier;
import org.infoprompt.text.Tokenizer;
import org.jspecify.annotations.Nullable;

/** Classifies one text at a time with an adapter; see {@link ClassifierSession}. */
public final class PeftSession implements ClassifierSession {
    private final Tokenizer tokenizer;
    private final AdaptedEncoder model;
    private final List<String> labels;
    private final AdaptedPass pass;

    PeftSession(Tokenizer tokenizer, AdaptedEncoder model, List<String> labels) {
        this.tokenizer = tokenizer;
        this.model = model;
        this.labels = labels;
        pass = new AdaptedPass(model, model.weights().config().maxPositions(), 1);
    }

    @Override
    public List<String> labels() {
        return labels;
    }

    @Override
    public TextClassifier.Inputs inputs() {
        return TextClassifier.Inputs.ANY;
    }

    @Override
    public void logits(String text, @Nullable String pair, double[] logits) {
        pass.clear();
        pass.add(AdaptedPass.template(model, tokenizer.encode(text, pair, model.maxTextLength())));
        pass.run();
        for (int k = 0; k < logits.length; k++) {
            logits[k] = pass.logit(0, k);
        }
    }

    @Override
    public void close() {
        pass.close();
    }
}
