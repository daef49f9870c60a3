package org.infoprompt.ffi.headers;

import java.util.stream.Collectors;
import org.infoprompt.ffi.headers.HeaderSpec.Field;
import org.infoprompt.ffi.headers.HeaderSpec.Function;
import org.infoprompt.ffi.headers.HeaderSpec.Kind;
import org.infoprompt.ffi.headers.HeaderSpec.Parameter;
import org.infoprompt.ffi.headers.HeaderSpec.Struct;

/** Writes C++ whose static assertions hold exactly if a spec agrees with the vendor's header. */
final class HeaderAsserts {
    private HeaderAsserts() {}

    /** {@return the source of a file to compile with {@code -fsyntax-only}} */
    static String source(HeaderSpec spec) {
        StringBuilder out = new StringBuilder();
        out.append("#include <cstddef>\n#include <type_traits>\n#include <")
                .append(spec.header())
                .append(">\n");
        spec.types().forEach((type, kind) -> {
            if (kind != Kind.VOID && kind != Kind.POINTER) {
                line(out, "sizeof(" + type + ") == " + kind.bytes, type);
            } else if (kind == Kind.POINTER) {
                line(out, "std::is_pointer<" + type + ">::value", type);
            }
        });
        spec.constants().forEach((name, value) -> line(out, "(int) " + name + " == " + value, name));
        for (Struct s : spec.structs()) {
            line(out, "sizeof(" + s.name() + ") == " + s.bytes(), s.name());
            for (Field f : s.fields()) {
                line(out, "offsetof(" + s.name() + ", " + f.name() + ") == " + f.offset(), s.name() + "." + f.name());
                String type = f.type() + (f.length() > 0 ? "[" + f.length() + "]" : "");
                line(
                        out,
                        "std::is_same<decltype(" + s.name() + "::" + f.name() + "), " + type + ">::value",
                        s.name() + "." + f.name());
            }
        }
        for (Function f : spec.functions()) {
            String parameters = f.parameters().stream().map(Parameter::type).collect(Collectors.joining(", "));
            line(
                    out,
                    "std::is_same<decltype(&" + f.name() + "), " + f.result() + " (*)(" + parameters + ")>::value",
                    f.name());
        }
        return out.toString();
    }

    private static void line(StringBuilder out, String condition, String what) {
        out.append("static_assert(")
                .append(condition)
                .append(", \"")
                .append(what)
                .append("\");\n");
    }
}
