/**
 * Serving inside a JVM: a registry of any number of prompts over one backbone with versions that are swapped while requests run,
 * and a server that collects requests of different prompts into one encoder pass.
 *
 * <p>Letters: D hidden, N prompt slots, P prefixes, L layers, C classes, R rows of a block, m texts of a block.
 */
package org.infoprompt.serve;
