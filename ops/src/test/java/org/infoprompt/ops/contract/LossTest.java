package org.infoprompt.ops.contract;

import org.junit.jupiter.api.Nested;

final class LossTest {
    @Nested
    class OnReference extends LossContract.Oracle {}

    @Nested
    class OnScalar extends LossContract {
        @Override
        String name() {
            return "scalar";
        }
    }

    @Nested
    class OnVector extends LossContract {
        @Override
        String name() {
            return "vector";
        }
    }

    @Nested
    class OnTorch extends LossContract {
        @Override
        String name() {
            return "torch";
        }
    }

    @Nested
    class OnNative extends LossContract {
        @Override
        String name() {
            return "native";
        }
    }
}
