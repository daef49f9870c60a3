package org.infoprompt.peft;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.MatmulKernels;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.Shape;
import org.infoprompt.tensor.Tensor;
import org.infoprompt.weights.EncoderConfig;
import org.infoprompt.weights.TensorSource;
import org.infoprompt.weights.WeightFormatException;

/**
 * The classification head of a Hugging Face model: a dense layer with a non-linearity, and the class layer. A dense layer that the
 * adapter left as it was stays the base model's: it is larger than all that most adapters bring along.
 *
 * <pre>
 * BERT        bert.pooler.dense, tanh, classifier             the pooler is the base model's unless it was trained along
 * RoBERTa     classifier.dense, tanh, classifier.out_proj
 * DistilBERT  pre_classifier, ReLU, classifier                pre_classifier as the pooler
 * </pre>
 *
 * @param dense [D, D]
 * @param denseBias [D]
 * @param ownsDense whether the dense layer is the adapter's, not the base model's
 * @param relu whether ReLU follows, not tanh
 * @param out [C, D]
 * @param outBias [C]
 * @param hiddenSize D
 * @param numClasses C
 * @param dtype element type of the backend
 */
record ClassHead(
        MemorySegment dense,
        MemorySegment denseBias,
        boolean ownsDense,
        boolean relu,
        MemorySegment out,
        MemorySegment outBias,
        int hiddenSize,
        int numClasses,
        DType dtype) {

    private static final String NO_HEAD =
            "PEFT saves the head of task_type " + AdapterConfig.TASK_TYPE + ": save the adapter again with it";
    private static final String OTHER_BASE = "use the base model the adapter was trained on";

    /**
     * Reads a head: the trained parts from the adapter into the arena, the frozen ones from the base.
     *
     * @param family names the tensors
     * @param hiddenSize D
     * @param adapter the adapter's tensors
     * @param base the base model's, with what LoRA changes
     * @param baseStays whether the base's tensors stay where they are as long as the head lives, so that they need not be copied
     * @param dtype element type of the backend
     * @param arena holds the copies
     */
    static ClassHead load(
            EncoderConfig.Family family,
            int hiddenSize,
            AdapterFiles adapter,
            TensorSource base,
            boolean baseStays,
            DType dtype,
            Arena arena)
            throws IOException {
        String dense = switch (family) {
            case BERT -> "pooler.dense";
            case ROBERTA -> "classifier.dense";
            case DISTILBERT -> "pre_classifier";
        };
        String out = family == EncoderConfig.Family.ROBERTA ? "classifier.out_proj" : "classifier";
        if (!adapter.contains(out + ".weight")) {
            throw new WeightFormatException(adapter.name(), out + ".weight", "is missing", NO_HEAD);
        }
        Tensor classes = adapter.tensor(out + ".weight");
        int numClasses =
                classes.shape().rank() == 2 ? Math.toIntExact(classes.shape().size(0)) : 0;
        if (numClasses < 2) {
            throw new WeightFormatException(
                    adapter.name(),
                    out + ".weight",
                    "has shape " + classes.shape() + ", a classifier of at least two classes was expected",
                    "regression heads are not supported");
        }
        Shape square = Shape.of(hiddenSize, hiddenSize);
        Shape row = Shape.of(hiddenSize);
        adapter.tensor(out + ".weight", Shape.of(numClasses, hiddenSize), NO_HEAD, OTHER_BASE);
        Tensor bias = adapter.tensor(out + ".bias", Shape.of(numClasses), NO_HEAD, OTHER_BASE);
        Part weight = part(dense + ".weight", square, adapter, base, family);
        Part shift = part(dense + ".bias", row, adapter, base, family);
        boolean shares = baseStays && weight.staysAs(dtype) && shift.staysAs(dtype);
        return new ClassHead(
                shares ? weight.tensor.segment() : copy(weight.tensor, dtype, arena),
                shares ? shift.tensor.segment() : copy(shift.tensor, dtype, arena),
                !shares,
                family == EncoderConfig.Family.DISTILBERT,
                copy(classes, dtype, arena),
                copy(bias, dtype, arena),
                hiddenSize,
                numClasses,
                dtype);
    }

    /** A tensor and whose it is. */
    private record Part(Tensor tensor, boolean ofBase) {
        /** Returns whether kernels can read it where it is. */
        boolean staysAs(DType dtype) {
            return ofBase && dtype == DType.F32;
        }
    }

    private static Part part(
            String name, Shape shape, AdapterFiles adapter, TensorSource base, EncoderConfig.Family family)
            throws IOException {
        String nested = "bert." + name;
        for (String candidate : new String[] {name, nested}) {
            if (adapter.contains(candidate)) {
                return new Part(adapter.tensor(candidate, shape, NO_HEAD, OTHER_BASE), false);
            }
        }
        if (family == EncoderConfig.Family.ROBERTA) {
            throw new WeightFormatException(adapter.name(), name, "is missing", NO_HEAD);
        }
        for (String candidate : new String[] {name, nested}) {
            if (base.contains(candidate) && base.tensor(candidate).shape().equals(shape)) {
                return new Part(base.tensor(candidate), true);
            }
        }
        throw new WeightFormatException(
                base.name(),
                name,
                "is missing, and the adapter's class head needs it",
                "use the Hugging Face folder of the base model the adapter was trained on");
    }

    private static MemorySegment copy(Tensor tensor, DType dtype, Arena arena) {
        return Segments.copy(tensor, dtype, arena);
    }

    /** Returns how many bytes belong to the adapter alone. */
    long ownBytes() {
        return (ownsDense ? dense.byteSize() + denseBias.byteSize() : 0) + out.byteSize() + outBias.byteSize();
    }

    /** Returns the same head with what the adapter owns copied to the memory. */
    ClassHead copyTo(SegmentAllocator memory) {
        return new ClassHead(
                ownsDense ? Segments.copy(dense, memory) : dense,
                ownsDense ? Segments.copy(denseBias, memory) : denseBias,
                ownsDense,
                relu,
                Segments.copy(out, memory),
                Segments.copy(outBias, memory),
                hiddenSize,
                numClasses,
                dtype);
    }

    /**
     * Computes class scores.
     *
     * @param kernels this thread's kernels
     * @param m number of sequences
     * @param states [m, D] pooled rows
     * @param hidden [m, D] overwritten
     * @param logits [m, C] overwritten
     */
    void score(Kernels kernels, int m, MemorySegment states, MemorySegment hidden, MemorySegment logits) {
        MatmulKernels matmul = kernels.matmul();
        matmul.gemm(false, true, m, hiddenSize, hiddenSize, 1, states, dense, 0, hidden);
        kernels.rows().addBias(m, hiddenSize, denseBias, hidden);
        kernels.await();
        for (long i = 0; i < (long) m * hiddenSize; i++) {
            if (dtype == DType.F64) {
                double x = hidden.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
                hidden.setAtIndex(ValueLayout.JAVA_DOUBLE, i, relu ? Math.max(x, 0) : Math.tanh(x));
            } else {
                double x = hidden.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                hidden.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (relu ? Math.max(x, 0) : Math.tanh(x)));
            }
        }
        matmul.gemm(false, true, m, numClasses, hiddenSize, 1, hidden, out, 0, logits);
        kernels.rows().addBias(m, numClasses, outBias, logits);
    }
}
