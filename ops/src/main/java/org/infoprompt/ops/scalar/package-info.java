/**
 * The backend that runs everywhere: float32 in plain Java, without any JVM option. Products and attention are blocked for
 * the cache; the rest are the reference's loops on single storage, which do their arithmetic in double.
 */
package org.infoprompt.ops.scalar;
