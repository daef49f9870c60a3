package org.infoprompt.ops.int8;

import org.infoprompt.ops.Int8MatmulContract;
import org.infoprompt.ops.scalar.ScalarBackend;

class Int8MatmulKernelsTest extends Int8MatmulContract {
    Int8MatmulKernelsTest() {
        super(new Int8Backend(ScalarBackend.instance()));
    }
}
