package org.infoprompt.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CpuFeaturesTest {
    @Test
    void describesThisMachine() {
        CpuFeatures cpu = CpuFeatures.detect();
        assertThat(cpu.architecture()).isEqualTo(System.getProperty("os.arch"));
        assertThat(cpu.processors()).isPositive();
        assertThat(cpu.has("no-such-flag")).isFalse();
        assertThat(cpu.flags()).allMatch(cpu::has).doesNotContain("");
        boolean hasModule =
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        assertThat(cpu.vectorBits() > 0).isEqualTo(hasModule);
        if (System.getProperty("os.name").equals("Linux") && cpu.architecture().equals("amd64")) {
            assertThat(cpu.has("sse2")).isTrue();
        }
    }
}
