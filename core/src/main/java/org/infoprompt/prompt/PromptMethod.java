package org.infoprompt.prompt;

import java.util.List;
import java.util.Map;

/**
 * A way to prompt a frozen encoder. Implementations are found by {@link java.util.ServiceLoader}: a module that {@code provides}
 * one, or a jar on the class path with a {@code META-INF/services} entry, adds a method to the command line, to training, to
 * checkpoints and to comparisons. They are stateless and have a public constructor without arguments.
 *
 * <p>A method gives a {@link PromptConfig}, which says where its slots and prefixes stand, what its parameters are and how they
 * start; the config opens a {@link PromptStrategy}, which turns parameters into prompts and gradients to prompts into gradients
 * to parameters. Class head, losses, optimiser, encoder and files are shared by all methods.
 */
public interface PromptMethod {
    /** {@return its name in options and files, lower-case words joined by hyphens} */
    String id();

    /** {@return what it does and where it comes from, in a line} */
    String description();

    /** {@return its options, in the order of the help text} */
    List<MethodOption> options();

    /** {@return how it is trained where nothing else is said} */
    MethodDefaults defaults();

    /**
     * {@return a configuration}
     *
     * @param options values of its options
     * @throws IllegalArgumentException if a value is out of range; the message says which
     */
    PromptConfig configure(MethodOptions options);

    /**
     * {@return a configuration}
     *
     * @param values options by name; what is missing has its default
     * @throws IllegalArgumentException if a name is unknown or a value out of range
     */
    default PromptConfig configure(Map<String, String> values) {
        return configure(new MethodOptions(this, values));
    }
}
