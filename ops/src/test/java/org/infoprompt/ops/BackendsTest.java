package org.infoprompt.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class BackendsTest {
    @Test
    void theExpectedBackendIsActive() {
        String expected = System.getProperty("infoprompt.test.expectedBackend");
        Assumptions.assumeTrue(expected != null, "infoprompt.test.expectedBackend is not set");
        assertThat(Backends.active().name()).isEqualTo(expected);
        assertThat(Backends.active()).isSameAs(Backends.active());
    }

    @Test
    void theDescriptionNamesEveryBackendAndTheReason() {
        String text = Backends.describe();
        assertThat(text).startsWith("backend=" + Backends.active().name() + " ").contains(" because ");
        for (Backends.Candidate candidate : Backends.all()) {
            assertThat(text).contains("\n  " + candidate.provider().name() + ": ");
        }
        boolean hasModule = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        if (!hasModule) {
            assertThat(text).contains("--add-modules jdk.incubator.vector");
        }
    }

    @Test
    void theOracleIsFoundByNameAndNeverChosen() {
        assertThat(Backends.byName("reference").name()).isEqualTo("reference");
        assertThat(Backends.all()).filteredOn(c -> c.provider().name().equals("reference")).allMatch(c -> c.provider().rank() < 0);
    }

    @Test
    void anUnknownNameIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> Backends.byName("abacus"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("abacus")
                .hasMessageContaining("scalar");
    }
}
