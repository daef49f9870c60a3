package org.infoprompt.ops;

/**
 * Whether a backend can run here, and if not, why and what would change that.
 *
 * @param usable whether it can run
 * @param reason one line: what it would run on, or what is missing
 * @param remedy what the user can do; empty if nothing or if usable
 */
public record Availability(boolean usable, String reason, String remedy) {}
