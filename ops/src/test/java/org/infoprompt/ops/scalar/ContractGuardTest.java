package org.infoprompt.ops.scalar;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import org.infoprompt.ops.AttentionKernels;
import org.infoprompt.ops.AttentionKernelsContract;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.ops.MatmulKernelsContract;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.junit.jupiter.api.Test;

/** Spoils correct kernels a little and expects the contracts to notice. */
@SuppressWarnings("JUnitMethodInvoked") // that is what is tested here
class ContractGuardTest {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    @Test
    void aSlightlyWrongLastElementIsNoticed() {
        assertThatCode(() -> matmul(arguments -> {}).linearLayersAndTheirGradientsAreAccurate(17, 127, 64))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> matmul(arguments -> scaleLast((MemorySegment) arguments[arguments.length - 1]))
                        .linearLayersAndTheirGradientsAreAccurate(17, 127, 64))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> matmul(arguments -> scaleLast((MemorySegment) arguments[arguments.length - 1]))
                        .gemmIsAccurateForAllTransposes(16, 33, 17, 0.5, 0))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void resultsThatDependOnTheNumberOfRowsAreNoticed() {
        assertThatThrownBy(() -> matmul(arguments -> {
                            MemorySegment y = (MemorySegment) arguments[arguments.length - 1];
                            if ((int) arguments[1] == 3) {
                                y.setAtIndex(FLOAT, 0, Math.nextUp(y.getAtIndex(FLOAT, 0)));
                            }
                        })
                        .rowsAreTheSameHoweverTheyAreGrouped())
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aGradientThatIsRightForUniformUpstreamOnlyIsNoticed() {
        assertThatCode(() -> attention(arguments -> {}).backwardAgreesWithCentralDifferences())
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> attention(arguments -> {
                            if (arguments.length == 15) {
                                MemorySegment dOut = (MemorySegment) arguments[12];
                                dOut.fill((byte) 0);
                                for (int i = 0; i < dOut.byteSize() / 4; i++) {
                                    dOut.setAtIndex(FLOAT, i, 1);
                                }
                            }
                        })
                        .backwardAgreesWithCentralDifferences())
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> attention(arguments -> {
                            if (arguments.length == 15) {
                                scaleLast((MemorySegment) arguments[7]);
                            }
                        })
                        .oneSequenceIsAccurate(3, 8, 7))
                .isInstanceOf(AssertionError.class);
    }

    private static void scaleLast(MemorySegment segment) {
        long last = segment.byteSize() / Float.BYTES - 1;
        segment.setAtIndex(FLOAT, last, segment.getAtIndex(FLOAT, last) * 1.01f + 0.01f);
    }

    /** The matrix products, after which the arguments are spoiled. */
    private static MatmulKernelsContract matmul(Consumer<Object[]> spoil) {
        MatmulKernels kernels = new ScalarMatmulKernels();
        MatmulKernels spoiled = spoiled(MatmulKernels.class, kernels, false, spoil);
        return new MatmulKernelsContract() {
            @Override
            protected MatmulKernels kernels() {
                return spoiled;
            }

            @Override
            protected PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
                return ScalarPackedWeight.pack(weight, out, in, use);
            }
        };
    }

    /** Attention, before which the arguments are spoiled. */
    private static AttentionKernelsContract attention(Consumer<Object[]> spoil) {
        AttentionKernels kernels = new ScalarAttentionKernels();
        AttentionKernels spoiled = spoiled(AttentionKernels.class, kernels, true, spoil);
        return new AttentionKernelsContract() {
            @Override
            protected AttentionKernels kernels() {
                return spoiled;
            }
        };
    }

    private static <T> T spoiled(Class<T> family, T kernels, boolean before, Consumer<Object[]> spoil) {
        return family.cast(Proxy.newProxyInstance(
                ContractGuardTest.class.getClassLoader(), new Class<?>[] {family}, (proxy, method, arguments) -> {
                    if (before) {
                        spoil.accept(arguments);
                    }
                    Object result = method.invoke(kernels, arguments);
                    if (!before) {
                        spoil.accept(arguments);
                    }
                    return result;
                }));
    }
}
