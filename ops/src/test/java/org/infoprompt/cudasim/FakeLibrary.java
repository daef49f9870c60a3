package org.infoprompt.cudasim;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.infoprompt.ffi.Downcalls;
import org.jspecify.annotations.Nullable;

/**
 * A native library whose functions are Java methods behind real function pointers. What a function throws cannot pass through
 * native code; it is kept, the call returns a failing status, and {@link #fault} gives it to the test.
 */
public abstract class FakeLibrary implements SymbolLookup {
    /** What a function of the library does. */
    interface Behaviour {
        /** {@return the status, or whatever else it returns} */
        Object call(Object[] arguments);
    }

    private final Class<?> header;
    private final int failure;
    private volatile String failing = "";
    private final Arena arena = Arena.ofAuto();
    private final Map<String, Behaviour> behaviours = new HashMap<>();
    private final Map<String, MemorySegment> stubs = new HashMap<>();
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();

    FakeLibrary(Class<?> header, int failure) {
        this.header = header;
        this.failure = failure;
    }

    /**
     * Makes a function fail from now on, or work again.
     *
     * @param name of the function, empty for none
     */
    public final void fail(String name) {
        failing = name;
    }

    /** Adds a function. */
    final void define(String name, Behaviour behaviour) {
        behaviours.put(name, behaviour);
    }

    /** {@return the first thing that went wrong, or null} */
    public final @Nullable Throwable fault() {
        return fault.get();
    }

    /** Forgets what went wrong. */
    public final void clearFault() {
        fault.set(null);
    }

    @Override
    public final Optional<MemorySegment> find(String name) {
        return behaviours.containsKey(name) ? Optional.of(stubs.computeIfAbsent(name, this::stub)) : Optional.empty();
    }

    private MemorySegment stub(String name) {
        try {
            Method method = header.getMethod(name + "$descriptor");
            FunctionDescriptor descriptor = (FunctionDescriptor) method.invoke(null);
            MethodType type = descriptor.toMethodType();
            MethodHandle dispatch = MethodHandles.lookup()
                    .findVirtual(
                            FakeLibrary.class,
                            "dispatch",
                            MethodType.methodType(Object.class, String.class, Object[].class))
                    .bindTo(this)
                    .bindTo(name)
                    .asCollector(Object[].class, type.parameterCount())
                    .asType(type);
            return Downcalls.upcall(dispatch, descriptor, arena);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings({"UnusedMethod", "CatchingUnchecked"
    }) // called through a method handle; nothing may leave an upcall
    private Object dispatch(String name, Object[] arguments) {
        try {
            synchronized (this) {
                if (name.equals(failing)) {
                    return failure;
                }
                return behaviours.getOrDefault(name, a -> failure).call(arguments);
            }
        } catch (Throwable e) {
            fault.compareAndSet(null, e);
            return failure;
        }
    }

    final MemorySegment text(String text) {
        return arena.allocateFrom(text);
    }

    static int putInt(Object out, int value) {
        memory(out, Integer.BYTES).set(ValueLayout.JAVA_INT, 0, value);
        return 0;
    }

    static int putLong(Object out, long value) {
        memory(out, Long.BYTES).set(ValueLayout.JAVA_LONG, 0, value);
        return 0;
    }

    static long address(Object pointer) {
        return ((MemorySegment) pointer).address();
    }

    /** {@return what a pointer of the caller's points at} */
    @SuppressWarnings("restricted")
    static MemorySegment memory(Object pointer, long bytes) {
        return ((MemorySegment) pointer).reinterpret(bytes);
    }
}
