package org.infoprompt.peft;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.weights.CanonicalNames;
import org.infoprompt.weights.MergedWeights;
import org.infoprompt.weights.TensorSource;
import org.infoprompt.weights.WeightFormatException;

/**
 * What an adapter changes in its base model: low-rank products, factors, and whole tensors that were trained along. Each change
 * keeps a view of the adapter's tensors, which must stay open while the changed weights are read.
 */
final class WeightChanges {
    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";
    private static final String OTHER_BASE = "use the base model the adapter was trained on";

    private final TensorSource base;
    private final AdapterFiles adapter;
    private final Map<String, MergedWeights.Merge> merges = new HashMap<>();

    WeightChanges(TensorSource base, AdapterFiles adapter) {
        this.base = base;
        this.adapter = adapter;
    }

    /** Returns the base with all changes. */
    MergedWeights applied() {
        return new MergedWeights(base, merges);
    }

    boolean isEmpty() {
        return merges.isEmpty();
    }

    /** Adds {@code scale·B·A} to every weight that has a pair {@code lora_A}, {@code lora_B}. */
    void addLora(LoraScaling scaling) throws IOException {
        String first = ".lora_A.weight";
        for (String name : adapter.tensorNames()) {
            if (!name.endsWith(first)) {
                continue;
            }
            String module = name.substring(0, name.length() - first.length());
            Tensor a = adapter.tensor(name);
            Tensor b = adapter.tensor(module + ".lora_B.weight");
            String weight = baseName(module, WEIGHT, name);
            Shape shape = base.tensor(weight).shape();
            long rank = a.shape().rank() == 2 ? a.shape().size(0) : -1;
            boolean fits = rank > 0
                    && a.shape().equals(Shape.of(rank, shape.size(1)))
                    && b.shape().equals(Shape.of(shape.size(0), rank));
            if (!fits) {
                throw new WeightFormatException(
                        adapter.name(),
                        name,
                        a.shape() + " and lora_B " + b.shape() + " do not fit the weight " + shape,
                        OTHER_BASE);
            }
            double scale = scaling.scale(module, Math.toIntExact(rank));
            put(weight, name, (values, s) -> LowRank.add(values, s, a.segment(), b.segment(), (int) rank, scale));
        }
        refuseRest("lora_");
    }

    /** Multiplies by every {@code ia3_l}: [out, 1] scales what the module gives, [1, in] what it takes. */
    void addIa3() throws IOException {
        String end = ".ia3_l";
        for (String name : adapter.tensorNames()) {
            if (!name.endsWith(end)) {
                continue;
            }
            String module = name.substring(0, name.length() - end.length());
            MemorySegment factors = adapter.tensor(name).segment();
            Shape given = adapter.tensor(name).shape();
            String weight = baseName(module, WEIGHT, name);
            Shape shape = base.tensor(weight).shape();
            if (given.equals(Shape.of(shape.size(0), 1))) {
                put(weight, name, (values, s) -> LowRank.scaleRows(values, s, factors));
                String bias = weight.substring(0, weight.length() - WEIGHT.length()) + BIAS;
                if (base.contains(bias)) {
                    put(bias, name, (values, s) -> LowRank.scaleRows(values, s, factors));
                }
            } else if (given.equals(Shape.of(1, shape.size(1)))) {
                put(weight, name, (values, s) -> LowRank.scaleColumns(values, s, factors));
            } else {
                throw new WeightFormatException(
                        adapter.name(),
                        name,
                        "has shape " + given + ", which does not fit the weight " + shape,
                        OTHER_BASE);
            }
        }
        refuseRest("ia3_");
    }

    /** Takes over whole tensors of the base that were trained along ({@code modules_to_save}), whatever is left of the file. */
    void addReplacements() throws IOException {
        for (String name : adapter.unused()) {
            String known = CanonicalNames.of(name);
            if (!base.contains(known)) {
                continue;
            }
            Shape shape = base.tensor(known).shape();
            MemorySegment replacement =
                    adapter.tensor(name, shape, OTHER_BASE, OTHER_BASE).segment();
            put(known, name, (values, s) -> values.copyFrom(replacement));
        }
    }

    private void put(String tensor, String cause, MergedWeights.Merge merge) throws WeightFormatException {
        if (merges.put(tensor, merge) != null) {
            throw new WeightFormatException(
                    adapter.name(), cause, "changes " + tensor + " a second time", "save the adapter again with PEFT");
        }
    }

    private String baseName(String module, String part, String cause) throws WeightFormatException {
        List<String> candidates = new ArrayList<>();
        candidates.add(CanonicalNames.of(module + part));
        // A base without a head has its pooler at the top, a classification model under the encoder's name.
        candidates.add(module.substring(module.indexOf('.') + 1) + part);
        for (String candidate : candidates) {
            if (base.contains(candidate)) {
                return candidate;
            }
        }
        throw new WeightFormatException(
                adapter.name(),
                cause,
                "changes " + module + ", which " + base.name() + " does not have",
                "use the base model the adapter was trained on, as a Hugging Face folder");
    }

    private void refuseRest(String mark) throws WeightFormatException {
        for (String name : adapter.unused()) {
            if (name.contains(mark)) {
                throw new WeightFormatException(
                        adapter.name(),
                        name,
                        "is a part of the adapter that is not supported",
                        "merge the adapter in Python (merge_and_unload) or train it without");
            }
        }
    }
}
