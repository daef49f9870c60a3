/** Training: prepared examples, the step over all workers, AdamW with its schedule, early stopping, listeners and reports. */
package org.infoprompt.train;
