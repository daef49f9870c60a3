/**
 * Plain loops that say what every kernel computes: with double storage the oracle of all tests, with single storage the
 * fallback where speed does not matter. Arithmetic is always in double, and results are rounded when they are stored.
 * Letters are those of {@link org.infoprompt.tensor}.
 */
package org.infoprompt.ops.reference;
