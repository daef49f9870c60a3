package org.infoprompt.serve;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A prompt was read into memory. */
@Name("org.infoprompt.PromptLoad")
@Label("Prompt Load")
@Category("InfoPrompt")
@Description("A prompt was read into memory")
@StackTrace(false)
final class PromptLoadEvent extends Event {
    @Label("Prompt")
    @Nullable
    String prompt;

    @Label("Version")
    long version;

    @Label("Size")
    @DataAmount
    long bytes;
}
