package org.infoprompt.ffi.torch;

/** What LibTorch keeps per thread and sets badly for us: it records gradients, and OpenMP uses all processors. */
final class TorchThread {
    private TorchThread() {}

    /** Prepares the calling thread; takes nanoseconds, so that every operation does it instead of remembering who did. */
    static void prepare() {
        aoti_torch_h.aoti_torch_grad_mode_set_enabled(false);
        omp_h.omp_set_num_threads(1);
    }
}
