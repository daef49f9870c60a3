package org.infoprompt.peft;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.infoprompt.model.LayerInserts;
import org.infoprompt.objective.ParameterLayout;
import org.infoprompt.objective.ParameterSet;
import org.infoprompt.objective.RowPass;
import org.infoprompt.prompt.BackboneShape;
import org.infoprompt.prompt.multitask.MultitaskPromptConfig;
import org.infoprompt.session.PromptModel;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.weights.EncoderConfig;

/**
 * The tensors of a trained model under PEFT's names, in F32. Prompts and prefixes are what the method's encoder gives, not its
 * parameters; so whatever made them, PEFT finds a plain table.
 *
 * <p>Our class head is linear in the state it reads; a Hugging Face head has a dense layer and tanh before the class layer. The
 * dense layer is written as {@code SCALE·I} and the class layer as {@code W/SCALE}: tanh(x) = x - x³/3 + ... is x at this scale to
 * a relative error of x²·2e-8, and a power of two costs no rounding.
 */
final class AdapterTensors {
    /** 2⁻¹²; also exact in half precision. */
    static final float SCALE = 0x1p-12f;

    private static final String CHANGED_MODEL = "base_model.model.";

    private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    private final Arena arena;

    private AdapterTensors(Arena arena) {
        this.arena = arena;
    }

    /** Returns name to tensor; the tensors live in the arena. */
    static SequencedMap<String, Tensor> of(PromptModel model, PeftType type, Arena arena) {
        AdapterTensors all = new AdapterTensors(arena);
        EncoderConfig sizes = model.backbone().config();
        if (type == PeftType.MULTITASK_PROMPT_TUNING) {
            all.multitask(model.parameters(), sizes.hiddenSize());
        } else if (type.changesWeights()) {
            all.changes(model, sizes);
        } else {
            all.computed(model, sizes);
        }
        all.head(model.parameters(), sizes, type.changesWeights() ? CHANGED_MODEL : "base_model.");
        return all.tensors;
    }

    private void multitask(ParameterSet parameters, int d) {
        Shape columns = parameters.shapes().get(MultitaskPromptConfig.COLUMNS);
        Shape rows = parameters.shapes().get(MultitaskPromptConfig.ROWS);
        if (columns == null || rows == null) {
            throw new IllegalStateException("a multitask prompt has both factors");
        }
        long n = columns.size(0);
        long ranks = columns.size(1);
        put(PromptTable.EMBEDDINGS, parameters, parameters.value(MultitaskPromptConfig.PROMPTS), n, d);
        put(PromptTable.COLUMNS, parameters, parameters.value(MultitaskPromptConfig.COLUMNS), 1, n, ranks);
        put(PromptTable.ROWS, parameters, parameters.value(MultitaskPromptConfig.ROWS), 1, ranks, d);
    }

    /** Their parameters have PEFT's names and shapes, but for the name of the model around the encoder. */
    private void changes(PromptModel model, EncoderConfig sizes) {
        String around = CHANGED_MODEL + (sizes.family() == EncoderConfig.Family.ROBERTA ? "roberta." : "bert.");
        ParameterSet parameters = model.parameters();
        model.info().prompt().shapes(BackboneShape.of(sizes)).forEach((name, shape) -> {
            put(around + name, parameters, parameters.value(name), shape.size(0), shape.size(1));
        });
    }

    private void computed(PromptModel model, EncoderConfig sizes) {
        ParameterLayout layout = model.info().layout();
        ParameterSet parameters = model.parameters();
        int d = sizes.hiddenSize();
        MemorySegment words = model.backbone().weights().words();
        try (RowPass pass = new RowPass(
                layout,
                parameters,
                null,
                words,
                model.backbone().weights().backend().newKernels(),
                1)) {
            pass.prepare();
            MemorySegment prompts = pass.prompts(1);
            LayerInserts inserts = pass.inserts();
            int n = layout.prompt().layout().numPrefixes();
            if (n == 0 && prompts != null) {
                put(
                        PromptTable.EMBEDDINGS,
                        parameters,
                        prompts,
                        layout.prompt().layout().numSlots(),
                        d);
                return;
            }
            if (inserts == null) {
                throw new IllegalStateException("a method with prefixes gives them");
            }
            int numLayers = sizes.numLayers();
            long width = 2L * d;
            MemorySegment flat = allocate(width * n * numLayers);
            for (int layer = 0; layer < numLayers; layer++) {
                for (int i = 0; i < n; i++) {
                    long from = (inserts.prefixRow(0, layer) + i) * width;
                    long to = ((long) i * numLayers + layer) * width;
                    for (long j = 0; j < width; j++) {
                        set(flat, to + j, parameters.get(inserts.prefixes(), from + j));
                    }
                }
            }
            tensors.put(PromptTable.EMBEDDINGS, new Tensor(flat, DType.F32, Shape.of(n, numLayers * width)));
        }
    }

    private void head(ParameterSet parameters, EncoderConfig sizes, String prefix) {
        int d = sizes.hiddenSize();
        boolean roberta = sizes.family() == EncoderConfig.Family.ROBERTA;
        String dense = prefix + (roberta ? "classifier.dense" : "bert.pooler.dense");
        String out = prefix + "classifier" + (roberta ? ".out_proj" : "");
        MemorySegment weight = parameters.value(ParameterLayout.HEAD_WEIGHT);
        MemorySegment bias = parameters.value(ParameterLayout.HEAD_BIAS);
        long numClasses = bias.byteSize() / parameters.dtype().bytes();
        MemorySegment identity = allocate((long) d * d);
        for (int i = 0; i < d; i++) {
            set(identity, (long) i * d + i, SCALE);
        }
        MemorySegment scaled = allocate(numClasses * d);
        for (long i = 0; i < numClasses * d; i++) {
            set(scaled, i, parameters.get(weight, i) / SCALE);
        }
        tensors.put(dense + ".weight", new Tensor(identity, DType.F32, Shape.of(d, d)));
        tensors.put(dense + ".bias", new Tensor(allocate(d), DType.F32, Shape.of(d)));
        tensors.put(out + ".weight", new Tensor(scaled, DType.F32, Shape.of(numClasses, d)));
        put(out + ".bias", parameters, bias, numClasses);
    }

    private void put(String name, ParameterSet parameters, MemorySegment values, long... sizes) {
        Shape shape = Shape.of(sizes);
        MemorySegment copy = allocate(shape.numElements());
        for (long i = 0; i < shape.numElements(); i++) {
            set(copy, i, parameters.get(values, i));
        }
        tensors.put(name, new Tensor(copy, DType.F32, shape));
    }

    private MemorySegment allocate(long numElements) {
        return Segments.allocate(numElements, DType.F32, arena);
    }

    private static void set(MemorySegment values, long index, double value) {
        values.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
    }
}
