package org.infoprompt.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.cudasim.ptx.PtxFault;
import org.infoprompt.cudasim.ptx.PtxModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Faults put into the PTX that ships, one at a time. Every dropped barrier must be reported, and every bound that is off by one must be
 * reported or change a result, but for those of which {@code equivalent-bounds.txt} says why they make no difference. Of factors that are
 * left out a share must change a result; the rest make no difference, or are in code of the library's functions that the
 * data does not reach.
 */
@DisabledIfSystemProperty(
        named = "infoprompt.test.expectedBackend",
        matches = "scalar",
        disabledReason = "does not depend on the backend; runs in the run with the vector module")
class SeededFaultsTest {
    private static final PtxModule SHIPPED = FakeGpu.shipped();
    private static final List<KernelCase> CASES = KernelCase.all();
    private static final Pattern BARRIER = Pattern.compile("\tbar\\.(sync|warp\\.sync)[^;]*;");
    private static final Pattern BOUND = Pattern.compile("setp\\.(lt|le|gt|ge)\\.([su](?:32|64))(\\s+%p\\d+, [^;]*;)");
    private static final Pattern FACTOR =
            Pattern.compile("(mul\\.f32|fma\\.rn\\.f32)\\s+(%f\\d+), (%f\\d+), (%f\\d+)(?:, (%f\\d+))?;");
    private static final Pattern IN_PLACE = Pattern.compile("mul\\.f32\\s+(%f\\d+), (?:\\1, (%f\\d+)|(%f\\d+), \\1);");
    private static final Pattern MASK =
            Pattern.compile("setp\\.lt\\.s32\\s+(%p\\d+), %r\\d+, %r\\d+;\\s+selp\\.f32[^;]*0fFF800000, \\1;");
    private static final double ROUNDING = 1e-4;
    private static final String SAME = " same";

    /** Launches that faults go through of which not all have consequences. */
    private static final int FEW = 3;

    @ParameterizedTest
    @FieldSource("CASES")
    void everyDroppedBarrierIsReported(KernelCase kernel) {
        for (PtxModule faulty : mutants(kernel, BARRIER, m -> "")) {
            assertThatExceptionOfType(PtxFault.class)
                    .as("a barrier of %s", kernel)
                    .isThrownBy(() -> {
                        // The last launches are the largest.
                        for (int launch = kernel.launches().size() - 1; launch >= 0; launch--) {
                            kernel.run(faulty, launch, null);
                        }
                    })
                    .satisfies(fault -> assertThat(fault.kind()).isEqualTo(PtxFault.Kind.RACE));
        }
    }

    @Test
    void noKernelIsLeftOut() {
        assertThat(CASES).extracting(KernelCase::kernel).containsExactlyInAnyOrderElementsOf(SHIPPED.names());
        assertThat(SHIPPED.names())
                .filteredOn(name -> BARRIER.matcher(SHIPPED.text(name)).find())
                .hasSizeGreaterThan(15);
    }

    /** What was summed before a larger score came must shrink; the factor is what sums are multiplied with in place. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ipk_head_information_f32",
                "ipk_info_nce_f32",
                "ipk_representation_information_f32",
                "ipk_attention_forward_32_f32",
                "ipk_attention_forward_64_f32",
                "ipk_attention_forward_128_f32",
                "ipk_attention_forward_32_bf16",
                "ipk_attention_forward_64_bf16",
                "ipk_attention_forward_128_bf16"
            })
    void aMissingRescaleIsSeen(String name) {
        String text = SHIPPED.text(name);
        Set<String> factors = new LinkedHashSet<>();
        Matcher inPlace = IN_PLACE.matcher(text);
        while (inPlace.find()) {
            String factor = inPlace.group(2);
            factors.add(factor == null ? String.valueOf(inPlace.group(3)) : factor);
        }
        assertThat(factors).isNotEmpty();
        for (String factor : factors) {
            String faulty =
                    text.replaceFirst("mul\\.f32\\s+" + factor + ", [^;]*;", "mov.f32 \t" + factor + ", 0f3F800000;");
            assertThat(faulty).isNotEqualTo(text);
            assertSeen(name, faulty);
        }
    }

    /** One key too many in each place where keys beyond a sequence's end are masked. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ipk_attention_forward_32_f32",
                "ipk_attention_forward_64_f32",
                "ipk_attention_forward_128_f32",
                "ipk_attention_forward_32_bf16",
                "ipk_attention_forward_64_bf16",
                "ipk_attention_forward_128_bf16"
            })
    void aMaskThatIsOffByOneIsSeen(String name) {
        KernelCase kernel = kernel(name);
        List<PtxModule> mutants = mutants(kernel, MASK, m -> m.group().replaceFirst("setp\\.lt", "setp.le"));
        assertThat(mutants).hasSizeGreaterThanOrEqualTo(2);
        double[][] right = results(kernel, kernel.launches().size());
        assertThat(mutants).allMatch(faulty -> differs(kernel, faulty, right));
    }

    private static void assertSeen(String name, String text) {
        KernelCase kernel = kernel(name);
        double[][] right = results(kernel, kernel.launches().size());
        assertThat(differs(kernel, SHIPPED.with(name, text), right)).isTrue();
    }

    private static KernelCase kernel(String name) {
        return CASES.stream().filter(c -> c.kernel().equals(name)).findFirst().orElseThrow();
    }

    /**
     * Less becomes less or equal, and so on, in every comparison of whole numbers. Only launches in which the two numbers are equal somewhere
     * can tell the difference.
     */
    @ParameterizedTest
    @FieldSource("CASES")
    void everyBoundThatIsOffByOneIsSeen(KernelCase kernel) {
        int numLaunches = kernel.launches().size();
        BitSet[] ties = new BitSet[numLaunches];
        double[][] right = new double[numLaunches][];
        for (int launch = 0; launch < numLaunches; launch++) {
            ties[launch] = new BitSet();
            right[launch] = kernel.run(SHIPPED, launch, ties[launch]);
        }
        List<PtxModule> mutants = mutants(kernel, BOUND, SeededFaultsTest::otherStrictness);
        List<String> equivalent = EquivalentBounds.of(kernel.kernel());
        List<String> unseen = new ArrayList<>();
        for (int i = 0; i < mutants.size(); i++) {
            // All launches once said that these make no difference; now a few do, so that it does not take minutes.
            int left = equivalent.contains(i + SAME) ? FEW : numLaunches;
            boolean tied = false;
            boolean seen = false;
            for (int launch = 0; launch < numLaunches && !seen && left > 0; launch++) {
                if (ties[launch].get(i)) {
                    tied = true;
                    left--;
                    seen = changes(kernel, mutants.get(i), launch, right[launch]);
                }
            }
            if (!seen) {
                unseen.add(i + (tied ? SAME : " never"));
            }
        }
        assertThat(unseen)
                .as("comparisons of %s whose change nothing shows", kernel)
                .containsExactlyElementsOf(equivalent);
    }

    /** Every comparison that is said to make no difference exists, once. */
    @Test
    void equivalentBoundsAreOfKernels() {
        assertThat(SHIPPED.names()).containsAll(EquivalentBounds.kernels());
    }

    private static boolean changes(KernelCase kernel, PtxModule faulty, int launch, double[] right) {
        try {
            return !same(kernel.run(faulty, launch, null), right);
        } catch (PtxFault e) {
            return true;
        }
    }

    private static boolean same(double[] actual, double[] right) {
        double scale = scale(right);
        for (int i = 0; i < right.length; i++) {
            boolean near = Math.abs(actual[i] - right[i]) <= 1e-5 * (Math.abs(right[i]) + 1e-3 * scale);
            if (!near && !(Double.isNaN(actual[i]) && Double.isNaN(right[i]))) {
                return false;
            }
        }
        return true;
    }

    /** The running softmax's rescaling among them. */
    @ParameterizedTest
    @CsvSource({
        "ipk_head_information_f32,1,0.4",
        "ipk_representation_information_f32,5,0.4",
        "ipk_layer_norm_forward_f32,1,0.6",
        "ipk_layer_norm_backward_f32,1,1",
        "ipk_layer_norm_forward_bf16,1,0.6",
        "ipk_layer_norm_backward_bf16,1,1",
        "ipk_kl_f32,1,0.8"
    })
    void factorsThatAreLeftOutAreSeen(String kernel, int every, double share) {
        seen(kernel, FACTOR, SeededFaultsTest::withoutFactor, every, share);
    }

    private static void seen(String name, Pattern site, Function<MatchResult, String> fault, int every, double share) {
        KernelCase kernel = kernel(name);
        double[][] right = results(kernel, FEW);
        List<PtxModule> all = mutants(kernel, site, fault);
        List<PtxModule> mutants = IntStream.range(0, all.size())
                .filter(i -> i % every == 0)
                .mapToObj(all::get)
                .toList();
        long seen = mutants.stream()
                .filter(faulty -> differs(kernel, faulty, right))
                .count();
        assertThat(mutants).isNotEmpty();
        assertThat((double) seen / mutants.size())
                .as("%d of %d faults in %s were seen", seen, mutants.size(), name)
                .isGreaterThanOrEqualTo(share);
    }

    /** Returns what the first launches of a kernel compute. */
    private static double[][] results(KernelCase kernel, int launches) {
        double[][] results = new double[launches][];
        for (int launch = 0; launch < launches; launch++) {
            results[launch] = kernel.run(SHIPPED, launch, null);
        }
        return results;
    }

    /** Whether a fault is reported in one of the launches whose results are given, or changes one by more than rounding. */
    private static boolean differs(KernelCase kernel, PtxModule faulty, double[][] right) {
        for (int launch = right.length - 1; launch >= 0; launch--) {
            double scale = scale(right[launch]);
            try {
                double[] wrong = kernel.run(faulty, launch, null);
                for (int i = 0; i < wrong.length; i++) {
                    boolean near = Math.abs(wrong[i] - right[launch][i]) <= ROUNDING * scale;
                    if (!near && !(Double.isNaN(wrong[i]) && Double.isNaN(right[launch][i]))) {
                        return true;
                    }
                }
            } catch (PtxFault e) {
                return true;
            }
        }
        return false;
    }

    private static double scale(double[] values) {
        return Arrays.stream(values)
                .filter(v -> !Double.isNaN(v))
                .map(Math::abs)
                .max()
                .orElse(0);
    }

    /** Returns one module for each place of a pattern, with a fault in that place. */
    private static List<PtxModule> mutants(KernelCase kernel, Pattern site, Function<MatchResult, String> fault) {
        String text = SHIPPED.text(kernel.kernel());
        List<PtxModule> mutants = new ArrayList<>();
        Matcher matcher = site.matcher(text);
        while (matcher.find()) {
            String changed = text.substring(0, matcher.start()) + fault.apply(matcher) + text.substring(matcher.end());
            mutants.add(SHIPPED.with(kernel.kernel(), changed));
        }
        return mutants;
    }

    private static String otherStrictness(MatchResult bound) {
        String relation = bound.group(1);
        return "setp." + relation.charAt(0) + (relation.charAt(1) == 'e' ? 't' : 'e') + "." + bound.group(2)
                + bound.group(3);
    }

    private static String withoutFactor(MatchResult product) {
        return product.group(5) == null
                ? "mov.f32 " + product.group(2) + ", " + product.group(3) + ";"
                : "add.f32 " + product.group(2) + ", " + product.group(3) + ", " + product.group(5) + ";";
    }
}
