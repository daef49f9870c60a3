/**
 * The command line {@code infoprompt}: a thin user of the library. It reads options, draws progress, writes tables and pictures,
 * and turns what went wrong into one line and an exit status; everything else happens in {@link org.infoprompt.session}.
 */
package org.infoprompt.cli;
