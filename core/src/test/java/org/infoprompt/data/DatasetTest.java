package org.infoprompt.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.infoprompt.metric.Metric;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private static final Example A = new Example("f:1", "one", null, 0);
    private static final Example B = new Example("f:2", "tw\u00f6", null, 1);

    @Test
    void hashesTheContentButNotWhereItLies() {
        String hash = of(List.of(A, B)).sha256();
        // Python: p = lambda n: n.to_bytes(4, "big", signed=True); s = lambda t: p(len(t.encode())) + t.encode();
        // sha256(p(2)+s("x")+s("y")+p(2)+s("one")+p(-1)+p(0)+s("tw\xf6")+p(-1)+p(1)+p(0)+p(0)).hexdigest()
        assertThat(hash).isEqualTo("23fa82dc23897cc64ade9ffad5840d92efcde53b6ddcc8b739d63a26b32b545c");
        assertThat(of(List.of(new Example("elsewhere:9", "one", null, 0), B)).sha256())
                .isEqualTo(hash);
        assertThat(of(List.of(B, A)).sha256()).isNotEqualTo(hash);
        assertThat(of(List.of(new Example("f:1", "one", null, 1), B)).sha256()).isNotEqualTo(hash);
        assertThat(of(List.of(A)).sha256()).isNotEqualTo(hash);
    }

    @Test
    void splitsAreFixed() {
        Dataset dataset = of(List.of(A, B));
        assertThatThrownBy(() -> dataset.train().add(A)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> of(List.of(A, new Example("f:3", "x", null, 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("label 2 of f:3 must be below 2");
        assertThatThrownBy(() -> of(List.of(A, new Example("f:3", "x", "y", 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("f:3 mixes single texts and pairs");
        assertThatThrownBy(() -> new Example("f:1", "x", null, -2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        new Dataset("d", List.of("x", "x"), List.of(A), List.of(), List.of(), Metric.ACCURACY, "s"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        new Dataset("d", List.of("x", "y", "z"), List.of(A), List.of(), List.of(), Metric.F1, "s"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("F1 is not defined for 3 labels");
    }

    private static Dataset of(List<Example> train) {
        return new Dataset("d", List.of("x", "y"), train, List.of(), List.of(), Metric.ACCURACY, "s");
    }
}
