/**
 * An interpreter for the PTX that ships: a device made of Java, on which the kernels run without a GPU. It executes every thread on
 * its own between the points where threads meet, so that what only holds by luck of timing is seen: reads and writes of
 * one word without a barrier between them, accesses out of bounds, threads that wait for each other for ever.
 */
@org.jspecify.annotations.NullMarked
package org.infoprompt.cudasim.ptx;
