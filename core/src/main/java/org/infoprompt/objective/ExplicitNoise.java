package org.infoprompt.objective;

import java.lang.foreign.MemorySegment;

/**
 * Standard normals given from outside, to compare with other programs.
 *
 * @param classified [m, Z] for the sample that is classified
 * @param contrastive [m, 1+K, Z] for the positive and the negative samples of the representation loss
 */
public record ExplicitNoise(MemorySegment classified, MemorySegment contrastive) {}
