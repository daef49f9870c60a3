/**
 * Shapes, element types, tensor views and the workspace they are carved from.
 *
 * <p>Letters used in every shape of this library: B batch, T text tokens, N prompt slots, S = T+N, R packed rows (the
 * tokens of several sequences one after the other, without padding), D hidden size, H heads, F feed-forward size, L
 * layers, C classes, V vocabulary, Z latent width of the bottleneck, K negatives.
 */
package org.infoprompt.tensor;
