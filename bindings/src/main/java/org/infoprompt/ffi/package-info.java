/** Native calls: the linker, the libraries, and what can go wrong with them. No other package touches {@code Linker}. */
package org.infoprompt.ffi;
