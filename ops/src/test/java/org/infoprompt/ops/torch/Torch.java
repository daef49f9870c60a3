package org.infoprompt.ops.torch;

import org.infoprompt.ffi.torch.Brgemm;
import org.infoprompt.ops.Availability;
import org.junit.jupiter.api.Assumptions;

/** Skips tests where LibTorch is not there. */
final class Torch {
    private Torch() {}

    static void assumeUsable() {
        Availability availability = new TorchProvider().availability();
        Assumptions.assumeTrue(availability.usable(), availability.reason());
    }

    static void assumeBf16() {
        assumeUsable();
        Assumptions.assumeTrue(Brgemm.hasBf16(), "this processor has no bfloat16 products");
    }
}
