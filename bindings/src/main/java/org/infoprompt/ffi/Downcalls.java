package org.infoprompt.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns native functions into method handles and Java methods into native function pointers. The only class that touches {@link
 * Linker}, so that every native call of the library is found from here.
 */
public final class Downcalls {
    private static final Linker LINKER = Linker.nativeLinker();

    private Downcalls() {}

    /**
     * Links a function of a library.
     *
     * @param library where to look
     * @param name the function's symbol
     * @param descriptor its parameters and result
     * @param options of the linker, such as {@link Linker.Option#critical}
     * @return a handle to call it with
     * @throws UnsatisfiedLinkError if the library has no such symbol
     */
    @SuppressWarnings("restricted") // what this class exists for
    public static MethodHandle link(
            SymbolLookup library, String name, FunctionDescriptor descriptor, Linker.Option... options) {
        MemorySegment address =
                library.find(name).orElseThrow(() -> new UnsatisfiedLinkError("the library has no function " + name));
        return LINKER.downcallHandle(address, descriptor, options);
    }

    /**
     * Links a function whose address is only known at the call: it becomes the handle's first argument.
     *
     * @param descriptor its parameters and result
     * @param options of the linker
     * @return a handle to call it with
     */
    @SuppressWarnings("restricted")
    public static MethodHandle unbound(FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(descriptor, options);
    }

    /**
     * Makes a function pointer out of a Java method. An exception that leaves the method ends the process, so it must catch all.
     *
     * @param target the method
     * @param descriptor its parameters and result as native code sees them
     * @param arena how long the pointer stays valid
     * @return the function pointer
     */
    @SuppressWarnings("restricted")
    public static MemorySegment upcall(MethodHandle target, FunctionDescriptor descriptor, Arena arena) {
        return LINKER.upcallStub(target, descriptor, arena);
    }

    /**
     * Loads a library that stays loaded.
     *
     * @param file the library
     * @return its functions
     * @throws IllegalArgumentException if it cannot be loaded
     * @throws IllegalCallerException if the JVM was told to deny native access to this module
     */
    @SuppressWarnings("restricted")
    public static SymbolLookup open(Path file) {
        return SymbolLookup.libraryLookup(file, Arena.global());
    }

    /**
     * Makes a segment of memory that native code has allocated.
     *
     * @param address where it starts
     * @param bytes its size
     * @param arena how long it stays valid
     * @param release gives it back when the arena closes
     * @return the segment
     */
    @SuppressWarnings("restricted")
    public static MemorySegment adopt(
            MemorySegment address, long bytes, Arena arena, @Nullable Consumer<MemorySegment> release) {
        return address.reinterpret(bytes, arena, release);
    }

    /**
     * {@return a null-terminated UTF-8 text that native code owns}
     *
     * @param address where it starts
     */
    @SuppressWarnings("restricted")
    public static String text(MemorySegment address) {
        return address.reinterpret(Long.MAX_VALUE).getString(0);
    }

    /** {@return the functions of the C library this process runs with} */
    public static SymbolLookup systemLibrary() {
        return LINKER.defaultLookup();
    }
}
