package org.infoprompt.ops;

/**
 * Which precision is fastest on this machine.
 *
 * @param precision the precision
 * @param reason what makes it so
 */
public record PrecisionAdvice(Precision precision, String reason) {}
