/**
 * Benchmarks of LibTorch through the foreign function interface: against JavaCPP's JNI calls, and against the other backends, which
 * is what the choice of a backend for a shape is derived from.
 */
@org.jspecify.annotations.NullMarked
package org.infoprompt.bench.torch;
