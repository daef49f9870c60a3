package org.infoprompt.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.infoprompt.ops.Backends;
import org.infoprompt.session.LoadedBackbone;
import org.infoprompt.session.RandomModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library in a class loader of its own that is dropped and made again, as application servers do. */
class ReloadTest {
    @TempDir
    Path root;

    /** What an application does; run in the other loader. */
    public static final class Application {
        private Application() {}

        /**
         * Serves one request and closes everything.
         *
         * @param model folder of the encoder
         * @param prompt folder of the prompt
         * @return the class
         */
        public static String run(String model, String prompt) throws Exception {
            try (LoadedBackbone backbone = LoadedBackbone.open(model);
                    PromptRegistry registry = new PromptRegistry(backbone)) {
                registry.register("p", Path.of(prompt));
                registry.watch(Path.of(prompt), java.time.Duration.ofMillis(50));
                try (PromptServer server =
                        new PromptServer(registry, ServerOptions.defaults().withCache(1 << 16))) {
                    return server.predict("p", "the cat sat").label() + " on "
                            + Backends.active().name();
                }
            }
        }
    }

    @Test
    void droppedLoadersDoNotPileUp() throws Exception {
        String expected;
        try (LoadedBackbone backbone = RandomModels.backbone("bert", Backends.active())) {
            ServedFolders.save(backbone, "infoprompt-instance", 3, 2, root.resolve("p"));
        }
        expected = Application.run(
                RandomModels.encoder("bert").toString(), root.resolve("p").toString());
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            loaders.add(inThreadOfItsOwn(expected));
        }
        // The JDK may hold on to the newest until another takes its place; what counts is that older ones go.
        loaders.removeLast();
        for (int i = 0; i < 100 && loaders.stream().anyMatch(loader -> loader.get() != null); i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertThat(loaders).allMatch(loader -> loader.get() == null);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("infoprompt-"));
    }

    /** As an application server's threads end with the application; thread locals keep what they hold until then. */
    private WeakReference<ClassLoader> inThreadOfItsOwn(String expected) throws Exception {
        FutureTask<WeakReference<ClassLoader>> task = new FutureTask<>(() -> runInLoaderOfItsOwn(expected));
        Thread thread = Thread.ofPlatform().start(task);
        thread.join();
        return task.get();
    }

    private WeakReference<ClassLoader> runInLoaderOfItsOwn(String expected) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (Alone loader = new Alone(urls())) {
            Thread.currentThread().setContextClassLoader(loader);
            Class<?> type = Class.forName(Application.class.getName(), true, loader);
            assertThat(type).isNotSameAs(Application.class);
            Object answer = type.getMethod("run", String.class, String.class)
                    .invoke(
                            null,
                            RandomModels.encoder("bert").toString(),
                            root.resolve("p").toString());
            assertThat(answer).isEqualTo(expected);
            return new WeakReference<>(loader);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /** Sees the JDK and its own files; the JDK's own loaders would also find the modules of this process. */
    private static final class Alone extends URLClassLoader {
        Alone(URL[] urls) {
            super(urls, null);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("com.sun.") || name.startsWith("jdk.") || name.startsWith("java")) {
                return ClassLoader.getPlatformClassLoader().loadClass(name);
            }
            return super.findClass(name);
        }
    }

    private static URL[] urls() throws Exception {
        Set<String> paths = new LinkedHashSet<>();
        paths.add(Path.of(PromptServer.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString());
        paths.add(RandomModels.encoder("bert").resolve("../../..").normalize().toString());
        paths.addAll(List.of(System.getProperty("jdk.module.path", "").split(File.pathSeparator)));
        paths.addAll(List.of(System.getProperty("java.class.path", "").split(File.pathSeparator)));
        List<URL> urls = new ArrayList<>();
        for (String path : paths) {
            if (!path.isEmpty()) {
                File file = new File(path);
                File[] inside = file.isDirectory() ? file.listFiles((folder, name) -> name.endsWith(".jar")) : null;
                urls.add(file.toURI().toURL());
                for (File jar : inside == null ? new File[0] : inside) {
                    urls.add(jar.toURI().toURL());
                }
            }
        }
        return urls.toArray(new URL[0]);
    }
}
