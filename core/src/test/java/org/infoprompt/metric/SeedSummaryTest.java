package org.infoprompt.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SeedSummaryTest {
    @Test
    void usesTheSampleDeviation() {
        // statistics.mean and statistics.stdev of Python for [0.81, 0.84, 0.78]
        SeedSummary summary = SeedSummary.of(0.81, 0.84, 0.78);
        assertThat(summary.mean()).isCloseTo(0.81, within(1e-12));
        assertThat(summary.standardDeviation()).isCloseTo(0.03, within(1e-12));
        assertThat(summary.min()).isEqualTo(0.78);
        assertThat(summary.max()).isEqualTo(0.84);
        assertThat(summary).hasToString("0.8100 +- 0.0300 (3 runs)");
    }

    @Test
    void oneRunHasNoSpread() {
        assertThat(SeedSummary.of(0.5)).hasToString("0.5000 +- 0.0000 (1 run)");
        assertThatThrownBy(SeedSummary::of).isInstanceOf(IllegalArgumentException.class);
    }
}
