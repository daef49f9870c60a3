/**
 * Argument checks shared by all backends: everything is checked before anything is read or written, so that a wrong call
 * changes nothing. Sizes out of range give {@link java.lang.IllegalArgumentException}, segments and arrays that are too
 * short {@link java.lang.IndexOutOfBoundsException}.
 */
package org.infoprompt.ops.check;
