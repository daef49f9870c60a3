/**
 * Blocked matrix products and attention that are the same for every way of computing a tile: packing into panels, loop
 * order and scratch memory. {@link org.infoprompt.ops.panel.TileMath} is what a backend adds. Not exported.
 */
package org.infoprompt.ops.panel;
