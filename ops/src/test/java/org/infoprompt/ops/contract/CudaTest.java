package org.infoprompt.ops.contract;

import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.ops.cuda.CudaBackend;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * The CUDA backend's host code and the PTX that ships keep every contract, on an interpreter that also sees races, accesses out of bounds and
 * deadlocks. Allocation is not counted: the interpreter allocates.
 */
@DisabledIfSystemProperty(
        named = "infoprompt.test.expectedBackend",
        matches = "scalar",
        disabledReason = "does not depend on the backend; runs in the run with the vector module")
final class CudaTest {
    private static final CudaBackend BACKEND = (CudaBackend) new FakeGpu().backend();

    @Nested
    class Activation extends ActivationContract {
        @Override
        String name() {
            return "cuda";
        }

        @Override
        @BeforeEach
        void choose() {
            backend = BACKEND;
        }

        @Override
        void allocatesNothing(org.infoprompt.ops.Activation activation) {}
    }

    @Nested
    class Information extends InformationContract {
        @Override
        String name() {
            return "cuda";
        }

        @Override
        @BeforeEach
        void choose() {
            backend = BACKEND;
        }

        @Override
        void allocatesNothing() {}
    }

    @Nested
    class Loss extends LossContract {
        @Override
        String name() {
            return "cuda";
        }

        @Override
        @BeforeEach
        void choose() {
            backend = BACKEND;
        }

        @Override
        void allocatesNothing() {}
    }

    @Nested
    class Norm extends NormContract {
        @Override
        String name() {
            return "cuda";
        }

        @Override
        @BeforeEach
        void choose() {
            backend = BACKEND;
        }

        @Override
        void allocatesNothing() {}
    }

    @Nested
    class Optimizer extends OptimizerContract {
        @Override
        String name() {
            return "cuda";
        }

        @Override
        @BeforeEach
        void choose() {
            backend = BACKEND;
        }

        @Override
        void allocatesNothing() {}
    }

    @Nested
    class Row extends RowContract {
        @Override
        String name() {
            return "cuda";
        }

        @Override
        @BeforeEach
        void choose() {
            backend = BACKEND;
        }

        @Override
        void allocatesNothing() {}
    }
}
