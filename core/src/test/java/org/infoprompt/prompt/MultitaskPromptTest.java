package org.infoprompt.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.infoprompt.objective.ObjectiveConfig;
import org.junit.jupiter.api.Test;

/** Multitask prompt tuning; its forward pass is compared with PEFT's own in {@code org.infoprompt.peft.PeftExportTest}. */
class MultitaskPromptTest {
    private static final String ID = "multitask-prompt-tuning";

    @Test
    void hasAsManyParametersAsThePaperSays() {
        assertThat(MethodChecks.numParameters(MethodChecks.config(ID, "slots", "100"), 768, 12, 32_100))
                .isEqualTo(77_668);
    }

    @Test
    void gradients() throws Exception {
        ObjectiveConfig crossEntropy = ObjectiveConfig.crossEntropyOnly();
        MethodChecks.gradients(MethodChecks.config(ID, "slots", "3"), "bert", crossEntropy, true);
        MethodChecks.gradients(
                MethodChecks.config(ID, "slots", "2", "ranks", "3", "read", "first"), "roberta", crossEntropy, false);
    }

    @Test
    void refusesPlacesAndRanks() {
        PromptMethod method = PromptMethods.get(ID);
        assertThatThrownBy(() -> method.configure(Map.of("place", "around-mask")))
                .hasMessage("place around-mask must be before-cls or after-cls");
        assertThatThrownBy(() -> method.configure(Map.of("ranks", "0"))).hasMessage("ranks 0 must be in [1, 64]");
    }
}
