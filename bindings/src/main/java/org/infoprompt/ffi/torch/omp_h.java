package org.infoprompt.ffi.torch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.infoprompt.ffi.Downcalls;

/** The function of OpenMP that is used here, in jextract's layout. */
final class omp_h {
    private omp_h() {}

    private static final class omp_set_num_threads {
        static final FunctionDescriptor DESC = FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT);
        static final MethodHandle HANDLE = Downcalls.link(LibTorch.symbols(), "omp_set_num_threads", DESC);
    }

    /** Calls {@code void omp_set_num_threads(int num_threads)}. */
    static void omp_set_num_threads(int numThreads) {
        MethodHandle mh$ = omp_set_num_threads.HANDLE;
        try {
            mh$.invokeExact(numThreads);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("omp_set_num_threads", e);
        }
    }
}
