/** InfoPrompt: slots around a mask whose vectors are one table for the task or come from a generator for each instance. */
package org.infoprompt.prompt.infoprompt;
