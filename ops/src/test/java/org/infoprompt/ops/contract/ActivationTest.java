package org.infoprompt.ops.contract;

import org.junit.jupiter.api.Nested;

final class ActivationTest {
    @Nested
    class OnReference extends ActivationContract.Oracle {}

    @Nested
    class OnScalar extends ActivationContract {
        @Override
        String name() {
            return "scalar";
        }
    }

    @Nested
    class OnVector extends ActivationContract {
        @Override
        String name() {
            return "vector";
        }
    }

    @Nested
    class OnTorch extends ActivationContract {
        @Override
        String name() {
            return "torch";
        }
    }

    @Nested
    class OnNative extends ActivationContract {
        @Override
        String name() {
            return "native";
        }
    }
}
