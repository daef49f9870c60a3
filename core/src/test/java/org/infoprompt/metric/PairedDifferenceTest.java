package org.infoprompt.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PairedDifferenceTest {
    /** By hand: differences 1, 2, 3, 4, 5; mean 3, s = √2.5, half width 2.776·√(2.5/5) = 1.9629; p = 2·(1/2)⁵. */
    @Test
    void comparesPairByPair() {
        PairedDifference d = PairedDifference.of(new double[] {2, 4, 6, 8, 10}, new double[] {1, 2, 3, 4, 5});
        assertThat(d.pairs()).isEqualTo(5);
        assertThat(d.mean()).isEqualTo(3);
        assertThat(d.low()).isCloseTo(3 - 1.9629, within(1e-3));
        assertThat(d.high()).isCloseTo(3 + 1.9629, within(1e-3));
        assertThat(d.wins()).isEqualTo(5);
        assertThat(d.losses()).isZero();
        assertThat(d.signTest()).isEqualTo(.0625);
    }

    /** Nine against one: p = 2·(1 + 10)/2¹⁰; the tie says nothing. */
    @Test
    void leavesTiesOutOfTheSignTest() {
        double[] first = {1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0};
        double[] second = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0};
        PairedDifference d = PairedDifference.of(first, second);
        assertThat(d.wins()).isEqualTo(9);
        assertThat(d.losses()).isEqualTo(1);
        assertThat(d.signTest()).isCloseTo(22 / 1024.0, within(1e-12));
        assertThat(PairedDifference.of(second, first).signTest()).isEqualTo(d.signTest());
    }

    @Test
    void saysNothingAboutOnePairOrNone() {
        PairedDifference d = PairedDifference.of(new double[] {1}, new double[] {0});
        assertThat(d.low()).isNaN();
        assertThat(d.signTest()).isEqualTo(1);
        assertThatThrownBy(() -> PairedDifference.of(new double[0], new double[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PairedDifference.of(new double[1], new double[2]))
                .hasMessageContaining("1 and 2");
    }
}
