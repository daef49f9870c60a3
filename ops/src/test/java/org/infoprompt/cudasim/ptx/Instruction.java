package org.infoprompt.cudasim.ptx;

/**
 * One instruction; operands are numbers of registers, constants have registers of their own.
 *
 * @param op what it does
 * @param d result, or the first of the results
 * @param a first operand, or the address
 * @param b second operand, or the value that is stored
 * @param c third operand, or the predicate of a selection
 * @param more the other registers of a vector access
 * @param guard predicate that must hold, or -1
 * @param negated whether the predicate must not hold instead
 * @param offset added to an address; target of a branch; relation of a comparison
 * @param text the line it was read from
 */
@SuppressWarnings("ArrayRecordComponent") // held, never compared
record Instruction(
        Op op, int d, int a, int b, int c, int[] more, int guard, boolean negated, int offset, String text) {}
