package org.infoprompt.bench.gpu;

import java.io.IOException;
import java.nio.file.Path;
import org.infoprompt.cudasim.FakeGpu;

/** The acceptance as a program of its own on a device made of Java: for tools that watch it, and for the script that starts it. */
public final class SimulatedAcceptance {
    private SimulatedAcceptance() {}

    /** Runs with the options of the real one, at sizes that the device is fast enough for. */
    public static void main(String[] arguments) throws IOException {
        AcceptanceOptions options = AcceptanceOptions.parse(arguments).withSizes(Sizes.tiny());
        Path tools = Path.of(System.getProperty("infoprompt.test.tools", "none"));
        System.exit(GpuAcceptance.run(options, new SimulatedGpu(new FakeGpu(), tools), System.out));
    }
}
