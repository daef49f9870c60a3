package org.infoprompt.serve;

import java.time.Duration;
import org.infoprompt.session.Prediction;

/**
 * An answer.
 *
 * @param prediction class and probabilities
 * @param prompt name of the prompt
 * @param version the version that answered
 * @param waited from arrival until a worker took it
 * @param took from arrival until the answer
 */
public record PromptReply(Prediction prediction, String prompt, long version, Duration waited, Duration took) {}
