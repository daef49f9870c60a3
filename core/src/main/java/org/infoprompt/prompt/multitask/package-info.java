/** Multitask Prompt Tuning: a shared prompt times a low-rank matrix of the task. */
package org.infoprompt.prompt.multitask;
