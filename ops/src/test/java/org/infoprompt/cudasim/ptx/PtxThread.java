package org.infoprompt.cudasim.ptx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.infoprompt.cudasim.ptx.PtxFault.Kind;
import org.infoprompt.cudasim.ptx.PtxParser.Relation;
import org.jspecify.annotations.Nullable;

/** Runs one thread at a time until it must wait. Registers are longs: 32-bit values are sign-extended, floats their bits. */
@SuppressWarnings({"IntLongMath", "NarrowCalculation"}) // 32-bit arithmetic wraps, as on the device
final class PtxThread {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long WORD = 0xFFFFFFFFL;
    private static final Relation[] RELATIONS = Relation.values();
    private static final int RECENT = 256;
    private static final int PAGE_BITS = 12;

    /** All memory; addresses are checked against the heap's allocations first. */
    @SuppressWarnings("restricted")
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final float SMALLEST_NORMAL = Float.MIN_NORMAL;

    private final PtxKernel kernel;
    private final DeviceHeap heap;
    private final byte[] shared;
    private final Shadow sharedShadow;
    private int block;
    private int sharedLaunch;
    private long steps;
    private final boolean[] ties;

    /** Which words of shared memory lie behind an array and belong to none. */
    private final boolean[] guarded;

    // The access being made: who, when and where.
    private int thread;
    private int blockTime;
    private int warpTime;
    private long at;

    /** Blocks by the page of an address, so that most accesses need no search. */
    private final DeviceHeap.@Nullable Block[] recent = new DeviceHeap.Block[RECENT];

    PtxThread(PtxKernel kernel, DeviceHeap heap, byte[] shared, Shadow sharedShadow) {
        this.kernel = kernel;
        this.heap = heap;
        this.shared = shared;
        this.sharedShadow = sharedShadow;
        ties = new boolean[kernel.code().length];
        guarded = new boolean[shared.length / Integer.BYTES + 1];
        int[] guards = kernel.guards();
        for (int i = 0; i < guards.length; i += 2) {
            Arrays.fill(guarded, guards[i] / Integer.BYTES, guards[i + 1] / Integer.BYTES, true);
        }
    }

    void startBlock(int number) {
        block = number;
        sharedShadow.launch(++sharedLaunch);
    }

    /** {@return whether an instruction has compared equal whole numbers} */
    boolean tied(int instruction) {
        return ties[instruction];
    }

    private int tie(int pc, int order) {
        if (order == 0) {
            ties[pc] = true;
        }
        return order;
    }

    /** {@return the instructions of the last run} */
    long steps() {
        return steps;
    }

    /** Runs from an instruction to the next at which the thread waits or ends; returns that one. */
    int run(long[] r, int from, int threadInBlock, int newBlockTime, int newWarpTime, long stepLimit) {
        thread = (block << Shadow.BLOCK_SHIFT) + threadInBlock;
        blockTime = newBlockTime;
        warpTime = newWarpTime;
        Instruction[] code = kernel.code();
        long count = 0;
        int pc = from;
        while (true) {
            Instruction i = code[pc];
            if (++count > stepLimit) {
                throw new PtxFault(Kind.ENDLESS, kernel.name() + " at " + i.text());
            }
            if (i.guard() >= 0 && (r[i.guard()] != 0) == i.negated()) {
                pc++;
                continue;
            }
            switch (i.op()) {
                case BRANCH -> {
                    pc = i.offset();
                    continue;
                }
                case RETURN, BARRIER, WARP_BARRIER, SHUFFLE_XOR -> {
                    steps = count;
                    return pc;
                }
                case MOVE -> r[i.d()] = r[i.a()];
                case ADD_32 -> r[i.d()] = (int) r[i.a()] + (int) r[i.b()];
                case SUB_32 -> r[i.d()] = (int) r[i.a()] - (int) r[i.b()];
                case MUL_LO_32 -> r[i.d()] = (int) r[i.a()] * (int) r[i.b()];
                case MUL_HI_U32 -> r[i.d()] = (int) (((r[i.a()] & WORD) * (r[i.b()] & WORD)) >>> 32);
                case MAD_LO_32 -> r[i.d()] = (int) r[i.a()] * (int) r[i.b()] + (int) r[i.c()];
                case MUL_WIDE_S32 -> r[i.d()] = (long) (int) r[i.a()] * (int) r[i.b()];
                case MUL_WIDE_U32 -> r[i.d()] = (r[i.a()] & WORD) * (r[i.b()] & WORD);
                case ADD_64 -> r[i.d()] = r[i.a()] + r[i.b()];
                case SUB_64 -> r[i.d()] = r[i.a()] - r[i.b()];
                case MUL_LO_64 -> r[i.d()] = r[i.a()] * r[i.b()];
                case AND_64 -> r[i.d()] = r[i.a()] & r[i.b()];
                case OR_64 -> r[i.d()] = r[i.a()] | r[i.b()];
                case XOR_64 -> r[i.d()] = r[i.a()] ^ r[i.b()];
                case SHL_32 -> r[i.d()] = (r[i.b()] & WORD) > 31 ? 0 : (int) r[i.a()] << (int) r[i.b()];
                case SHL_64 -> r[i.d()] = (r[i.b()] & WORD) > 63 ? 0 : r[i.a()] << (int) r[i.b()];
                case SHR_S32 -> r[i.d()] = (int) r[i.a()] >> (int) Math.min(r[i.b()] & WORD, 31);
                case SHR_U32 -> r[i.d()] = (r[i.b()] & WORD) > 31 ? 0 : (int) r[i.a()] >>> (int) r[i.b()];
                case S64_FROM_S32, LOW_32 -> r[i.d()] = (int) r[i.a()];
                case U64_FROM_U32 -> r[i.d()] = r[i.a()] & WORD;
                case SELECT -> r[i.d()] = r[i.c()] != 0 ? r[i.a()] : r[i.b()];
                case SET_S32 -> r[i.d()] = holds(i, tie(pc, Integer.compare((int) r[i.a()], (int) r[i.b()])));
                case SET_U32 -> r[i.d()] = holds(i, tie(pc, Integer.compareUnsigned((int) r[i.a()], (int) r[i.b()])));
                case SET_S64 -> r[i.d()] = holds(i, tie(pc, Long.compare(r[i.a()], r[i.b()])));
                case SET_U64 -> r[i.d()] = holds(i, tie(pc, Long.compareUnsigned(r[i.a()], r[i.b()])));
                case SET_F32 -> r[i.d()] = holds(i, single(r[i.a()]), single(r[i.b()]));
                case ADD_F32 -> r[i.d()] = bits(single(r[i.a()]) + single(r[i.b()]));
                case SUB_F32 -> r[i.d()] = bits(single(r[i.a()]) - single(r[i.b()]));
                case MUL_F32 -> r[i.d()] = bits(single(r[i.a()]) * single(r[i.b()]));
                case FMA_F32 -> r[i.d()] = bits(Math.fma(single(r[i.a()]), single(r[i.b()]), single(r[i.c()])));
                case LD_GLOBAL_32 -> {
                    global(r[i.a()] + i.offset(), 4, false, i);
                    r[i.d()] = MEMORY.get(ValueLayout.JAVA_INT, at);
                }
                case ST_GLOBAL_32 -> {
                    global(r[i.a()] + i.offset(), 4, true, i);
                    MEMORY.set(ValueLayout.JAVA_INT, at, (int) r[i.b()]);
                }
                case LD_SHARED_32 -> {
                    int address = shared(r[i.a()] + i.offset(), 4, false, i);
                    r[i.d()] = (int) INT.get(shared, address);
                }
                case ST_SHARED_32 -> {
                    int address = shared(r[i.a()] + i.offset(), 4, true, i);
                    INT.set(shared, address, (int) r[i.b()]);
                }
                case LD_SHARED_V4 -> {
                    int address = shared(r[i.a()] + i.offset(), 16, false, i);
                    for (int k = 0; k < 4; k++) {
                        r[i.more()[k]] = (int) INT.get(shared, address + 4 * k);
                    }
                }
                default -> rare(i, r);
            }
            pc++;
        }
    }

    /** Apart, so that the loop above stays small enough for the compiler. */
    private void rare(Instruction i, long[] r) {
        switch (i.op()) {
            case PACK16 -> r[i.d()] = (int) ((r[i.a()] & 0xFFFF) | (r[i.b()] << 16));
            case PACK32 -> r[i.d()] = (r[i.a()] & WORD) | (r[i.b()] << 32);
            case UNPACK32 -> {
                long both = r[i.a()];
                r[i.d()] = (int) both;
                r[i.more()[0]] = (int) (both >>> 32);
            }
            case LD_GLOBAL_16 -> {
                global(r[i.a()] + i.offset(), 2, false, i);
                r[i.d()] = MEMORY.get(ValueLayout.JAVA_SHORT, at) & 0xFFFF;
            }
            case ST_GLOBAL_16 -> {
                global(r[i.a()] + i.offset(), 2, true, i);
                MEMORY.set(ValueLayout.JAVA_SHORT, at, (short) r[i.b()]);
            }
            case LD_GLOBAL_64 -> {
                global(r[i.a()] + i.offset(), 8, false, i);
                r[i.d()] = MEMORY.get(ValueLayout.JAVA_LONG, at);
            }
            case ST_GLOBAL_64 -> {
                global(r[i.a()] + i.offset(), 8, true, i);
                MEMORY.set(ValueLayout.JAVA_LONG, at, r[i.b()]);
            }
            case LD_GLOBAL_V2 -> {
                global(r[i.a()] + i.offset(), 8, false, i);
                r[i.more()[0]] = MEMORY.get(ValueLayout.JAVA_INT, at);
                r[i.more()[1]] = MEMORY.get(ValueLayout.JAVA_INT, at + 4);
            }
            case ST_GLOBAL_V2 -> {
                global(r[i.a()] + i.offset(), 8, true, i);
                MEMORY.set(ValueLayout.JAVA_INT, at, (int) r[i.more()[0]]);
                MEMORY.set(ValueLayout.JAVA_INT, at + 4, (int) r[i.more()[1]]);
            }
            case LD_GLOBAL_V4 -> {
                global(r[i.a()] + i.offset(), 16, false, i);
                for (int k = 0; k < 4; k++) {
                    r[i.more()[k]] = MEMORY.get(ValueLayout.JAVA_INT, at + 4L * k);
                }
            }
            case ST_GLOBAL_V4 -> {
                global(r[i.a()] + i.offset(), 16, true, i);
                for (int k = 0; k < 4; k++) {
                    MEMORY.set(ValueLayout.JAVA_INT, at + 4L * k, (int) r[i.more()[k]]);
                }
            }
            case LD_SHARED_64 -> {
                int address = shared(r[i.a()] + i.offset(), 8, false, i);
                r[i.d()] = (long) LONG.get(shared, address);
            }
            case ST_SHARED_64 -> {
                int address = shared(r[i.a()] + i.offset(), 8, true, i);
                LONG.set(shared, address, r[i.b()]);
            }
            case ST_SHARED_V4 -> {
                int address = shared(r[i.a()] + i.offset(), 16, true, i);
                for (int k = 0; k < 4; k++) {
                    INT.set(shared, address + 4 * k, (int) r[i.more()[k]]);
                }
            }
            case MAD_WIDE_S32 -> r[i.d()] = (long) (int) r[i.a()] * (int) r[i.b()] + r[i.c()];
            case MAD_WIDE_U32 -> r[i.d()] = (r[i.a()] & WORD) * (r[i.b()] & WORD) + r[i.c()];
            case MAD_LO_64 -> r[i.d()] = r[i.a()] * r[i.b()] + r[i.c()];
            case DIV_S32 -> r[i.d()] = (int) r[i.a()] / (int) r[i.b()];
            case DIV_U32 -> r[i.d()] = Integer.divideUnsigned((int) r[i.a()], (int) r[i.b()]);
            case REM_S32 -> r[i.d()] = (int) r[i.a()] % (int) r[i.b()];
            case REM_U32 -> r[i.d()] = Integer.remainderUnsigned((int) r[i.a()], (int) r[i.b()]);
            case DIV_S64 -> r[i.d()] = r[i.a()] / r[i.b()];
            case DIV_U64 -> r[i.d()] = Long.divideUnsigned(r[i.a()], r[i.b()]);
            case REM_S64 -> r[i.d()] = r[i.a()] % r[i.b()];
            case REM_U64 -> r[i.d()] = Long.remainderUnsigned(r[i.a()], r[i.b()]);
            case NEG_32 -> r[i.d()] = -(int) r[i.a()];
            case NEG_64 -> r[i.d()] = -r[i.a()];
            case MIN_S32, MIN_S64 -> r[i.d()] = Math.min(r[i.a()], r[i.b()]);
            case MAX_S32 -> r[i.d()] = Math.max(r[i.a()], r[i.b()]);
            case MIN_U32 -> r[i.d()] = (int) Math.min(r[i.a()] & WORD, r[i.b()] & WORD);
            case MAX_U32 -> r[i.d()] = (int) Math.max(r[i.a()] & WORD, r[i.b()] & WORD);
            case NOT_64 -> r[i.d()] = ~r[i.a()];
            case NOT_PRED -> r[i.d()] = r[i.a()] == 0 ? 1 : 0;
            case SHR_S64 -> r[i.d()] = r[i.a()] >> (int) Math.min(r[i.b()] & WORD, 63);
            case SHR_U64 -> r[i.d()] = (r[i.b()] & WORD) > 63 ? 0 : r[i.a()] >>> (int) r[i.b()];
            case DIV_F32 -> r[i.d()] = bits(single(r[i.a()]) / single(r[i.b()]));
            case ADD_RZ_F32 -> r[i.d()] = bits(towardsZero((double) single(r[i.a()]) + single(r[i.b()])));
            case FMA_RM_F32 ->
                r[i.d()] = bits(down(Math.fma((double) single(r[i.a()]), single(r[i.b()]), single(r[i.c()]))));
            case NEG_F32 -> r[i.d()] = bits(-single(r[i.a()]));
            case ABS_F32 -> r[i.d()] = bits(Math.abs(single(r[i.a()])));
            case MIN_F32 -> r[i.d()] = bits(least(single(r[i.a()]), single(r[i.b()])));
            case MAX_F32 -> r[i.d()] = bits(-least(-single(r[i.a()]), -single(r[i.b()])));
            case SQRT_F32 -> r[i.d()] = bits((float) Math.sqrt(single(r[i.a()])));
            case RSQRT_F32 -> r[i.d()] = bits((float) (1 / Math.sqrt(single(r[i.a()]))));
            case RCP_F32 -> r[i.d()] = bits(1 / single(r[i.a()]));
            case RCP_FTZ_F32 -> r[i.d()] = bits(flushed(1 / flushed(single(r[i.a()]))));
            case EX2_F32 -> r[i.d()] = bits((float) Math.pow(2, single(r[i.a()])));
            case EX2_FTZ_F32 -> r[i.d()] = bits(flushed((float) Math.pow(2, flushed(single(r[i.a()])))));
            case COPYSIGN_F32 -> r[i.d()] = bits(Math.copySign(single(r[i.b()]), single(r[i.a()])));
            case ADD_F64 -> r[i.d()] = bits(wide(r[i.a()]) + wide(r[i.b()]));
            case SUB_F64 -> r[i.d()] = bits(wide(r[i.a()]) - wide(r[i.b()]));
            case MUL_F64 -> r[i.d()] = bits(wide(r[i.a()]) * wide(r[i.b()]));
            case DIV_F64 -> r[i.d()] = bits(wide(r[i.a()]) / wide(r[i.b()]));
            case FMA_F64 -> r[i.d()] = bits(Math.fma(wide(r[i.a()]), wide(r[i.b()]), wide(r[i.c()])));
            case SET_F64 -> r[i.d()] = holds(i, wide(r[i.a()]), wide(r[i.b()]));
            case F32_FROM_S32, F32_FROM_S64 -> r[i.d()] = bits((float) r[i.a()]);
            case F32_FROM_U32 -> r[i.d()] = bits((float) (r[i.a()] & WORD));
            case F32_FROM_F64 -> r[i.d()] = bits((float) wide(r[i.a()]));
            case F64_FROM_F32 -> r[i.d()] = bits((double) single(r[i.a()]));
            case SATURATE_F32 -> r[i.d()] = bits(saturated(single(r[i.a()])));
            case TRUNCATE_F32 -> {
                float x = single(r[i.a()]);
                r[i.d()] = bits((float) (x < 0 ? Math.ceil(x) : Math.floor(x)));
            }
            case ROUND_F32 -> r[i.d()] = bits((float) Math.rint(single(r[i.a()])));
            case S32_FROM_F32_TRUNCATED -> r[i.d()] = (int) single(r[i.a()]);
            case BF16X2_FROM_F32 -> r[i.d()] = (int) (bfloat16(single(r[i.b()])) | (bfloat16(single(r[i.a()])) << 16));
            case BF16_FROM_F32 -> r[i.d()] = bfloat16(single(r[i.a()]));
            default -> throw new IllegalStateException(i.text());
        }
    }

    private void global(long address, int bytes, boolean write, Instruction i) {
        if ((address & (bytes - 1)) != 0) {
            throw fault(Kind.MISALIGNED, "global address 0x" + Long.toHexString(address), i);
        }
        int slot = (int) (address >>> PAGE_BITS) & (RECENT - 1);
        DeviceHeap.Block memory = recent[slot];
        if (memory == null || address < memory.start || address + bytes > memory.end) {
            try {
                memory = heap.block(address, bytes);
            } catch (PtxFault e) {
                throw fault(e.kind(), String.valueOf(e.getMessage()), i);
            }
            recent[slot] = memory;
        }
        at = address;
        int offset = (int) (address - memory.start);
        if (bytes < Integer.BYTES) {
            memory.shadow().split();
        }
        note(memory.shadow(), offset, bytes, write, i);
    }

    private int shared(long address, int bytes, boolean write, Instruction i) {
        if ((address & (bytes - 1)) != 0) {
            throw fault(Kind.MISALIGNED, "shared address " + address, i);
        }
        if (address < 0 || address + bytes > shared.length) {
            throw fault(
                    Kind.OUT_OF_BOUNDS, bytes + " bytes at " + address + " of " + shared.length + " shared ones", i);
        }
        if (guarded[(int) address / Integer.BYTES] || guarded[((int) address + bytes - 1) / Integer.BYTES]) {
            throw fault(Kind.OUT_OF_BOUNDS, bytes + " bytes at " + address + ", behind a shared array", i);
        }
        note(sharedShadow, (int) address, bytes, write, i);
        return (int) address;
    }

    private void note(Shadow shadow, int offset, int bytes, boolean write, Instruction i) {
        int unit = shadow.unit();
        for (int word = offset >> unit; word < (offset + bytes) >> unit; word++) {
            int race = write
                    ? shadow.write(word, thread, blockTime, warpTime)
                    : shadow.read(word, thread, blockTime, warpTime);
            if (race >= 0) {
                throw fault(
                        Kind.RACE,
                        (1 << unit) + " bytes at " + (word << unit) + " with thread " + inBlock(race) + " of block "
                                + (race >> Shadow.BLOCK_SHIFT),
                        i);
            }
        }
    }

    private PtxFault fault(Kind kind, String what, Instruction i) {
        return new PtxFault(
                kind,
                kernel.name() + ", thread " + inBlock(thread) + " of block " + block + ", "
                        + i.text().strip() + ": " + what);
    }

    private static int inBlock(int thread) {
        return thread & ((1 << Shadow.BLOCK_SHIFT) - 1);
    }

    private static long holds(Instruction i, int order) {
        return switch (RELATIONS[i.offset()]) {
                    case EQ -> order == 0;
                    case NE -> order != 0;
                    case LT -> order < 0;
                    case LE -> order <= 0;
                    case GT -> order > 0;
                    case GE -> order >= 0;
                    default -> throw new IllegalStateException(i.text());
                }
                ? 1
                : 0;
    }

    private static long holds(Instruction i, double a, double b) {
        boolean unordered = Double.isNaN(a) || Double.isNaN(b);
        return switch (RELATIONS[i.offset()]) {
                    case EQ -> a == b;
                    case NE -> !unordered && a != b;
                    case LT -> a < b;
                    case LE -> a <= b;
                    case GT -> a > b;
                    case GE -> a >= b;
                    case EQU -> unordered || a == b;
                    case NEU -> a != b;
                    case LTU -> unordered || a < b;
                    case LEU -> unordered || a <= b;
                    case GTU -> unordered || a > b;
                    case GEU -> unordered || a >= b;
                    case NUM -> !unordered;
                    case NAN -> unordered;
                }
                ? 1
                : 0;
    }

    private static float single(long register) {
        return Float.intBitsToFloat((int) register);
    }

    private static double wide(long register) {
        return Double.longBitsToDouble(register);
    }

    private static long bits(float value) {
        return Float.floatToRawIntBits(value);
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    /** PTX's minimum: the other operand if one is NaN, and -0 below +0. */
    private static float least(float a, float b) {
        return Float.isNaN(a) ? b : Float.isNaN(b) ? a : Math.min(a, b);
    }

    private static float flushed(float x) {
        return Math.abs(x) < SMALLEST_NORMAL ? Math.copySign(0.0f, x) : x;
    }

    private static float saturated(float x) {
        return Float.isNaN(x) ? 0 : Math.clamp(x, 0.0f, 1.0f);
    }

    private static float down(double exact) {
        float nearest = (float) exact;
        return nearest > exact ? Math.nextDown(nearest) : nearest;
    }

    private static float towardsZero(double exact) {
        float nearest = (float) exact;
        return Math.abs((double) nearest) > Math.abs(exact)
                ? Math.copySign(Math.nextDown(Math.abs(nearest)), nearest)
                : nearest;
    }

    /** Rounds to the nearest bfloat16, ties to even; NaN stays NaN. */
    static long bfloat16(float x) {
        int raw = Float.floatToRawIntBits(x);
        if (Float.isNaN(x)) {
            return 0x7FFF;
        }
        return (raw + 0x7FFF + ((raw >>> 16) & 1)) >>> 16;
    }
}
