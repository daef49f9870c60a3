package org.infoprompt.ffi.headers;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.ConstantValueAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.infoprompt.ffi.headers.HeaderSpec.Kind;

/**
 * The constants and function shapes of CUDA as the classes of JavaCPP's presets carry them: an independent translation of the same
 * headers by another tool. The classes are parsed, never loaded.
 */
final class JavaCppCuda {
    private final Map<String, Integer> constants = new HashMap<>();
    private final Map<String, List<List<String>>> functions = new HashMap<>();

    JavaCppCuda() throws IOException {
        for (String name : List.of("cudart", "cublas")) {
            String file = "org/bytedeco/cuda/global/" + name + ".class";
            try (InputStream in = ClassLoader.getSystemResourceAsStream(file)) {
                if (in == null) {
                    throw new IllegalStateException("the test class path lacks " + file);
                }
                read(ClassFile.of().parse(in.readAllBytes()));
            }
        }
    }

    /** {@return the value of a constant; -1 is never one that we use} */
    int constant(String name) {
        return constants.getOrDefault(name, -1);
    }

    int numConstants() {
        return constants.size();
    }

    /**
     * {@return all overloads of a function: its result and its parameters, as "int", "long", "float", "byte" or the name of a class
     * that stands for a pointer}
     *
     * @param symbol the exported symbol; the presets drop the version suffix, as the header's macros do
     */
    List<List<String>> overloads(String symbol) {
        String name = symbol.replaceFirst("_v2$", "");
        return functions.getOrDefault(name, functions.getOrDefault(symbol, List.of()));
    }

    /** {@return how the value of a type in {@link #overloads} is passed} */
    static Kind kind(String type) {
        return switch (type) {
            case "void" -> Kind.VOID;
            case "byte" -> Kind.BYTE;
            case "int" -> Kind.INT;
            case "long" -> Kind.LONG;
            case "float" -> Kind.FLOAT;
            default -> Kind.POINTER;
        };
    }

    private void read(ClassModel model) {
        model.fields()
                .forEach(field -> field.findAttribute(Attributes.constantValue())
                        .map(ConstantValueAttribute::constant)
                        .filter(value -> value.constantValue() instanceof Integer)
                        .ifPresent(value ->
                                constants.put(field.fieldName().stringValue(), (Integer) value.constantValue())));
        for (MethodModel method : model.methods()) {
            MethodTypeDesc type = method.methodTypeSymbol();
            List<String> shape = new ArrayList<>();
            shape.add(name(type.returnType()));
            type.parameterList().forEach(parameter -> shape.add(name(parameter)));
            functions
                    .computeIfAbsent(method.methodName().stringValue(), n -> new ArrayList<>())
                    .add(shape);
        }
    }

    private static String name(ClassDesc type) {
        return type.displayName();
    }
}
