package org.infoprompt.ffi.torch;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;

/** JavaCPP's cache of native libraries; the only class that needs JavaCPP, apart so that the others load without it. */
final class JavacppCache {
    static {
        // JavaCPP and the natives usually lie on the class path, where a named module does not look by itself.
        Module here = JavacppCache.class.getModule();
        if (here.isNamed()) {
            here.addReads(JavacppCache.class.getClassLoader().getUnnamedModule());
        }
    }

    private JavacppCache() {}

    /**
     * Returns the file of a library, extracted if it is not in the cache yet.
     *
     * @param resource where it lies in its jar
     * @throws IOException if it cannot be extracted
     */
    static Path file(URL resource) throws IOException {
        return Loader.cacheResource(resource).toPath();
    }
}
