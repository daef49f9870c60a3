/** Soft prompts: where their slots stand among the words, and where their vectors come from. */
package org.infoprompt.prompt;
