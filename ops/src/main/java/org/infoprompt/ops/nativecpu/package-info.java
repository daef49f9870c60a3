/**
 * The project's own kernels in C, through {@code org.infoprompt.ffi.kernels}. What has no native kernel is done by the fastest
 * backend in Java.
 */
package org.infoprompt.ops.nativecpu;
