package org.infoprompt.ffi.cuda;

import java.lang.foreign.MemorySegment;
import org.infoprompt.ffi.NativeCallException;

/** A kernel of a {@link CudaModule}; valid as long as the module. */
public final class CudaFunction {
    private final CudaDriver driver;
    private final String name;
    private final MemorySegment handle;

    CudaFunction(CudaDriver driver, String name, MemorySegment handle) {
        this.driver = driver;
        this.name = name;
        this.handle = handle;
    }

    /**
     * Launches the kernel; blocks are one-dimensional.
     *
     * @param stream where in the order of work
     * @param gridX blocks in x
     * @param gridY blocks in y
     * @param blockSize threads of a block
     * @param sharedBytes dynamic shared memory of a block
     * @param arguments its arguments, copied by the call
     * @throws NativeCallException naming the kernel and the launch, if the driver refuses it
     */
    public void launch(
            CudaStream stream, int gridX, int gridY, int blockSize, int sharedBytes, KernelArguments arguments) {
        int status = driver.api()
                .cuLaunchKernel(
                        handle,
                        gridX,
                        gridY,
                        1,
                        blockSize,
                        1,
                        1,
                        sharedBytes,
                        stream.handle(),
                        arguments.pointers(),
                        MemorySegment.NULL);
        if (status != cuda_h.CUDA_SUCCESS()) {
            throw new NativeCallException(
                    "cuLaunchKernel",
                    status,
                    driver.describe(status) + "; kernel " + name + ", grid " + gridX + "x" + gridY + ", block "
                            + blockSize + ", " + sharedBytes + " bytes of shared memory");
        }
    }

    /** {@return the registers of a thread} */
    public int numRegisters() {
        return driver.intResult(
                "cuFuncGetAttribute",
                out -> driver.api().cuFuncGetAttribute(out, cuda_h.CU_FUNC_ATTRIBUTE_NUM_REGS(), handle));
    }

    /** {@return the kernel's name} */
    public String name() {
        return name;
    }
}
