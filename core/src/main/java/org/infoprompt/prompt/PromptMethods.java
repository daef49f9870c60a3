package org.infoprompt.prompt;

import java.util.Collections;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The prompt methods that {@link ServiceLoader} finds, by id: those of this library's class loader and those of the calling
 * thread's context class loader, looked up anew at every call.
 */
public final class PromptMethods {
    private PromptMethods() {}

    /**
     * {@return all methods, by id in alphabetical order}
     *
     * @throws IllegalStateException if two methods have one id
     */
    public static Map<String, PromptMethod> all() {
        return methods();
    }

    private static SortedMap<String, PromptMethod> methods() {
        SortedMap<String, PromptMethod> all = new TreeMap<>();
        add(all, PromptMethods.class.getClassLoader());
        add(all, Thread.currentThread().getContextClassLoader());
        return Collections.unmodifiableSortedMap(all);
    }

    private static void add(Map<String, PromptMethod> all, @Nullable ClassLoader loader) {
        for (PromptMethod method : ServiceLoader.load(PromptMethod.class, loader)) {
            PromptMethod other = all.putIfAbsent(method.id(), method);
            if (other != null && other.getClass() != method.getClass()) {
                throw new IllegalStateException("two prompt methods are called " + method.id() + ": "
                        + other.getClass().getName() + " and "
                        + method.getClass().getName());
            }
        }
    }

    /**
     * {@return a method, or null if none has the id}
     *
     * @param id its name
     */
    public static @Nullable PromptMethod find(String id) {
        return methods().get(id);
    }

    /**
     * {@return a method}
     *
     * @param id its name
     * @throws IllegalArgumentException if there is none; the message lists all
     */
    public static PromptMethod get(String id) {
        SortedMap<String, PromptMethod> all = methods();
        PromptMethod method = all.get(id);
        if (method == null) {
            throw new IllegalArgumentException(
                    "no prompt method is called '" + id + "'; there are " + String.join(", ", all.keySet()));
        }
        return method;
    }
}
