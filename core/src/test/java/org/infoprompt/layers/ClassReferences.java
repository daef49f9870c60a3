package org.infoprompt.layers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One compiled class and the names of all classes it refers to, read from its constant pool.
 *
 * @param name the binary name of the class
 * @param referred the binary names of the classes it refers to
 */
record ClassReferences(String name, Set<String> referred) {
    private static final Pattern DESCRIBED = Pattern.compile("L([\\w/$]+)[;<]");

    /** Reads one class file. Names in descriptors and generic signatures count as well as those in instructions. */
    static ClassReferences parse(byte[] classFile) {
        var model = ClassFile.of().parse(classFile);
        Set<String> referred = new TreeSet<>();
        for (PoolEntry entry : model.constantPool()) {
            if (entry instanceof ClassEntry type && !type.asInternalName().startsWith("[")) {
                referred.add(type.asInternalName().replace('/', '.'));
            } else if (entry instanceof Utf8Entry text) {
                Matcher described = DESCRIBED.matcher(text.stringValue());
                while (described.find()) {
                    referred.add(described.group(1).replace('/', '.'));
                }
            }
        }
        return new ClassReferences(model.thisClass().asInternalName().replace('/', '.'), referred);
    }

    /** Reads all classes of a module of this JVM, which lies in a jar or in a folder. */
    static List<ClassReferences> ofModule(String module) throws IOException {
        Path place = ModuleLayer.boot()
                .configuration()
                .findModule(module)
                .flatMap(resolved -> resolved.reference().location())
                .map(Path::of)
                .orElseThrow(() -> new IllegalStateException("the tests do not run with the module " + module));
        if (Files.isDirectory(place)) {
            return under(place);
        }
        try (FileSystem jar = FileSystems.newFileSystem(place)) {
            return under(jar.getPath("/"));
        }
    }

    private static List<ClassReferences> under(Path root) throws IOException {
        List<ClassReferences> classes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(ClassReferences::isClass).forEach(file -> classes.add(read(file)));
        }
        return classes;
    }

    private static boolean isClass(Path file) {
        String path = file.toString();
        return path.endsWith(".class") && !path.endsWith("module-info.class");
    }

    private static ClassReferences read(Path file) {
        try {
            return parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
