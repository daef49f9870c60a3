package org.infoprompt.ops.contract;

import org.junit.jupiter.api.Nested;

final class NormTest {
    @Nested
    class OnReference extends NormContract.Oracle {}

    @Nested
    class OnScalar extends NormContract {
        @Override
        String name() {
            return "scalar";
        }
    }

    @Nested
    class OnVector extends NormContract {
        @Override
        String name() {
            return "vector";
        }
    }

    @Nested
    class OnTorch extends NormContract {
        @Override
        String name() {
            return "torch";
        }
    }

    @Nested
    class OnNative extends NormContract {
        @Override
        String name() {
            return "native";
        }
    }
}
