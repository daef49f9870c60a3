package org.infoprompt.ops.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.torch.Brgemm;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.check.MatmulChecks;
import org.infoprompt.ops.panel.TileMath;
import org.infoprompt.ops.vector.VectorBfloat16;
import org.infoprompt.ops.vector.VectorTileMath;

/**
 * A frozen weight rounded to bfloat16, in panels as wide as the vector backend's, pairs of rows interleaved as the processor's
 * products need them. Half the bytes of a float32 weight.
 */
final class Bf16Weight implements PackedWeight {
    private static final long ALIGNMENT = 64;

    private final MemorySegment panels;
    private final int inputSize;
    private final int outputSize;

    private Bf16Weight(MemorySegment panels, int inputSize, int outputSize) {
        this.panels = panels;
        this.inputSize = inputSize;
        this.outputSize = outputSize;
    }

    /**
     * Packs a weight.
     *
     * @param weight [out, in] float32, row-major
     * @param out rows of the weight
     * @param in columns of the weight
     * @param use what it will be multiplied with
     * @throws IndexOutOfBoundsException if the segment is too short
     */
    static Bf16Weight pack(MemorySegment weight, int out, int in, WeightUse use) {
        MatmulChecks.pack(Float.BYTES, weight, out, in);
        boolean forward = use == WeightUse.FORWARD;
        int inputSize = forward ? in : out;
        int outputSize = forward ? out : in;
        int depth = depth(inputSize);
        int width = VectorTileMath.INSTANCE.width();
        int numPanels = (outputSize + width - 1) / width;
        long panelBytes = (long) width * depth * Short.BYTES;
        MemorySegment panels = Arena.ofAuto().allocate(numPanels * panelBytes, ALIGNMENT);
        short[] plain = new short[depth * width];
        MemorySegment plainSegment = MemorySegment.ofArray(plain);
        for (int p = 0; p < numPanels; p++) {
            for (int k = 0; k < inputSize; k++) {
                for (int j = 0; j < width; j++) {
                    int n = p * width + j;
                    long index = forward ? (long) n * in + k : (long) k * in + n;
                    plain[k * width + j] =
                            n < outputSize ? VectorBfloat16.round(weight.getAtIndex(TileMath.FLOAT, index)) : 0;
                }
            }
            Brgemm.packBf16(depth, width, plainSegment, width, panels.asSlice(p * panelBytes, panelBytes));
        }
        return new Bf16Weight(panels.asReadOnly(), inputSize, outputSize);
    }

    /** Returns the number of summed values, rounded up to whole pairs; the last of an odd number is 0. */
    static int depth(int inputSize) {
        return inputSize + (inputSize & 1);
    }

    MemorySegment panels() {
        return panels;
    }

    /** Returns where the panel that starts at a column lies, in bytes. */
    long offset(int column) {
        return (long) column * depth(inputSize) * Short.BYTES;
    }

    @Override
    public int inputSize() {
        return inputSize;
    }

    @Override
    public int outputSize() {
        return outputSize;
    }

    @Override
    public long byteSize() {
        return panels.byteSize();
    }
}
