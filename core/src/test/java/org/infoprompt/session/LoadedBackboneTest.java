package org.infoprompt.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.infoprompt.hub.ProgressListener;
import org.infoprompt.ops.Backends;
import org.infoprompt.weights.ModelFiles;
import org.infoprompt.weights.TensorSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LoadedBackboneTest {
    @TempDir
    Path work;

    /** Copies a tiny encoder and makes its vocabulary so long that it takes a while to read. */
    private Path longVocabulary() throws IOException {
        try (Stream<Path> files = Files.list(RandomModels.encoder("bert"))) {
            for (Path file : files.toList()) {
                Files.copy(file, work.resolve(file.getFileName()));
            }
        }
        Path vocabulary = work.resolve("vocab.txt");
        StringBuilder words = new StringBuilder(Files.readString(vocabulary).stripTrailing());
        for (int i = 0; i < 300_000; i++) {
            words.append("\nword").append(i);
        }
        Files.writeString(vocabulary, words);
        return work;
    }

    private static void assertThatNothingIsRead() {
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("infoprompt-tokenizer"));
    }

    @Test
    void weightsThatCannotBeReadLeaveNoThread() throws Exception {
        Path folder = longVocabulary();
        for (int i = 0; i < 5; i++) {
            AtomicBoolean closed = new AtomicBoolean();
            TensorSource failing = (TensorSource) Proxy.newProxyInstance(
                    TensorSource.class.getClassLoader(),
                    new Class<?>[] {TensorSource.class},
                    (proxy, method, given) -> {
                        if (method.getName().equals("close")) {
                            closed.set(true);
                            return null;
                        }
                        throw new IOException("as a test");
                    });
            ModelFiles files;
            try (ModelFiles whole = ModelFiles.openFolder(folder)) {
                files = new ModelFiles(whole.identity(), whole.config(), failing, folder, whole.sha256());
            }
            assertThatThrownBy(() -> LoadedBackbone.load("broken", files, Backends.active(), false))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("as a test");
            assertThat(closed).isTrue();
            assertThatNothingIsRead();
        }
        Files.write(folder.resolve("model.safetensors"), new byte[100]);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() ->
                            LoadedBackbone.open(folder.toString(), Backends.active(), false, ProgressListener.none()))
                    .isInstanceOf(IOException.class);
            assertThatNothingIsRead();
        }
    }

    @Test
    void vocabularyThatDoesNotBelongToTheModelIsRefused() throws Exception {
        Path folder = longVocabulary();
        assertThatThrownBy(
                        () -> LoadedBackbone.open(folder.toString(), Backends.active(), false, ProgressListener.none()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the tokenizer has 3");
        assertThatNothingIsRead();
    }
}
