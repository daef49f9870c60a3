package org.infoprompt.ffi.headers;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.infoprompt.ffi.Downcalls;

/**
 * A native library made of Java: every function that a generated header declares exists, writes its arguments down and
 * returns what the test says. Called through real native function pointers, so the whole way of a call is the real one.
 */
public final class StubLibrary implements SymbolLookup {
    /** What a function does. */
    public interface Behaviour {
        /** {@return the result, an {@code Integer}, {@code Long} or {@code MemorySegment}} */
        Object call(Object[] arguments);
    }

    private final Arena arena;
    private final Class<?> header;
    private final Map<String, Behaviour> behaviours = new HashMap<>();
    private final Map<String, MemorySegment> stubs = new HashMap<>();
    private final List<String> calls = new ArrayList<>();

    /**
     * Makes a library.
     *
     * @param header the generated class whose functions it has
     * @param arena how long it lives
     */
    public StubLibrary(Class<?> header, Arena arena) {
        this.header = header;
        this.arena = arena;
    }

    /** {@return this, with a function that does something else than returning 0} */
    public StubLibrary with(String function, Behaviour behaviour) {
        behaviours.put(function, behaviour);
        return this;
    }

    /** {@return this, with a function that returns a status} */
    public StubLibrary returning(String function, int status) {
        return with(function, arguments -> status);
    }

    /** {@return the functions called, in order} */
    public List<String> calls() {
        return calls;
    }

    @Override
    public Optional<MemorySegment> find(String name) {
        return Optional.ofNullable(stubs.computeIfAbsent(name, this::stub));
    }

    private MemorySegment stub(String name) {
        try {
            Method method = header.getMethod(name + "$descriptor");
            FunctionDescriptor descriptor = (FunctionDescriptor) method.invoke(null);
            MethodType type = descriptor.toMethodType();
            MethodHandle dispatch = MethodHandles.lookup()
                    .findVirtual(
                            StubLibrary.class,
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

    @SuppressWarnings("UnusedMethod") // called through a method handle
    private Object dispatch(String name, Object[] arguments) {
        calls.add(name);
        return behaviours.getOrDefault(name, a -> 0).call(arguments);
    }

    /** {@return an out parameter that can be written} */
    @SuppressWarnings("restricted") // the caller passed a pointer to this many bytes
    public static MemorySegment out(Object argument, long bytes) {
        return ((MemorySegment) argument).reinterpret(bytes);
    }
}
