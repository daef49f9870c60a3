package org.infoprompt.serve;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A version of a prompt took another's place. */
@Name("org.infoprompt.PromptSwap")
@Label("Prompt Swap")
@Category("InfoPrompt")
@Description("A version of a prompt took another's place")
@StackTrace(false)
final class PromptSwapEvent extends Event {
    @Label("Prompt")
    @Nullable
    String prompt;

    @Label("Version")
    long version;

    static void emit(String prompt, long version) {
        PromptSwapEvent event = new PromptSwapEvent();
        if (event.shouldCommit()) {
            event.prompt = prompt;
            event.version = version;
            event.commit();
        }
    }
}
