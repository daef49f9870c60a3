/**
 * Products with int8 weights in plain Java, bit for bit those of the native kernels, for backends that have none of their own. Not
 * exported.
 */
package org.infoprompt.ops.int8;
