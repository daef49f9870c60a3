package org.infoprompt.cudasim.ptx;

import java.util.List;

/**
 * One kernel of an image.
 *
 * @param name its name
 * @param parameters the types of its parameters
 * @param parameterRegisters the registers that hold them when a thread starts
 * @param code its instructions
 * @param registers what all registers hold when a thread starts, but for parameters and special ones
 * @param special the registers of tid.x, ntid.x, ctaid.x, ctaid.y, nctaid.x, nctaid.y
 * @param sharedBytes static shared memory, in front of the dynamic, with guards
 * @param guards start and end of what lies behind each static array and belongs to none, where a GPU would have the next array
 * @param maxThreads the most threads of a block
 */
@SuppressWarnings("ArrayRecordComponent") // held, never compared
record PtxKernel(
        String name,
        List<PtxType> parameters,
        int[] parameterRegisters,
        Instruction[] code,
        long[] registers,
        int[] special,
        int sharedBytes,
        int[] guards,
        int maxThreads) {
    static final List<String> SPECIAL = List.of("%tid.x", "%ntid.x", "%ctaid.x", "%ctaid.y", "%nctaid.x", "%nctaid.y");

    /** {@return the bytes of the guards, which a GPU has no need of} */
    int guardBytes() {
        int bytes = 0;
        for (int i = 0; i < guards.length; i += 2) {
            bytes += guards[i + 1] - guards[i];
        }
        return bytes;
    }
}
