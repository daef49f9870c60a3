package org.infoprompt.prompt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Values of a method's options, read by type; what cannot be read is an {@link IllegalArgumentException} that says why. */
public final class MethodOptions {
    private final String method;
    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * Fills in defaults.
     *
     * @param method whose options they are
     * @param given values by name
     * @throws IllegalArgumentException if the method has no option of a name
     */
    public MethodOptions(PromptMethod method, Map<String, String> given) {
        this.method = method.id();
        List<String> names = new ArrayList<>();
        for (MethodOption option : method.options()) {
            names.add(option.name());
            values.put(option.name(), given.getOrDefault(option.name(), option.defaultValue()));
        }
        for (String name : given.keySet()) {
            if (!values.containsKey(name)) {
                throw new IllegalArgumentException("method " + this.method + " has no option '" + name + "'; "
                        + (names.isEmpty() ? "it has none" : "its options are " + String.join(", ", names)));
            }
        }
    }

    /**
     * {@return a text}
     *
     * @param name the option
     */
    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("method " + method + " does not declare the option " + name);
        }
        return value;
    }

    /**
     * {@return a whole number}
     *
     * @param name the option
     * @param low least value
     * @param high greatest value
     */
    public int integer(String name, int low, int high) {
        String text = text(name);
        int value;
        try {
            value = Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " '" + text + "' is not a whole number", e);
        }
        if (value < low || value > high) {
            throw new IllegalArgumentException(name + " " + value + " must be in [" + low + ", " + high + "]");
        }
        return value;
    }

    /**
     * {@return a number}
     *
     * @param name the option
     * @param low least value
     * @param high greatest value
     */
    public double number(String name, double low, double high) {
        String text = text(name);
        double value;
        try {
            value = Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " '" + text + "' is not a number", e);
        }
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException(name + " " + value + " must be in [" + low + ", " + high + "]");
        }
        return value;
    }

    /**
     * {@return true or false}
     *
     * @param name the option
     */
    public boolean bool(String name) {
        return switch (text(name).strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes" -> true;
            case "false", "no" -> false;
            default -> throw new IllegalArgumentException(name + " '" + text(name) + "' must be true or false");
        };
    }

    /**
     * {@return a constant, named in any case}
     *
     * @param name the option
     * @param type its type
     * @param <E> its type
     */
    public <E extends Enum<E>> E constant(String name, Class<E> type) {
        String text = text(name).strip();
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String id = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (id.equalsIgnoreCase(text) || constant.name().equalsIgnoreCase(text)) {
                return constant;
            }
            names.add(id);
        }
        throw new IllegalArgumentException(name + " '" + text + "' must be one of " + String.join(", ", names));
    }
}
