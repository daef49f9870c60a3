/**
 * The project's own kernels in C, through {@code org.infoprompt.ffi.kernels}. Nothing that is hot is left in Java: a
 * class checks its arguments, copies {@code int[]} to where native code can read them, and calls.
 */
package org.infoprompt.ops.nativecpu;
