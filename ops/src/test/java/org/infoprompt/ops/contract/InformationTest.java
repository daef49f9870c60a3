package org.infoprompt.ops.contract;

import org.junit.jupiter.api.Nested;

final class InformationTest {
    @Nested
    class OnReference extends InformationContract.Oracle {}

    @Nested
    class OnScalar extends InformationContract {
        @Override
        String name() {
            return "scalar";
        }
    }

    @Nested
    class OnVector extends InformationContract {
        @Override
        String name() {
            return "vector";
        }
    }

    @Nested
    class OnTorch extends InformationContract {
        @Override
        String name() {
            return "torch";
        }
    }

    @Nested
    class OnNative extends InformationContract {
        @Override
        String name() {
            return "native";
        }
    }
}
