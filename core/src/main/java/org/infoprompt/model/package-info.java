/**
 * The frozen transformer encoder: weights shared by all threads, and a pass with its hand-written backward that yields
 * gradients to input rows only. Letters are those of {@link org.infoprompt.tensor}; additionally Q read rows and G gradient
 * rows.
 */
package org.infoprompt.model;
