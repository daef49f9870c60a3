package org.infoprompt.layers;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which classes may not refer to which.
 *
 * @param name what the rule demands
 * @param bound matches the names of the classes that the rule binds
 * @param forbidden matches the names of the classes that they may not refer to
 */
record LayerRule(String name, Predicate<String> bound, Predicate<String> forbidden) {
    private static final String OURS = "org.infoprompt.";

    static final LayerRule ONLY_FFI_LINKS = new LayerRule(
            "only org.infoprompt.ffi links native code",
            within("ffi").negate(),
            Pattern.compile("java\\.lang\\.foreign\\.(Linker|SymbolLookup)(\\$.*)?")
                    .asMatchPredicate());

    /** The class apart asks the module for the preferred width, and is loaded only where the module is present. */
    static final LayerRule ONLY_VECTOR_USES_VECTORS = new LayerRule(
            "only org.infoprompt.ops.vector uses jdk.incubator.vector",
            within("ops.vector")
                    .or(Predicate.isEqual("org.infoprompt.ops.CpuFeatures$Width"))
                    .negate(),
            type -> type.startsWith("jdk.incubator.vector."));

    static final LayerRule BINDINGS_SEE_NO_OTHER_LAYER = new LayerRule(
            "bindings see no other layer",
            within("ffi"),
            ours().and(within("ffi").negate()));

    static final LayerRule OPS_DO_NOT_SEE_CORE = new LayerRule(
            "ops see only bindings",
            within("ops").or(within("tensor")),
            ours().and(within("ops").or(within("tensor")).or(within("ffi")).negate()));

    static final LayerRule NOTHING_SEES_BENCH = new LayerRule("no module sees bench", ours(), within("bench"));

    static final List<LayerRule> ALL = List.of(
            ONLY_FFI_LINKS,
            ONLY_VECTOR_USES_VECTORS,
            BINDINGS_SEE_NO_OTHER_LAYER,
            OPS_DO_NOT_SEE_CORE,
            NOTHING_SEES_BENCH);

    /** Returns one line for each reference that breaks the rule. */
    List<String> violations(Collection<ClassReferences> classes) {
        return classes.stream()
                .filter(type -> bound.test(type.name()))
                .flatMap(type -> type.referred().stream()
                        .filter(forbidden)
                        .map(referred -> type.name() + " refers to " + referred))
                .toList();
    }

    private static Predicate<String> ours() {
        return type -> type.startsWith(OURS);
    }

    private static Predicate<String> within(String packageName) {
        return type -> type.startsWith(OURS + packageName + ".");
    }

    @Override
    public String toString() {
        return name;
    }
}
