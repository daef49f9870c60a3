/**
 * Prompt methods: where slots stand among the words, where vectors and prefixes come from, and the interface through which a
 * method plugs in. Letters are those of {@link org.infoprompt.tensor}; additionally P prefixes.
 */
package org.infoprompt.prompt;
