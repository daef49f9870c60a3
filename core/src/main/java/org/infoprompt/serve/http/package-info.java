/** A small HTTP front of a server, for trying it from other programs: JSON in and out, on the JDK's own HTTP server. */
package org.infoprompt.serve.http;
