package org.infoprompt.ops.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.cublaslt.cublasLt_h;
import org.infoprompt.ffi.cuda.CudaDriver;
import org.infoprompt.ops.Backend;
import org.infoprompt.ops.KernelSet;
import org.infoprompt.ops.Kernels;
import org.infoprompt.ops.PackedWeight;
import org.infoprompt.ops.WeightUse;
import org.infoprompt.ops.check.MatmulChecks;
import org.infoprompt.tensor.DType;
import org.infoprompt.tensor.WorkspaceMemory;

/** Float32 on one NVIDIA GPU. */
public final class CudaBackend implements Backend, AutoCloseable {
    private final CudaDevice device;

    /**
     * Opens a device.
     *
     * @param driver the driver
     * @param cublasLt the functions of cuBLASLt
     * @param ordinal the device's number, from 0
     */
    public CudaBackend(CudaDriver driver, cublasLt_h cublasLt, int ordinal) {
        device = new CudaDevice(driver, cublasLt, ordinal);
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

    @Override
    public Kernels newKernels() {
        DeviceCall call = new DeviceCall(device);
        return new KernelSet(
                new CudaMatmulKernels(device, call),
                new CudaAttentionKernels(device, call),
                new CudaNormKernels(device, call),
                new CudaActivationKernels(device, call),
                new CudaRowKernels(device, call),
                new CudaLossKernels(device, call),
                new CudaInformationKernels(device, call),
                new CudaOptimizerKernels(device, call));
    }

    @Override
    public PackedWeight pack(MemorySegment weight, int out, int in, WeightUse use) {
        MatmulChecks.pack(Float.BYTES, weight, out, in);
        return new CudaPackedWeight(place(weight.asSlice(0, (long) out * in * Float.BYTES)), out, in, use);
    }

    /** {@return where workspaces find memory that the kernels use in place} */
    public WorkspaceMemory memory() {
        return device.memory();
    }

    private MemorySegment place(MemorySegment frozen) {
        return device.memory()
                .allocate(frozen.byteSize(), Long.BYTES, Arena.ofAuto())
                .copyFrom(frozen);
    }

    /** Gives the device back; nothing made from this backend may be used any more. For tests: a process keeps its device. */
    @Override
    public void close() {
        device.close();
    }
}
