/** Files: errors that name file, place and remedy, strict text reading, and writes that are whole or not there. */
package org.infoprompt.io;
