package org.infoprompt.ops.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;
import org.infoprompt.ffi.cublaslt.MatmulShape.Element;
import org.infoprompt.ffi.cublaslt.cublasLt_h;
import org.infoprompt.ffi.cuda.CudaContext;
import org.infoprompt.ffi.cuda.CudaDriver;
import org.infoprompt.ffi.cuda.CudaEvent;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.Precision;
import org.infoprompt.ops.PrecisionAdvice;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.check.MatmulChecks;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.WorkspaceMemory;

/**
 * One NVIDIA GPU: float32, or bfloat16 for products on tensor cores and for an encoder's inner activations, with float32 arithmetic in
 * all kernels.
 */
public final class CudaBackend implements Backend, AutoCloseable {
    /** System property that makes the driver compile the PTX even where a cubin for the device is at hand. */
    public static final String JIT_PROPERTY = CudaDevice.JIT_PROPERTY;

    /** Rows of a block: enough to fill a GPU, few enough that activations of a large model fit. */
    private static final int BLOCK_ROWS = 8192;

    private final CudaDevice device;
    private final Precision precision;

    /**
     * Opens a device, with products in float32.
     *
     * @param driver the driver
     * @param cublasLt the functions of cuBLASLt
     * @param ordinal the device's number, from 0
     */
    public CudaBackend(CudaDriver driver, cublasLt_h cublasLt, int ordinal) {
        this(new CudaDevice(driver, cublasLt, ordinal, CudaDevice::resource), Precision.FP32);
    }

    CudaBackend(CudaDevice device, Precision precision) {
        this.device = device;
        this.precision = precision;
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public String description() {
        return device.description();
    }

    @Override
    public DType dtype() {
        return DType.F32;
    }

    /** bf16 where products are, unless an encoder's sizes are such as the kernels of bf16 do not take. */
    @Override
    public DType activationType(int headSize, int feedForwardSize) {
        int group = Storage.BF16.group();
        return precision == Precision.BF16
                        && headSize <= CudaAttentionKernels.MAX_HEAD_SIZE
                        && headSize % group == 0
                        && feedForwardSize % group == 0
                ? DType.BF16
                : dtype();
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public Set<Precision> precisions() {
        return EnumSet.of(Precision.FP32, Precision.BF16);
    }

    @Override
    public Backend with(Precision other) {
        if (other == precision) {
            return this;
        }
        return precisions().contains(other) ? new CudaBackend(device, other) : Backend.super.with(other);
    }

    @Override
    public PrecisionAdvice precisionAdvice() {
        return new PrecisionAdvice(Precision.BF16, "the GPU's tensor cores multiply it several times as fast as fp32");
    }

    @Override
    public Kernels newKernels() {
        DeviceCall call = new DeviceCall(device);
        return new CudaKernels(
                device,
                call,
                weights(),
                new CudaMatmulKernels(device, call, weights(), Storage.F32, Storage.F32),
                new CudaAttentionKernels(device, call, Storage.F32),
                new CudaNormKernels(device, call, Storage.F32),
                new CudaActivationKernels(device, call),
                new CudaRowKernels(device, call),
                new CudaLossKernels(device, call),
                new CudaInformationKernels(device, call),
                new CudaOptimizerKernels(device, call));
    }

    /** Returns in what weights are packed. */
    private Storage weights() {
        return precision == Precision.BF16 ? Storage.BF16 : Storage.F32;
    }

    @Override
    public PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        MatmulChecks.pack(Float.BYTES, weight, out, in);
        long n = (long) out * in;
        DeviceMatrix matrix;
        if (precision == Precision.BF16) {
            matrix = device.rounded(weight, n);
        } else {
            matrix = new DeviceMatrix(device, n, Element.F32);
            device.upload(matrix.address(), weight, n * Float.BYTES);
        }
        return new CudaPackedWeight(matrix, out, in, use, false);
    }

    @Override
    public PackedWeight packBackward(PackedWeight forward, MemorySegment weight, int out, int in) {
        return forward instanceof CudaPackedWeight w
                        && w.out() == out
                        && w.in() == in
                        && w.matrix().element() == weights().element()
                ? new CudaPackedWeight(w.matrix(), out, in, WeightUse.BACKWARD, true)
                : pack(weight, out, in, WeightUse.BACKWARD);
    }

    @Override
    public MemorySegment place(MemorySegment frozen, Arena arena) {
        MemorySegment placed = device.memory().allocate(frozen.byteSize(), Long.BYTES, arena);
        device.upload(placed.address(), frozen, frozen.byteSize());
        return placed;
    }

    @Override
    public int maxWorkers() {
        return 1;
    }

    @Override
    public int blockRows() {
        return BLOCK_ROWS;
    }

    /** {@return InfoNCE over shared candidates, for one thread} */
    public CudaInfoNce infoNce() {
        return new CudaInfoNce(device);
    }

    /** {@return where workspaces find memory that the kernels use in place} */
    public WorkspaceMemory memory() {
        return device.memory();
    }

    /** {@return the device, with the account of its memory} */
    public CudaContext context() {
        return device.context();
    }

    /**
     * {@return the device's own seconds for what is asked of it}
     *
     * @param before asks for something else first, which keeps the device busy while the host asks for the work
     * @param work asks for it, without waiting
     */
    public double deviceSeconds(Runnable before, Runnable work) {
        device.context().makeCurrent();
        try (CudaEvent start = new CudaEvent(device.context());
                CudaEvent end = new CudaEvent(device.context())) {
            before.run();
            start.record(device.stream());
            work.run();
            end.record(device.stream());
            return end.millisSince(start) / 1e3;
        }
    }

    /** Gives the device back; nothing made from this backend may be used any more. For tests: a process keeps its device. */
    @Override
    public void close() {
        device.close();
    }
}
