/**
 * Kernels on the JDK's Vector API in float32, in pure Java. Present only when the JVM was started with {@code
 * --add-modules jdk.incubator.vector}; no other package may refer to this one except through the service loader.
 */
package org.infoprompt.ops.vector;
