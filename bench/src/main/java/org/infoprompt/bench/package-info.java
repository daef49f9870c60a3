/** Benchmarks: the Java side of comparisons with Python, and JMH benchmarks of kernels and steps. */
@org.jspecify.annotations.NullMarked
package org.infoprompt.bench;
