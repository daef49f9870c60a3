package org.infoprompt.ops.contract;

import org.junit.jupiter.api.Nested;

final class OptimizerTest {
    @Nested
    class OnReference extends OptimizerContract.Oracle {}

    @Nested
    class OnScalar extends OptimizerContract {
        @Override
        String name() {
            return "scalar";
        }
    }

    @Nested
    class OnVector extends OptimizerContract {
        @Override
        String name() {
            return "vector";
        }
    }

    @Nested
    class OnTorch extends OptimizerContract {
        @Override
        String name() {
            return "torch";
        }
    }

    @Nested
    class OnNative extends OptimizerContract {
        @Override
        String name() {
            return "native";
        }
    }
}
