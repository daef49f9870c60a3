package org.infoprompt.serve;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A batch of requests was computed. */
@Name("org.infoprompt.Batch")
@Label("Batch")
@Category("InfoPrompt")
@Description("A batch of requests was computed; its duration is that of the encoder passes and heads")
@StackTrace(false)
final class BatchEvent extends Event {
    @Label("Texts")
    int texts;

    @Label("Rows")
    @Description("Tokens and prompt slots of all passes")
    int rows;

    @Label("Passes")
    int passes;

    @Label("Threads")
    @Description("Threads that computed a pass together")
    int threads;

    @Label("Waiting")
    @Description("Requests that were waiting when the batch was taken")
    int waiting;
}
