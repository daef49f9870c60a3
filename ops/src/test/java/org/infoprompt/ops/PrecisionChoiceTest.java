package org.infoprompt.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class PrecisionChoiceTest {
    @Test
    void scalarComputesInt8OnRequestAlone() {
        Backend int8 = Backends.byName("scalar").with(Precision.INT8);
        assertThat(int8.name()).isEqualTo("scalar");
        assertThat(int8.precision()).isEqualTo(Precision.INT8);
        assertThat(int8.with(Precision.INT8)).isSameAs(int8);
        assertThat(int8.with(Precision.FP32)).isSameAs(Backends.byName("scalar"));
        assertThat(int8.precisionAdvice().precision()).isEqualTo(Precision.FP32);
        assertThat(Precision.INT8.isTrainable()).isFalse();
        assertThat(Precision.BF16.isTrainable()).isTrue();
    }

    @Test
    void withoutAChoiceABackendKeepsItsPrecision() {
        Backend scalar = Backends.byName("scalar");
        assertThat(PrecisionChoice.of(scalar, null, "test").backend()).isSameAs(scalar);
        assertThat(PrecisionChoice.of(scalar, "fp32", "test").line())
                .isEqualTo("precision=fp32 because test asks for it");
        assertThat(PrecisionChoice.of(scalar, "auto", "test").line())
                .isEqualTo("precision=fp32 because the backend 'scalar' has nothing faster");
        assertThat(Backends.byName("reference").precision()).isEqualTo(Precision.FP64);
    }

    @Test
    void whatABackendLacksIsRefusedWithWhatItHas() {
        Backend scalar = Backends.byName("scalar");
        assertThatThrownBy(() -> PrecisionChoice.of(scalar, "bf16", "--precision"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("--precision bf16 cannot run: the backend 'scalar' has fp32, int8 (or auto)");
        assertThatThrownBy(() -> PrecisionChoice.of(scalar, "fp7", "--precision"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("fp7");
        assertThatThrownBy(() -> scalar.with(Precision.BF16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bf16");
    }

    @Test
    void thePropertyChangesTheChosenBackend() {
        Backends.Choice choice = new Backends.Choice(Backends.byName("scalar"), "backend=scalar");
        assertThat(choice.at(null)).isSameAs(choice);
        assertThat(choice.at("fp32").line())
                .isEqualTo("backend=scalar, precision=fp32 because -Dinfoprompt.precision asks for it");
        assertThat(choice.at("bf16").backend()).isNull();
        assertThat(choice.at("bf16").line()).contains("-Dinfoprompt.precision bf16 cannot run");
    }

    @Test
    void nativeKernelsHaveThree() {
        Assumptions.assumeTrue(
                Backends.all().stream()
                        .anyMatch(c -> c.provider().name().equals("native")
                                && c.availability().usable()),
                "no native kernels in this JVM");
        Backend fp32 = Backends.byName("native");
        Backend bf16 = fp32.with(Precision.BF16);
        assertThat(fp32.precision()).isEqualTo(Precision.FP32);
        assertThat(bf16.precision()).isEqualTo(Precision.BF16);
        assertThat(bf16.name()).isEqualTo("native");
        assertThat(bf16.dtype()).isEqualTo(fp32.dtype());
        assertThat(bf16.with(Precision.FP32)).isSameAs(fp32);
        Backend int8 = PrecisionChoice.of(bf16, "int8", "test").backend();
        assertThat(int8.precision()).isEqualTo(Precision.INT8);
        assertThat(int8.description()).contains("int8 by");
        assertThat(PrecisionChoice.of(fp32, "auto", "test").backend().precision())
                .isEqualTo(fp32.precisionAdvice().precision())
                .isNotEqualTo(Precision.INT8);
    }
}
