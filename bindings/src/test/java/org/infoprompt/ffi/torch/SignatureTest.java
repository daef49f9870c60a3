package org.infoprompt.ffi.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Compares the bindings with the library and, where PyTorch's headers are, with its own declarations. */
class SignatureTest {
    private static final String PROPERTY = "infoprompt.torch.include";
    private static final String VARIABLE = "INFOPROMPT_TORCH_INCLUDE";

    @Test
    void theLibraryHasEveryFunction() {
        Torch.assumeLoaded();
        assertThat(aoti_torch_h.descriptors()).isNotEmpty();
        aoti_torch_h
                .descriptors()
                .keySet()
                .forEach(name ->
                        assertThat(LibTorch.symbols().find(name)).as(name).isPresent());
        cpublas_h
                .descriptors()
                .keySet()
                .forEach(name -> assertThat(LibTorch.symbols().find(CppSymbols.of(name)))
                        .as(name)
                        .isPresent());
        assertThat(aoti_torch_h.aoti_torch_abi_version() >>> 48).isEqualTo(LibTorch.ABI_VERSION >>> 48);
    }

    @Test
    void theHeadersDeclareTheSame() {
        Optional<Path> found = include();
        Assumptions.assumeTrue(
                found.isPresent(), "no headers of PyTorch; -D" + PROPERTY + " or " + VARIABLE + " names their folder");
        Path include = found.orElseThrow();
        String shim = read(include, "torch/csrc/inductor/aoti_torch");
        aoti_torch_h
                .descriptors()
                .forEach((name, descriptor) ->
                        assertThat(declared(shim, name)).as(name).containsExactly(descriptor));
        String blas = read(include, "ATen/native/CPUBlas.h") + read(include, "ATen/Parallel.h");
        cpublas_h
                .descriptors()
                .forEach((name, descriptor) -> assertThat(declared(blas, name.replaceFirst("_(f32|bf16)$", "")))
                        .as(name)
                        .contains(descriptor));
    }

    @Test
    void aWrongDeclarationWouldBeNoticed() {
        String header =
                "AOTI_TORCH_EXPORT AOTITorchError f(\n    void* data, // a comment, with a comma\n    int64_t n);";
        assertThat(declared(header, "f"))
                .containsExactly(
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG))
                .doesNotContain(FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        assertThat(declared(header, "g")).isEmpty();
    }

    private static Optional<Path> include() {
        String given = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        if (given != null) {
            return Optional.of(Path.of(given));
        }
        Path peers = Path.of("../../../peers/venv/lib");
        if (!Files.isDirectory(peers)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(peers)) {
            return versions.map(v -> v.resolve("site-packages/torch/include"))
                    .filter(Files::isDirectory)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a header, or all below a folder. */
    private static String read(Path include, String name) {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(include.resolve(name))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".h")).toList()) {
                text.append(Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Returns the descriptors of all declarations of a function. */
    private static List<FunctionDescriptor> declared(String header, String name) {
        Matcher matcher = Pattern.compile("(?:AOTI_TORCH_EXPORT|TORCH_API) (\\w+)\\s+" + name + "\\(([^)]*)\\);")
                .matcher(header.replaceAll("//[^\n]*|/\\*.*?\\*/", ""));
        List<FunctionDescriptor> found = new ArrayList<>();
        while (matcher.find()) {
            MemoryLayout[] parameters = Stream.of(matcher.group(2).split(","))
                    .map(String::strip)
                    .filter(p -> !p.isEmpty())
                    .map(p -> layout(p.replaceFirst("\\s*=.*", "").replaceFirst("(?<=[ *])\\w+$", "")))
                    .toArray(MemoryLayout[]::new);
            String result = matcher.group(1);
            found.add(
                    result.equals("void")
                            ? FunctionDescriptor.ofVoid(parameters)
                            : FunctionDescriptor.of(layout(result), parameters));
        }
        return found;
    }

    private static MemoryLayout layout(String type) {
        String plain = type.replace("const", "").strip();
        return switch (plain) {
            case "AOTITorchError", "int32_t", "int" -> ValueLayout.JAVA_INT;
            case "int64_t", "uint64_t" -> ValueLayout.JAVA_LONG;
            case "double" -> ValueLayout.JAVA_DOUBLE;
            case "bool" -> ValueLayout.JAVA_BOOLEAN;
            // An enum of one byte.
            case "ScalarType" -> ValueLayout.JAVA_BYTE;
            case "AtenTensorHandle" -> ValueLayout.ADDRESS;
            default -> {
                if (plain.endsWith("*")) {
                    yield ValueLayout.ADDRESS;
                }
                // A type that no binding uses equals none of theirs.
                yield ValueLayout.JAVA_CHAR;
            }
        };
    }
}
