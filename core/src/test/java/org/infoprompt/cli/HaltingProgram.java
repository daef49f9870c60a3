package org.infoprompt.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/** A command that stands still for ever once it has said something so often: it can be killed there, and nowhere else. */
public final class HaltingProgram {
    private HaltingProgram() {}

    /**
     * Runs the command.
     *
     * @param arguments a text, how many lines of standard error may hold it, and the command
     */
    public static void main(String[] arguments) {
        String text = arguments[0];
        int most = Integer.parseInt(arguments[1]);
        PrintStream err = System.err;
        PrintStream halting = new PrintStream(
                new OutputStream() {
                    private final StringBuilder line = new StringBuilder();
                    private int seen;

                    @Override
                    public void write(int b) {
                        err.write(b);
                        line.append((char) b);
                        if (b == '\n') {
                            seen += line.indexOf(text) < 0 ? 0 : 1;
                            line.setLength(0);
                        }
                        if (seen == most) {
                            haltForEver();
                        }
                    }
                },
                true,
                StandardCharsets.UTF_8);
        Console console = new Console(System.in, System.out, halting, false);
        System.exit(Main.run(console, Arrays.copyOfRange(arguments, 2, arguments.length)));
    }

    private static void haltForEver() {
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // Goes on standing still.
            }
        }
    }
}
