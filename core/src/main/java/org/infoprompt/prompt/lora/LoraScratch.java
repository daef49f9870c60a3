package org.infoprompt.prompt.lora;

import java.lang.foreign.MemorySegment;

/**
 * One thread's memory for the gradients of one example.
 *
 * @param inner [rows, k]
 * @param rows [rows, in] or [rows, out]
 * @param product [k, in] or [k, out]
 */
record LoraScratch(MemorySegment inner, MemorySegment rows, MemorySegment product) {}
