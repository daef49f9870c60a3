package org.infoprompt.session;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Starts programs of the tests in virtual machines of their own. */
public final class ForkedJava {
    private ForkedJava() {}

    /**
     * {@return a command that runs a class on all that the tests run on, as a class path, with the same backend}
     *
     * @param main the class, of the library or of the tests
     * @param arguments its arguments
     */
    public static List<String> command(Class<?> main, List<?> arguments) {
        List<String> path = new ArrayList<>();
        for (String classes : List.of("classes", "test-classes")) {
            path.add(Path.of("target", classes).toAbsolutePath().toString());
        }
        for (String property : List.of("jdk.module.path", "java.class.path")) {
            path.addAll(Arrays.asList(System.getProperty(property, "").split(File.pathSeparator)));
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                String.join(File.pathSeparator, path)));
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            command.add(1, "--add-modules=jdk.incubator.vector");
        }
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith("infoprompt.")) {
                command.add(1, "-D" + name + "=" + System.getProperty(name));
            }
        }
        command.add(main.getName());
        arguments.forEach(argument -> command.add(argument.toString()));
        return command;
    }
}
