/** The generator of the jextract-style headers and the proofs that they match NVIDIA's. Test scope: users never run it. */
@org.jspecify.annotations.NullMarked
package org.infoprompt.ffi.headers;
