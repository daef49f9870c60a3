package org.infoprompt.ops.cuda;

import org.infoprompt.ffi.cublaslt.MatmulShape.Element;
import org.infoprompt.tensor.DType;

/**
 * The types that operands of a kernel may have in memory. Kernels of bf16 take four elements at a time, by one instruction: rows are
 * of so many, and begin where it may read.
 */
enum Storage {
    F32(Element.F32, Float.BYTES, "_f32", 1),
    BF16(Element.BF16, Short.BYTES, "_bf16", 4);

    private final Element element;
    private final int bytes;
    private final String suffix;
    private final int group;

    Storage(Element element, int bytes, String suffix, int group) {
        this.element = element;
        this.bytes = bytes;
        this.suffix = suffix;
        this.group = group;
    }

    /**
     * {@return the storage of a type}
     *
     * @throws IllegalArgumentException if no kernel takes it
     */
    static Storage of(DType type) {
        return switch (type) {
            case F32 -> F32;
            case BF16 -> BF16;
            default -> throw new IllegalArgumentException("no kernel on cuda keeps anything in " + type);
        };
    }

    Element element() {
        return element;
    }

    /** {@return the size of an element} */
    int bytes() {
        return bytes;
    }

    /** {@return what names of kernels end in} */
    String suffix() {
        return suffix;
    }

    /** {@return how many elements a thread of its kernels takes at a time} */
    int group() {
        return group;
    }

    /**
     * Checks a number of elements: of rows, of their distances, or of all together.
     *
     * @throws IllegalArgumentException if the kernels do not take it
     */
    void whole(String name, long elements) {
        if (elements % group != 0) {
            throw new IllegalArgumentException(
                    name + " " + elements + " must be a multiple of " + group + " in " + this);
        }
    }

    /**
     * Checks where operands begin on the device; 0 is an operand that is absent.
     *
     * @param own addresses of operands of this type, or-ed
     * @param floats addresses of float32 operands that are read as many at a time, or-ed
     * @throws IllegalArgumentException if the kernels cannot read there
     */
    void aligned(long own, long floats) {
        if (group > 1 && (own % ((long) group * bytes) != 0 || floats % ((long) group * Float.BYTES) != 0)) {
            throw new IllegalArgumentException("operands in " + this + " must begin at multiples of " + group * bytes
                    + " bytes, those in F32 beside them at multiples of " + group * Float.BYTES);
        }
    }
}
