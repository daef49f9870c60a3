/** Micrometer meters of a server; needs {@code io.micrometer:micrometer-core}, which nothing else here does. */
package org.infoprompt.serve.micrometer;
