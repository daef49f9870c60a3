package org.infoprompt.ffi.headers;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.infoprompt.ffi.headers.HeaderSpec.Field;
import org.infoprompt.ffi.headers.HeaderSpec.Function;
import org.infoprompt.ffi.headers.HeaderSpec.Kind;
import org.infoprompt.ffi.headers.HeaderSpec.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Writes the Java sources of a spec as jextract lays them out: per function {@code name}, {@code name$descriptor}, {@code
 * name$handle} and {@code name$address}; constants as methods; structs with {@code layout()}, offsets, getters and setters.
 * Unlike jextract's, the functions belong to an instance made from a {@code SymbolLookup}, and descriptors need no library.
 */
final class HeaderSource {
    private HeaderSource() {}

    /** {@return the source of the header's class} */
    static String header(HeaderSpec spec, String specFile) {
        StringBuilder out = new StringBuilder("// Generated from bindings/src/main/ffi/")
                .append(specFile)
                .append("; do not edit.\n");
        out.append("package ").append(spec.packageName()).append(";\n");
        out.append("""
                import java.lang.foreign.AddressLayout;
                import java.lang.foreign.FunctionDescriptor;
                import java.lang.foreign.MemorySegment;
                import java.lang.foreign.SymbolLookup;
                import java.lang.foreign.ValueLayout;
                import java.lang.invoke.MethodHandle;
                import org.infoprompt.ffi.Downcalls;
                """);
        out.append("/** The functions and constants of {@code ")
                .append(spec.header())
                .append("""
                } that the library uses, in jextract's layout, bound to one library.
                 * A call of a function that the library lacks throws {@link UnsatisfiedLinkError}. Nothing is checked here.
                 */
                @SuppressWarnings("doclint:missing")
                """);
        out.append("public final class ").append(spec.className()).append(" {\n");
        out.append("""
                public static final ValueLayout.OfByte C_CHAR = ValueLayout.JAVA_BYTE;
                public static final ValueLayout.OfInt C_INT = ValueLayout.JAVA_INT;
                public static final ValueLayout.OfLong C_LONG = ValueLayout.JAVA_LONG;
                public static final ValueLayout.OfFloat C_FLOAT = ValueLayout.JAVA_FLOAT;
                public static final AddressLayout C_POINTER = ValueLayout.ADDRESS;

                """);
        for (Function f : spec.functions()) {
            out.append("private final MemorySegment ").append(f.name()).append("$addr;\n");
        }
        out.append("\n/**\n * Binds the functions.\n *\n * @param library where to look for them\n */\n");
        out.append("public ").append(spec.className()).append("(SymbolLookup library) {\n");
        for (Function f : spec.functions()) {
            out.append(f.name())
                    .append("$addr = library.find(\"")
                    .append(f.name())
                    .append("\").orElse(MemorySegment.NULL);\n");
        }
        out.append("}\n");
        spec.functions().forEach(f -> function(out, f));
        spec.constants()
                .forEach((name, value) -> out.append("\n/** {@return {@code ")
                        .append(name)
                        .append("}} */\npublic static int ")
                        .append(name)
                        .append("() {\nreturn ")
                        .append(value)
                        .append(";\n}\n"));
        out.append("""

                private static MemorySegment bound(MemorySegment address, String name) {
                    if (address.address() == 0) {
                        throw new UnsatisfiedLinkError("the library has no function " + name);
                    }
                    return address;
                }

                private static AssertionError unexpected(Throwable thrown) {
                    return new AssertionError("a native call threw", thrown);
                }
                }
                """);
        return out.toString();
    }

    private static void function(StringBuilder out, Function f) {
        String layouts = f.parameters().stream().map(p -> p.kind().layout).collect(Collectors.joining(", "));
        String parameters =
                f.parameters().stream().map(p -> p.kind().java + " " + p.name()).collect(Collectors.joining(", "));
        String arguments = f.parameters().stream().map(p -> ", " + p.name()).collect(Collectors.joining());
        boolean nothing = f.resultKind() == Kind.VOID;
        String descriptor = nothing
                ? "ofVoid(" + layouts
                : "of(" + f.resultKind().layout + (layouts.isEmpty() ? "" : ", ") + layouts;
        out.append("""

                private static final class $F {
                    static final FunctionDescriptor DESC = FunctionDescriptor.$D);
                    private $F() {}
                }

                private static final class $F$mh {
                    static final MethodHandle HANDLE = Downcalls.unbound($F.DESC);
                    private $F$mh() {}
                }

                /** {@return the parameters and result of {@code $F}} */
                public static FunctionDescriptor $F$descriptor() {
                    return $F.DESC;
                }

                /** {@return the handle of {@code $F}, whose first argument is its address} */
                public static MethodHandle $F$handle() {
                    return $F$mh.HANDLE;
                }

                /** {@return the address of {@code $F}} */
                public MemorySegment $F$address() {
                    return bound($F$addr, "$F");
                }

                /** {@code $P}. */
                public $R $F($A) {
                    MemorySegment address$ = bound($F$addr, "$F");
                    try {
                        $C$F$mh.HANDLE.invokeExact(address$$X);
                    } catch (Error | RuntimeException e$) {
                        throw e$;
                    } catch (Throwable e$) {
                        throw unexpected(e$);
                    }
                }
                """.replace("$P", f.prototype())
                .replace("$R", f.resultKind().java)
                .replace("$C", nothing ? "" : "return (" + f.resultKind().java + ") ")
                .replace("$D", descriptor)
                .replace("$A", parameters)
                .replace("$X", arguments)
                .replace("$F", f.name()));
    }

    /** {@return the source of a struct's class} */
    static String struct(HeaderSpec spec, Struct struct, String specFile) {
        StringBuilder out = new StringBuilder("// Generated from bindings/src/main/ffi/")
                .append(specFile)
                .append("; do not edit.\n");
        out.append("package ").append(spec.packageName()).append(";\n");
        out.append("""
                import java.lang.foreign.MemoryLayout;
                import java.lang.foreign.MemorySegment;
                import java.lang.foreign.SegmentAllocator;
                import java.lang.foreign.StructLayout;
                import java.lang.foreign.ValueLayout;
                """);
        out.append("/** {@code struct ")
                .append(struct.name())
                .append("} of {@code ")
                .append(spec.header());
        out.append("}, in jextract's layout. */\n@SuppressWarnings(\"doclint:missing\")\npublic final class ");
        out.append(struct.name()).append(" {\nprivate static final StructLayout LAYOUT = MemoryLayout.structLayout(");
        out.append(struct.fields().stream()
                .map(f -> layout(spec, f) + ".withName(\"" + f.name() + "\")")
                .collect(Collectors.joining(", ")));
        out.append(").withName(\"")
                .append(struct.name())
                .append("\");\n\nprivate ")
                .append(struct.name())
                .append("() {}\n");
        out.append("""

                /** {@return the struct's layout} */
                public static StructLayout layout() {
                    return LAYOUT;
                }

                /** {@return the struct's size in bytes} */
                public static long sizeof() {
                    return LAYOUT.byteSize();
                }

                /** {@return a new struct, all zero} */
                public static MemorySegment allocate(SegmentAllocator allocator) {
                    return allocator.allocate(LAYOUT);
                }

                /** {@return an element of an array of the struct} */
                public static MemorySegment asSlice(MemorySegment array, long index) {
                    return array.asSlice(LAYOUT.byteSize() * index, LAYOUT.byteSize());
                }
                """);
        struct.fields().forEach(f -> field(out, spec, f));
        return out.append("}\n").toString();
    }

    private static void field(StringBuilder out, HeaderSpec spec, Field f) {
        out.append("\n/** {@return the offset of {@code ")
                .append(f.name())
                .append("} in bytes} */\npublic static long ");
        out.append(f.name()).append("$offset() {\nreturn ").append(f.offset()).append(";\n}\n");
        if (f.length() > 0 || structNamed(spec, f.type()) != null) {
            int bytes = f.length() > 0
                    ? f.length() * HeaderSpec.kind(f.type(), spec.types()).bytes
                    : Objects.requireNonNull(structNamed(spec, f.type())).bytes();
            out.append(
                    """

                    /** {@return the field {@code $N} as a slice of the struct} */
                    public static MemorySegment $N(MemorySegment struct) {
                        return struct.asSlice($O, $B);
                    }
                    """.replace("$N", f.name()).replace("$O", "" + f.offset()).replace("$B", "" + bytes));
            return;
        }
        out.append("""

                /** {@return the field {@code $N}} */
                public static $J $N(MemorySegment struct) {
                    return struct.get($L, $O);
                }

                /** Sets the field {@code $N}. */
                public static void $N(MemorySegment struct, $J fieldValue) {
                    struct.set($L, $O, fieldValue);
                }
                """.replace("$N", f.name())
                .replace("$J", HeaderSpec.kind(f.type(), spec.types()).java)
                .replace("$L", scalar(spec, f.type()))
                .replace("$O", "" + f.offset()));
    }

    private static String layout(HeaderSpec spec, Field f) {
        String element = structNamed(spec, f.type()) != null ? f.type() + ".layout()" : scalar(spec, f.type());
        return f.length() > 0 ? "MemoryLayout.sequenceLayout(" + f.length() + ", " + element + ")" : element;
    }

    private static String scalar(HeaderSpec spec, String type) {
        return "ValueLayout."
                + Map.of(
                                Kind.BYTE,
                                "JAVA_BYTE",
                                Kind.INT,
                                "JAVA_INT",
                                Kind.LONG,
                                "JAVA_LONG",
                                Kind.FLOAT,
                                "JAVA_FLOAT",
                                Kind.POINTER,
                                "ADDRESS")
                        .get(HeaderSpec.kind(type, spec.types()));
    }

    private static @Nullable Struct structNamed(HeaderSpec spec, String name) {
        List<Struct> found =
                spec.structs().stream().filter(s -> s.name().equals(name)).toList();
        return found.isEmpty() ? null : found.getFirst();
    }

    /** {@return the arguments file with which jextract writes the same functions, constants and structs} */
    static String includes(HeaderSpec spec) {
        StringBuilder out =
                new StringBuilder("# jextract @FILE --output DIR --target-package ").append(spec.packageName());
        out.append(" --header-class-name ")
                .append(spec.className())
                .append(" INCLUDE_FOLDER/")
                .append(spec.header())
                .append('\n');
        spec.functions()
                .forEach(f -> out.append("--include-function ").append(f.name()).append('\n'));
        spec.constants()
                .keySet()
                .forEach(c -> out.append("--include-constant ").append(c).append('\n'));
        spec.structs()
                .forEach(s -> out.append("--include-struct ").append(s.name()).append('\n'));
        return out.toString();
    }
}
