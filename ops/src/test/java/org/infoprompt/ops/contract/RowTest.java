package org.infoprompt.ops.contract;

import org.junit.jupiter.api.Nested;

final class RowTest {
    @Nested
    class OnReference extends RowContract.Oracle {}

    @Nested
    class OnScalar extends RowContract {
        @Override
        String name() {
            return "scalar";
        }
    }

    @Nested
    class OnVector extends RowContract {
        @Override
        String name() {
            return "vector";
        }
    }

    @Nested
    class OnTorch extends RowContract {
        @Override
        String name() {
            return "torch";
        }
    }

    @Nested
    class OnNative extends RowContract {
        @Override
        String name() {
            return "native";
        }
    }
}
