package org.infoprompt.ffi.torch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.infoprompt.ffi.Downcalls;
import org.infoprompt.ffi.NativeCallException;
import org.jspecify.annotations.Nullable;

/** Turns the status of LibTorch's C functions into exceptions. */
final class TorchErrors {
    /** Offered from LibTorch 2.13 on; null before. */
    private static final @Nullable MethodHandle WHAT = LibTorch.symbols()
            .find("torch_exception_get_what_without_backtrace")
            .map(address -> Downcalls.link(
                    LibTorch.symbols(),
                    "torch_exception_get_what_without_backtrace",
                    FunctionDescriptor.of(ValueLayout.ADDRESS)))
            .orElse(null);

    private static final long MOST_TEXT = 4096;

    private TorchErrors() {}

    /** Throws if a function did not succeed; {@code shapes} describes its arguments. */
    static void check(String function, int status, String shapes) {
        if (status != 0) {
            throw failure(function, status, shapes);
        }
    }

    /** Returns what to throw; apart from {@link #check} for callers that would have to build the text first. */
    static NativeCallException failure(String function, int status, String shapes) {
        return new NativeCallException(function, status, shapes + "; " + text());
    }

    @SuppressWarnings("restricted") // a C string has no length of its own
    private static String text() {
        MethodHandle what = WHAT;
        if (what == null) {
            return "LibTorch has printed the reason to the standard error stream";
        }
        try {
            MemorySegment text = (MemorySegment) what.invokeExact();
            return text.equals(MemorySegment.NULL)
                    ? "LibTorch gives no reason"
                    : text.reinterpret(MOST_TEXT).getString(0);
        } catch (Throwable e) {
            throw new AssertionError("torch_exception_get_what_without_backtrace", e);
        }
    }
}
