package org.infoprompt.ops.cuda;

import java.lang.ref.Cleaner;
import org.infoprompt.ffi.cublaslt.MatmulShape.Element;
import org.infoprompt.ffi.cuda.DeviceMemory;

/** Elements in device memory that the host never reads; freed when nothing refers to them any more, or with the device. */
final class DeviceMatrix {
    private static final Cleaner CLEANER = Cleaner.create();

    private final long address;
    private final long byteSize;
    private final Element element;

    /**
     * Allocates elements of any content.
     *
     * @param device where
     * @param numElements how many
     * @param element their type
     */
    DeviceMatrix(CudaDevice device, long numElements, Element element) {
        this.element = element;
        device.context().makeCurrent();
        DeviceMemory memory = device.allocate(numElements * size(element));
        address = memory.address();
        byteSize = memory.byteSize();
        Runnable close = device.own(memory::close);
        CLEANER.register(this, () -> device.disown(close));
    }

    private static int size(Element element) {
        return element == Element.F32 ? Float.BYTES : Short.BYTES;
    }

    long address() {
        return address;
    }

    long byteSize() {
        return byteSize;
    }

    Element element() {
        return element;
    }
}
