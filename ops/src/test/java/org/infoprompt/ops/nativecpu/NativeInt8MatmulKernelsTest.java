package org.infoprompt.ops.nativecpu;

import org.infoprompt.ops.Int8MatmulContract;
import org.infoprompt.ops.Precision;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "org.infoprompt.ops.nativecpu.NativeTests#canRun", disabledReason = "no native kernels in this JVM")
class NativeInt8MatmulKernelsTest extends Int8MatmulContract {
    NativeInt8MatmulKernelsTest() {
        super(NativeBackend.instance().with(Precision.INT8));
    }
}
