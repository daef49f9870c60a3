package org.infoprompt.bench.gpu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.infoprompt.cudasim.FakeGpu;
import org.infoprompt.ops.cuda.CudaBackend;

/**
 * A device made of Java, with tools in a folder of the test's.
 *
 * @param gpu the device
 * @param tools the folder
 */
record SimulatedGpu(FakeGpu gpu, Path tools) implements Gpu {
    @Override
    public CudaBackend open() {
        return (CudaBackend) gpu.backend();
    }

    @Override
    public String torchDevice() {
        return "cpu";
    }

    @Override
    public List<String> program() {
        List<String> command = new ArrayList<>(Gpu.java());
        command.add(SimulatedAcceptance.class.getName());
        return command;
    }

    @Override
    public List<Path> toolFolders() {
        return List.of(tools);
    }
}
