package org.infoprompt.prompt;

/**
 * One option of a prompt method, set by {@code --set name=value}.
 *
 * @param name lower-case words joined by hyphens
 * @param defaultValue its value where none is given
 * @param description what it means and which values it takes, for the help text
 */
public record MethodOption(String name, String defaultValue, String description) {}
