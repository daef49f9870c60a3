/** Prompt Tuning: one table of prompt vectors for the task, and the ways it may start. */
package org.infoprompt.prompt.tuning;
