package org.infoprompt.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.infoprompt.io.InputException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The program {@code infoprompt}. Exit status: 0 done, 1 an error of the program, 2 input or options that cannot be used, 130
 * interrupted.
 */
@Command(
        name = "infoprompt",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Trains soft prompts on a frozen text encoder, and classifies texts with them.",
        footer = {
            "",
            "Examples:",
            "  infoprompt train                                   trains, evaluates and compares on the default task",
            "  infoprompt train --task cola --data DIR            trains on files as their authors publish them",
            "  infoprompt predict --checkpoint DIR \"a text\"       classifies",
            "  infoprompt serve --prompts DIR                     answers over HTTP",
            "  infoprompt COMMAND --help                          shows all options of a command",
        },
        synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything else is called
    private CommandSpec spec;

    /** Only picocli creates one. */
    Main() {}

    /**
     * Runs the program and ends the process.
     *
     * @param args command, options and texts
     */
    public static void main(String[] args) {
        Console console = Console.ofProcess();
        routeLogs(console);
        int status = run(console, args);
        console.out().flush();
        System.exit(status);
    }

    /**
     * Runs a command in this process.
     *
     * @param console its streams
     * @param args command, options and texts
     * @return the exit status
     */
    static int run(Console console, String... args) {
        try {
            checkReadable(args);
            return commandLine(console).execute(args);
        } catch (InputException | Error e) {
            return Failures.report(console, e);
        }
    }

    /** Outside of a UTF-8 locale the JVM cannot read other characters from the command line; what it reads is not the text. */
    private static void checkReadable(String[] args) throws InputException {
        for (String arg : args) {
            if (arg.indexOf('\uFFFD') >= 0 && !"UTF-8".equals(System.getProperty("sun.jnu.encoding"))) {
                throw new InputException(
                        "command line",
                        "",
                        "has characters that cannot be read in this locale",
                        "set LC_ALL=C.UTF-8, or give the text on standard input");
            }
        }
    }

    static CommandLine commandLine(Console console) {
        CommandLine line = new CommandLine(new Main());
        CommandLine train = new CommandLine(new TrainCommand(console));
        train.setResourceBundle(new RecipeDefaults());
        MethodHelp.append(train.getCommandSpec().usageMessage());
        line.addSubcommand(train);
        CommandLine compare = new CommandLine(new CompareCommand(console));
        MethodHelp.append(compare.getCommandSpec().usageMessage());
        line.addSubcommand(compare);
        line.addSubcommand(new PredictCommand(console));
        line.addSubcommand(new EvalCommand(console));
        line.addSubcommand(new ExportCommand(console));
        line.addSubcommand(new EncodeCommand(console));
        line.addSubcommand(new FillMaskCommand(console));
        line.addSubcommand(new ServeCommand(console));
        line.addSubcommand(new ServeBenchCommand(console));
        line.addSubcommand(new DoctorCommand(console));
        line.addSubcommand(new ModelsCommand(console));
        line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setOverwrittenOptionsAllowed(false);
        line.setParameterExceptionHandler((e, args) -> {
            console.err()
                    .println("infoprompt: " + Failures.oneLine(String.valueOf(e.getMessage())) + "; see "
                            + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return Failures.BAD_INPUT;
        });
        line.setExecutionExceptionHandler((e, command, result) -> Failures.report(console, e));
        return line;
    }

    /** The library logs through the platform's logger; here that becomes plain lines, and only what matters to a user. */
    private static void routeLogs(Console console) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        SimpleFormatter formatter = new SimpleFormatter();
        root.addHandler(new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                    console.warn(formatter.formatMessage(entry));
                } else if (console.verbose() && isLoggable(entry)) {
                    console.err().println(formatter.formatMessage(entry));
                }
            }

            @Override
            public void flush() {
                console.err().flush();
            }

            @Override
            public void close() {
                flush();
            }
        });
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /** Tells the version of the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"infoprompt " + version() + ", Java " + Runtime.version()};
        }
    }

    static String version() {
        var descriptor = Main.class.getModule().getDescriptor();
        String version = descriptor == null
                ? Main.class.getPackage().getImplementationVersion()
                : descriptor.rawVersion().orElse(null);
        return version == null ? "(development)" : version;
    }
}
