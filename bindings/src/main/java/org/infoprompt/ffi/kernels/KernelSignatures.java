package org.infoprompt.ffi.kernels;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters and results of every function of {@code infoprompt_kernels.h}. */
final class KernelSignatures {
    private static final Map<String, FunctionDescriptor> ALL = new LinkedHashMap<>();

    static {
        controls();
        linear("f32");
        linear("bf16");
        forward("int8");
        gemm();
    }

    private static void controls() {
        function("ipk_init", JAVA_INT, JAVA_INT);
        function("ipk_tier_name", ADDRESS, JAVA_INT);
        function("ipk_signatures", ADDRESS);
        function("ipk_allocate", ADDRESS, JAVA_LONG);
        procedure("ipk_release", ADDRESS, JAVA_LONG);
    }

    private static void linear(String type) {
        forward(type);
        procedure(
                "ipk_linear_backward_" + type,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS);
    }

    private static void forward(String type) {
        function("ipk_linear_bytes_" + type, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        procedure("ipk_linear_pack_" + type, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
        function("ipk_linear_scratch_" + type, JAVA_LONG, JAVA_LONG);
        procedure(
                "ipk_linear_forward_" + type,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                ADDRESS);
    }

    private static void gemm() {
        function("ipk_gemm_scratch_f32", JAVA_LONG, JAVA_LONG);
        procedure(
                "ipk_gemm_f32",
                JAVA_INT,
                JAVA_INT,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_FLOAT,
                ADDRESS,
                ADDRESS,
                JAVA_FLOAT,
                ADDRESS,
                ADDRESS);
        attention();
        norm();
        row();
        loss();
        information();
    }

    private KernelSignatures() {}

    private static void attention() {
        function("ipk_attention_scratch_f32", JAVA_LONG, JAVA_LONG, JAVA_LONG);
        procedure(
                "ipk_attention_forward_f32",
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                JAVA_LONG,
                ADDRESS,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                ADDRESS,
                ADDRESS,
                ADDRESS);
        procedure(
                "ipk_attention_backward_f32",
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                JAVA_LONG,
                ADDRESS,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS);
    }

    private static void norm() {
        procedure(
                "ipk_layer_norm_forward_f32",
                JAVA_LONG,
                JAVA_LONG,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                JAVA_DOUBLE,
                ADDRESS,
                ADDRESS,
                ADDRESS);
        procedure("ipk_layer_norm_backward_f32", JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        procedure("ipk_activation_forward_f32", JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
        procedure("ipk_activation_backward_f32", JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    }

    private static void row() {
        procedure(
                "ipk_embed_f32",
                JAVA_LONG,
                JAVA_LONG,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS);
        procedure("ipk_gather_f32", JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
        procedure("ipk_scatter_add_f32", JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
        procedure("ipk_add_bias_f32", JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
        procedure("ipk_column_sums_f32", JAVA_LONG, JAVA_LONG, JAVA_DOUBLE, ADDRESS, JAVA_DOUBLE, ADDRESS);
        procedure("ipk_group_mean_f32", JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
        procedure("ipk_group_spread_f32", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_DOUBLE, ADDRESS, ADDRESS);
        procedure("ipk_axpby_f32", JAVA_LONG, JAVA_DOUBLE, ADDRESS, JAVA_DOUBLE, ADDRESS);
        procedure("ipk_fill_f32", JAVA_LONG, JAVA_DOUBLE, ADDRESS);
        function("ipk_sum_of_squares_f32", JAVA_DOUBLE, JAVA_LONG, ADDRESS);
    }

    private static void loss() {
        procedure("ipk_cross_entropy_f32", JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_DOUBLE, ADDRESS, ADDRESS);
        procedure("ipk_softmax_f32", JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
        procedure(
                "ipk_adamw_f32",
                JAVA_LONG,
                ADDRESS,
                ADDRESS,
                JAVA_DOUBLE,
                ADDRESS,
                ADDRESS,
                JAVA_DOUBLE,
                JAVA_DOUBLE,
                JAVA_DOUBLE,
                JAVA_DOUBLE,
                JAVA_DOUBLE,
                JAVA_DOUBLE);
    }

    private static void information() {
        procedure("ipk_gaussian_f32", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
        procedure("ipk_sample_forward_f32", JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        procedure("ipk_sample_backward_f32", JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        procedure("ipk_kl_f32", JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_DOUBLE, ADDRESS, ADDRESS, ADDRESS);
        function("ipk_head_information_scratch_f32", JAVA_LONG, JAVA_LONG);
        procedure(
                "ipk_head_information_f32",
                JAVA_LONG,
                JAVA_LONG,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                JAVA_DOUBLE,
                JAVA_DOUBLE,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS);
        function("ipk_representation_scratch_f32", JAVA_LONG, JAVA_LONG);
        procedure(
                "ipk_representation_information_f32",
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                JAVA_LONG,
                JAVA_INT,
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                JAVA_DOUBLE,
                JAVA_DOUBLE,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS);
    }

    private static void function(String name, MemoryLayout result, MemoryLayout... parameters) {
        ALL.put(name, FunctionDescriptor.of(result, parameters));
    }

    private static void procedure(String name, MemoryLayout... parameters) {
        ALL.put(name, FunctionDescriptor.ofVoid(parameters));
    }

    /** {@return every function's name and descriptor} */
    static Map<String, FunctionDescriptor> all() {
        return Collections.unmodifiableMap(ALL);
    }

    static FunctionDescriptor of(String name) {
        FunctionDescriptor descriptor = ALL.get(name);
        if (descriptor == null) {
            throw new IllegalArgumentException("no signature of " + name + " is stated");
        }
        return descriptor;
    }

    /**
     * Compares with what a library says about itself.
     *
     * @param signatures a line of C, {@code result name(parameters)}, for every function
     * @return the first difference, or an empty text
     */
    static String difference(String signatures) {
        Map<String, FunctionDescriptor> theirs = new LinkedHashMap<>();
        for (String line : signatures.lines().toList()) {
            int open = line.indexOf('(');
            int name = line.lastIndexOf(' ', open) + 1;
            String parameters = line.substring(open + 1, line.lastIndexOf(')'));
            theirs.put(line.substring(name, open), descriptor(line.substring(0, name), parameters));
        }
        for (Map.Entry<String, FunctionDescriptor> ours : ALL.entrySet()) {
            FunctionDescriptor other = theirs.remove(ours.getKey());
            if (!ours.getValue().equals(other)) {
                return other == null
                        ? "it has no function " + ours.getKey()
                        : ours.getKey() + " is " + other + " there and " + ours.getValue() + " here";
            }
        }
        return theirs.isEmpty() ? "" : "it has functions that are not known here: " + theirs.keySet();
    }

    private static FunctionDescriptor descriptor(String result, String parameters) {
        List<MemoryLayout> layouts = new ArrayList<>();
        for (String parameter : parameters.split(",", -1)) {
            MemoryLayout layout = layout(parameter);
            if (layout != null) {
                layouts.add(layout);
            }
        }
        MemoryLayout[] all = layouts.toArray(MemoryLayout[]::new);
        MemoryLayout returned = layout(result);
        return returned == null ? FunctionDescriptor.ofVoid(all) : FunctionDescriptor.of(returned, all);
    }

    /** Returns the layout of {@code type name} or {@code type}, null for {@code void}. */
    private static @Nullable MemoryLayout layout(String declaration) {
        if (declaration.contains("*")) {
            return ADDRESS;
        }
        String type = declaration.strip().split(" ", 2)[0];
        return switch (type) {
            case "void" -> null;
            case "int32_t", "uint32_t" -> JAVA_INT;
            case "int64_t", "uint64_t" -> JAVA_LONG;
            case "float" -> JAVA_FLOAT;
            case "double" -> JAVA_DOUBLE;
            default -> throw new IllegalArgumentException("unknown C type in '" + declaration + "'");
        };
    }
}
