package org.infoprompt.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A program's arguments, pairs of a name and a value. */
public final class Options {
    private final Map<String, String> values = new HashMap<>();

    /**
     * Reads arguments.
     *
     * @param arguments {@code --name value}, again and again
     * @throws IllegalArgumentException if a name stands alone or does not begin with two hyphens
     */
    public Options(String... arguments) {
        if (arguments.length % 2 != 0) {
            throw new IllegalArgumentException(arguments[arguments.length - 1] + " has no value");
        }
        for (int i = 0; i < arguments.length; i += 2) {
            if (!arguments[i].startsWith("--")) {
                throw new IllegalArgumentException(arguments[i] + " is not the name of an option");
            }
            values.put(arguments[i].substring(2), arguments[i + 1]);
        }
    }

    /**
     * {@return whether an option is given}
     *
     * @param name without hyphens
     */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /**
     * {@return an option's text}
     *
     * @param name without hyphens
     * @param otherwise what it is if it is not given
     */
    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /**
     * {@return a number}
     *
     * @param name without hyphens
     * @param otherwise what it is if it is not given
     */
    public int number(String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    /**
     * {@return a file or folder}
     *
     * @param name without hyphens
     * @throws IllegalArgumentException if it is not given
     */
    public Path path(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("--" + name + " is missing");
        }
        return Path.of(value);
    }
}
