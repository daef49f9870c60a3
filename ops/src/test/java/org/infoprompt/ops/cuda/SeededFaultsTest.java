package org.infoprompt.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
 * Faults put into the PTX that ships, one at a time. Every dropped barrier must be reported. Of bounds that are off by one and of factors that
 * are left out, a share must be reported or change a result by more than rounding; the rest are in code that the data
 * does not reach, such as the paths for subnormal numbers in the library's functions, or make no difference.
 */
@DisabledIfSystemProperty(named = "infoprompt.test.expectedBackend", matches = "scalar") // once is enough
class SeededFaultsTest {
    private static final PtxModule SHIPPED = FakeGpu.shipped();
    private static final List<KernelCase> CASES = KernelCase.all();
    private static final Pattern BARRIER = Pattern.compile("\tbar\\.(sync|warp\\.sync)[^;]*;");
    private static final Pattern BOUND =
            Pattern.compile("setp\\.(lt|le|gt|ge)\\.([su]32|s64)(\\s+%p\\d+, %rd?\\d+, %rd?\\d+;)");
    private static final Pattern FACTOR =
            Pattern.compile("(mul\\.f32|fma\\.rn\\.f32)\\s+(%f\\d+), (%f\\d+), (%f\\d+)(?:, (%f\\d+))?;");
    private static final Pattern IN_PLACE = Pattern.compile("mul\\.f32\\s+(%f\\d+), (?:\\1, (%f\\d+)|(%f\\d+), \\1);");
    private static final Pattern MASK =
            Pattern.compile("setp\\.lt\\.s32\\s+(%p\\d+), %r\\d+, %r\\d+;\\s+selp\\.f32[^;]*0fFF800000, \\1;");
    private static final double ROUNDING = 1e-4;

    @ParameterizedTest
    @FieldSource("CASES")
    void everyDroppedBarrierIsReported(KernelCase kernel) {
        for (PtxModule faulty : mutants(kernel, BARRIER, m -> "")) {
            assertThatExceptionOfType(PtxFault.class)
                    .as("a barrier of %s", kernel)
                    .isThrownBy(() -> kernel.run(faulty))
                    .satisfies(fault -> assertThat(fault.kind()).isEqualTo(PtxFault.Kind.RACE));
        }
    }

    @Test
    void noKernelWithABarrierIsLeftOut() {
        Set<String> covered = CASES.stream().map(KernelCase::kernel).collect(Collectors.toSet());
        assertThat(SHIPPED.names())
                .filteredOn(name -> BARRIER.matcher(SHIPPED.text(name)).find())
                .hasSizeGreaterThan(25)
                .allSatisfy(name -> assertThat(covered).contains(name));
    }

    /** What was summed before a larger score came must shrink; the factor is what sums are multiplied with in place. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ipk_head_information_f32",
                "ipk_head_information_bf16",
                "ipk_info_nce_f32",
                "ipk_representation_information_f32",
                "ipk_attention_forward_32_f32",
                "ipk_attention_forward_64_f32",
                "ipk_attention_forward_128_f32",
                "ipk_attention_forward_32_bf16"
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
                "ipk_attention_forward_64_bf16"
            })
    void aMaskThatIsOffByOneIsSeen(String name) {
        KernelCase kernel = kernel(name);
        List<PtxModule> mutants = mutants(kernel, MASK, m -> m.group().replaceFirst("setp\\.lt", "setp.le"));
        assertThat(mutants).hasSizeGreaterThanOrEqualTo(2);
        double[] right = kernel.run(SHIPPED);
        double scale = Arrays.stream(right).map(Math::abs).max().orElseThrow();
        assertThat(mutants).allMatch(faulty -> differs(kernel, faulty, right, scale));
    }

    private static void assertSeen(String name, String text) {
        KernelCase kernel = kernel(name);
        double[] right = kernel.run(SHIPPED);
        double scale = Arrays.stream(right).map(Math::abs).max().orElseThrow();
        assertThat(differs(kernel, SHIPPED.with(name, text), right, scale)).isTrue();
    }

    private static KernelCase kernel(String name) {
        return CASES.stream().filter(c -> c.kernel().equals(name)).findFirst().orElseThrow();
    }

    /** Masks and bounds: less becomes less or equal, and so on. */
    @ParameterizedTest
    @CsvSource({
        "ipk_head_information_f32,0.8", "ipk_representation_information_f32,0.35", "ipk_layer_norm_forward_f32,0.5",
        "ipk_layer_norm_backward_f32,0.6", "ipk_kl_f32,0.5", "ipk_cross_entropy_f32,0.8",
        "ipk_attention_forward_32_f32,0.2"
    })
    void boundsThatAreOffByOneAreSeen(String kernel, double share) {
        seen(kernel, BOUND, SeededFaultsTest::otherStrictness, 1, share);
    }

    /** The running softmax's rescaling among them. */
    @ParameterizedTest
    @CsvSource({
        "ipk_head_information_f32,1,0.4",
        "ipk_representation_information_f32,5,0.4",
        "ipk_layer_norm_forward_f32,1,0.6",
        "ipk_layer_norm_backward_f32,1,1",
        "ipk_kl_f32,1,0.8"
    })
    void factorsThatAreLeftOutAreSeen(String kernel, int every, double share) {
        seen(kernel, FACTOR, SeededFaultsTest::withoutFactor, every, share);
    }

    private static void seen(String name, Pattern site, Function<MatchResult, String> fault, int every, double share) {
        KernelCase kernel = kernel(name);
        double[] right = kernel.run(SHIPPED);
        double scale = Arrays.stream(right).map(Math::abs).max().orElseThrow();
        List<PtxModule> all = mutants(kernel, site, fault);
        List<PtxModule> mutants = IntStream.range(0, all.size())
                .filter(i -> i % every == 0)
                .mapToObj(all::get)
                .toList();
        long seen = mutants.stream()
                .filter(faulty -> differs(kernel, faulty, right, scale))
                .count();
        assertThat(mutants).isNotEmpty();
        assertThat((double) seen / mutants.size())
                .as("%d of %d faults in %s were seen", seen, mutants.size(), name)
                .isGreaterThanOrEqualTo(share);
    }

    private static boolean differs(KernelCase kernel, PtxModule faulty, double[] right, double scale) {
        try {
            double[] wrong = kernel.run(faulty);
            for (int i = 0; i < right.length; i++) {
                if (!(Math.abs(wrong[i] - right[i]) <= ROUNDING * scale)) {
                    return true;
                }
            }
            return false;
        } catch (PtxFault e) {
            return true;
        }
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
