package org.infoprompt.outside;

import java.io.IOException;
import java.io.InputStream;

/**
 * Loads {@link RepeatedVectorMethod} as a class of its own, outside of the project's module, while open: as if its jar lay on the
 * class path of an application.
 */
public final class OutsideLoader extends ClassLoader implements AutoCloseable {
    private static final String PACKAGE = OutsideLoader.class.getPackageName() + ".";

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    /** Makes the method visible to this thread. */
    public OutsideLoader() {
        super(OutsideLoader.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(this);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(PACKAGE)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        String file = name.substring(PACKAGE.length()) + ".class";
        try (InputStream in = OutsideLoader.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    @Override
    public void close() {
        Thread.currentThread().setContextClassLoader(before);
    }
}
