package org.infoprompt.ffi.headers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a spec under {@code src/main/ffi} says of a C header: types, constants, structs with their offsets, functions.
 *
 * @param packageName the Java package
 * @param className the Java class, as jextract names it
 * @param header the C header
 * @param types C type names and the Java kinds they are passed as
 * @param constants names and values
 * @param structs the structs
 * @param functions the functions
 */
record HeaderSpec(
        String packageName,
        String className,
        String header,
        Map<String, Kind> types,
        Map<String, Integer> constants,
        List<Struct> structs,
        List<Function> functions) {
    /** How a C type is passed. */
    enum Kind {
        VOID("void", "", 0),
        BYTE("byte", "C_CHAR", 1),
        INT("int", "C_INT", 4),
        LONG("long", "C_LONG", 8),
        FLOAT("float", "C_FLOAT", 4),
        POINTER("MemorySegment", "C_POINTER", 8);

        final String java;
        final String layout;
        final int bytes;

        Kind(String java, String layout, int bytes) {
            this.java = java;
            this.layout = layout;
            this.bytes = bytes;
        }
    }

    /**
     * A parameter.
     *
     * @param type its C type
     * @param name its name in the header
     * @param kind how it is passed
     */
    record Parameter(String type, String name, Kind kind) {}

    /**
     * A function.
     *
     * @param name its exported symbol
     * @param result its C result type
     * @param resultKind how the result is returned
     * @param parameters in order
     */
    record Function(String name, String result, Kind resultKind, List<Parameter> parameters) {
        /** {@return the C prototype} */
        String prototype() {
            List<String> list =
                    parameters.stream().map(p -> p.type + " " + p.name).toList();
            return result + " " + name + "(" + (list.isEmpty() ? "void" : String.join(", ", list)) + ")";
        }
    }

    /**
     * A field.
     *
     * @param type its C type
     * @param name its name
     * @param offset in bytes
     * @param length of an array, 0 for none
     */
    record Field(String type, String name, int offset, int length) {}

    /**
     * A struct.
     *
     * @param name its C name
     * @param bytes its size
     * @param fields in order, without padding between them
     */
    record Struct(String name, int bytes, List<Field> fields) {}

    private static final Pattern FUNCTION = Pattern.compile("(.+?) (\\w+)\\((.*)\\)");

    /**
     * Reads a spec.
     *
     * @throws IllegalArgumentException naming the line that is wrong
     */
    static HeaderSpec read(Path file) throws IOException {
        Map<String, String> names = new LinkedHashMap<>();
        Map<String, Kind> types = new LinkedHashMap<>();
        Map<String, Integer> constants = new LinkedHashMap<>();
        List<Struct> structs = new ArrayList<>();
        List<Function> functions = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] word = line.split(" ", -1);
            switch (word[0]) {
                case "package", "class", "include" -> names.put(word[0], word[1]);
                case "type" -> types.put(line.split(" ", 3)[2], Kind.valueOf(word[1].toUpperCase(Locale.ROOT)));
                case "constant" -> constants.put(word[1], Integer.valueOf(word[2]));
                case "struct" -> structs.add(new Struct(word[1], Integer.parseInt(word[2]), new ArrayList<>()));
                case "field" ->
                    structs.getLast()
                            .fields
                            .add(new Field(
                                    word[1],
                                    word[2],
                                    Integer.parseInt(word[3]),
                                    word.length > 4 ? Integer.parseInt(word[4]) : 0));
                case "function" -> functions.add(function(line.substring("function ".length()), types));
                default -> throw new IllegalArgumentException(file + ": unknown line form: " + line);
            }
        }
        structs.forEach(struct -> checkOffsets(struct, structs, types));
        return new HeaderSpec(
                names.getOrDefault("package", ""),
                names.getOrDefault("class", ""),
                names.getOrDefault("include", ""),
                types,
                constants,
                structs,
                functions);
    }

    /** Lays a struct out by C's rules and compares, so that a mistyped offset never reaches the generator. */
    private static void checkOffsets(Struct struct, List<Struct> structs, Map<String, Kind> types) {
        int end = 0;
        for (Field field : struct.fields) {
            Struct inner = structs.stream()
                    .filter(s -> s.name.equals(field.type))
                    .findFirst()
                    .orElse(null);
            int bytes = inner != null ? inner.bytes : kind(field.type, types).bytes;
            int alignment = inner != null ? Long.BYTES : bytes;
            int start = (end + alignment - 1) / alignment * alignment;
            if (start != field.offset) {
                throw new IllegalArgumentException("field " + struct.name + "." + field.name + " is at " + start
                        + " by C's rules, the spec says " + field.offset);
            }
            end = start + bytes * Math.max(field.length, 1);
        }
        if (end != struct.bytes) {
            throw new IllegalArgumentException(
                    "struct " + struct.name + " has " + end + " bytes by C's rules, the spec says " + struct.bytes);
        }
    }

    private static Function function(String text, Map<String, Kind> types) {
        Matcher matcher = FUNCTION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a prototype: " + text);
        }
        List<Parameter> parameters = new ArrayList<>();
        if (!matcher.group(3).equals("void")) {
            for (String parameter : matcher.group(3).split(", ", -1)) {
                int split = Math.max(parameter.lastIndexOf(' '), parameter.lastIndexOf('*'));
                String type = parameter.substring(0, split + 1).strip();
                parameters.add(new Parameter(type, parameter.substring(split + 1), kind(type, types)));
            }
        }
        return new Function(matcher.group(2), matcher.group(1), kind(matcher.group(1), types), parameters);
    }

    /** Returns how a C type is passed. */
    static Kind kind(String type, Map<String, Kind> types) {
        if (type.endsWith("*")) {
            return Kind.POINTER;
        }
        Kind kind = types.get(type);
        if (kind == null) {
            throw new IllegalArgumentException("the spec has no type line for " + type);
        }
        return kind;
    }
}
