package org.infoprompt.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The walk goes one way: bindings, ops, core, bench; native code is linked and vectors are used in one place each. */
class LayerTest {
    private static final List<LayerRule> RULES = LayerRule.ALL;

    @ParameterizedTest
    @FieldSource("RULES")
    void libraryKeepsRule(LayerRule rule) throws IOException {
        assertThat(rule.violations(libraryClasses())).isEmpty();
    }

    @Test
    void checkSeesAllModulesAndReadsReferences() throws IOException {
        List<ClassReferences> classes = libraryClasses();
        assertThat(classes)
                .extracting(ClassReferences::name)
                .contains(
                        "org.infoprompt.ffi.NativeCallException",
                        "org.infoprompt.ops.Backend",
                        "org.infoprompt.tensor.Tensor",
                        "org.infoprompt.train.Trainer");
        assertThat(classes)
                .filteredOn(type -> type.name().startsWith("org.infoprompt.ops.vector."))
                .anyMatch(type -> type.referred().contains("jdk.incubator.vector.FloatVector"));
    }

    @Test
    void coreCannotReadBindings() {
        Module bindings =
                ModuleLayer.boot().findModule("org.infoprompt.bindings").orElseThrow();
        assertThat(LayerTest.class.getModule().getName()).isEqualTo("org.infoprompt.core");
        assertThat(LayerTest.class.getModule().canRead(bindings)).isFalse();
    }

    @Test
    void checkFindsClassThatLinks() throws IOException {
        List<ClassReferences> classes = List.of(compiled(ClassThatLinks.class));
        assertThat(LayerRule.ONLY_FFI_LINKS.violations(classes))
                .containsExactlyInAnyOrder(
                        "org.infoprompt.layers.ClassThatLinks refers to java.lang.foreign.Linker",
                        "org.infoprompt.layers.ClassThatLinks refers to java.lang.foreign.SymbolLookup");
    }

    @ParameterizedTest
    @CsvSource({
        "only org.infoprompt.ffi links native code, org.infoprompt.ops.Wrong, java.lang.foreign.Linker$Option",
        "only org.infoprompt.ops.vector uses jdk.incubator.vector, org.infoprompt.model.Wrong, jdk.incubator.vector.Vector",
        "bindings see no other layer, org.infoprompt.ffi.Wrong, org.infoprompt.ops.Backend",
        "ops see only bindings, org.infoprompt.tensor.Wrong, org.infoprompt.io.InputException",
        "no module sees bench, org.infoprompt.train.Wrong, org.infoprompt.bench.Harness"
    })
    void everyRuleBites(String rule, String wrong, String forbidden) {
        byte[] classFile = ClassFile.of()
                .build(
                        ClassDesc.of(wrong),
                        type -> type.withField("field", ClassDesc.of(forbidden), ClassFile.ACC_PRIVATE));
        List<ClassReferences> classes = List.of(ClassReferences.parse(classFile));
        assertThat(RULES)
                .filteredOn(each -> !each.violations(classes).isEmpty())
                .extracting(LayerRule::name)
                .contains(rule);
    }

    private static List<ClassReferences> libraryClasses() throws IOException {
        List<ClassReferences> classes = new ArrayList<>();
        for (String module : List.of("org.infoprompt.bindings", "org.infoprompt.ops", "org.infoprompt.core")) {
            classes.addAll(ClassReferences.ofModule(module));
        }
        return classes;
    }

    private static ClassReferences compiled(Class<?> type) throws IOException {
        try (InputStream bytes = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            return ClassReferences.parse(
                    Objects.requireNonNull(bytes, "class file").readAllBytes());
        }
    }
}
