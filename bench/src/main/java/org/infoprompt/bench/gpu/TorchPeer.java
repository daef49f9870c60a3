package org.infoprompt.bench.gpu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.infoprompt.ops.Precision;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The PyTorch program that takes the same steps, {@code bench/python/infoprompt_torch.py}.
 *
 * @param python the interpreter
 * @param scripts bench/python
 * @param device PyTorch's name of the device: cpu, or cuda:N
 */
record TorchPeer(Path python, Path scripts, String device) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** One process of it. */
    static final class Running implements AutoCloseable {
        private final Process process;
        private final Writer to;
        private final BufferedReader from;
        private final JsonNode about;

        private Running(Process process) throws IOException {
            this.process = process;
            to = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
            from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            try {
                about = line();
            } catch (IOException | RuntimeException e) {
                close();
                throw e;
            }
        }

        /** {@return what it says of itself} */
        String about(String key) {
            JsonNode value = about.get(key);
            return value == null ? "unknown" : value.asString();
        }

        /** {@return the next step's seconds and losses} */
        JsonNode step() throws IOException {
            to.write("\n");
            to.flush();
            return line();
        }

        private JsonNode line() throws IOException {
            String line = from.readLine();
            if (line == null) {
                throw new IOException("the PyTorch program ended; what it said is above");
            }
            return MAPPER.readTree(line);
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().join(); // the next one must find the device's memory free
        }
    }

    /** {@return why it cannot run here, or nothing} */
    String missing() {
        String check = "import torch, transformers, safetensors"
                + (device.startsWith("cuda") ? "; torch.zeros(1, device='" + device + "')" : "");
        try {
            Process process = new ProcessBuilder(python.toString(), "-c", check)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0
                    ? ""
                    : python + " has no PyTorch for " + device + " with transformers (--python names another)";
        } catch (IOException e) {
            return "there is no " + python + " (--python names one)";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** Starts it on a model and a data folder. */
    Running start(Path model, Path data, Precision precision, int steps) throws IOException {
        List<String> command = List.of(
                python.toString(),
                scripts.resolve("infoprompt_torch.py").toString(),
                "--model",
                model.toString(),
                "--data",
                data.toString(),
                "--device",
                device,
                "--dtype",
                precision.text(),
                "--noise",
                "philox",
                "--warmup",
                "0",
                "--steps",
                String.valueOf(steps),
                "--interactive");
        return new Running(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }
}
