package org.infoprompt.bench.gpu;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.infoprompt.ffi.cublaslt.CublasLt;
import org.infoprompt.ffi.cuda.CudaDriver;
import org.infoprompt.ops.cuda.CudaBackend;

/** The device under test, and what stands beside it. */
interface Gpu {
    /** {@return a new backend on it} */
    CudaBackend open();

    /** {@return its name for PyTorch} */
    String torchDevice();

    /** {@return the command that runs this program on it, without options; for tools that watch it} */
    List<String> program();

    /** {@return the folders in which tools are looked for} */
    List<Path> toolFolders();

    /** {@return a device of this machine} */
    static Gpu ofMachine(int ordinal) {
        return new Gpu() {
            @Override
            public CudaBackend open() {
                return new CudaBackend(CudaDriver.load(), CublasLt.load(), ordinal);
            }

            @Override
            public String torchDevice() {
                return "cuda:" + ordinal;
            }

            @Override
            public List<String> program() {
                List<String> command = new ArrayList<>(java());
                command.add(GpuAcceptance.class.getName());
                return command;
            }

            @Override
            public List<Path> toolFolders() {
                String path = System.getenv("PATH");
                return Stream.concat(
                                Stream.of((path == null ? "" : path).split(File.pathSeparator, -1)),
                                Stream.of("/usr/local/cuda/bin"))
                        .map(Path::of)
                        .toList();
            }
        };
    }

    /** {@return the command of a JVM like this one, up to the class path} */
    static List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return command;
    }

    /** {@return a new backend on it whose kernels the driver compiles from PTX} */
    default CudaBackend openCompiling() {
        String before = System.getProperty(CudaBackend.JIT_PROPERTY);
        System.setProperty(CudaBackend.JIT_PROPERTY, "true");
        try {
            return open();
        } finally {
            if (before == null) {
                System.clearProperty(CudaBackend.JIT_PROPERTY);
            } else {
                System.setProperty(CudaBackend.JIT_PROPERTY, before);
            }
        }
    }
}
