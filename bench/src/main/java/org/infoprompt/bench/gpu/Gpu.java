package org.infoprompt.bench.gpu;

import org.infoprompt.ffi.cublaslt.CublasLt;
import org.infoprompt.ffi.cuda.CudaDriver;
import org.infoprompt.ops.cuda.CudaBackend;

/** How the device under test is opened. */
interface Gpu {
    /** {@return a new backend on it} */
    CudaBackend open();

    /** {@return the device of this machine} */
    static Gpu ofMachine(int ordinal) {
        CudaDriver driver = CudaDriver.load();
        var cublasLt = CublasLt.load();
        return () -> new CudaBackend(driver, cublasLt, ordinal);
    }

    /** {@return a new backend on it whose kernels the driver compiles from PTX} */
    default CudaBackend openCompiling() {
        String before = System.getProperty(CudaBackend.JIT_PROPERTY);
        System.setProperty(CudaBackend.JIT_PROPERTY, "true");
        try {
            return open();
        } finally {
            if (before == null) {
                System.clearProperty(CudaBackend.JIT_PROPERTY);
            } else {
                System.setProperty(CudaBackend.JIT_PROPERTY, before);
            }
        }
    }
}
