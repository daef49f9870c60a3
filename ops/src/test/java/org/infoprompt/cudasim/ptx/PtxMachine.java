package org.infoprompt.cudasim.ptx;

import java.util.Arrays;
import java.util.BitSet;
import java.util.regex.Pattern;
import org.infoprompt.cudasim.ptx.PtxFault.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Runs launches on a heap, block after block. Within a block each thread runs alone until it must wait for others; warps and blocks meet at their
 * barriers and shuffles only.
 */
public final class PtxMachine {
    private static final int WARP = 32;
    private static final int MAX_THREADS = 1024;
    private static final int MAX_SHARED = 48 << 10;
    private static final Pattern COMPARISON = Pattern.compile("setp\\.(lt|le|gt|ge)\\.[su](32|64)\\s");

    private final DeviceHeap heap;
    private long stepLimit = 1L << 40;
    private int launches;
    private String noting = "";
    private @Nullable BitSet ties;
    private long instructions;

    /**
     * Creates a machine.
     *
     * @param heap its memory
     */
    public PtxMachine(DeviceHeap heap) {
        this.heap = heap;
    }

    /** {@return this, with a limit of the instructions of one launch} */
    public PtxMachine limited(long steps) {
        stepLimit = steps;
        return this;
    }

    /**
     * Notes which comparisons of whole numbers compare equal ones, for these alone tell less from less or equal.
     *
     * @param kernel the kernel's name
     * @param noted receives the numbers of its comparisons by less or greater, as they stand in the text
     */
    public void notingTies(String kernel, BitSet noted) {
        noting = kernel;
        ties = noted;
    }

    /** {@return the memory} */
    public DeviceHeap heap() {
        return heap;
    }

    /**
     * Runs a kernel.
     *
     * @param module where it is
     * @param name its name
     * @param gridX blocks in x
     * @param gridY blocks in y
     * @param blockSize threads of a block, a multiple of a warp's
     * @param sharedBytes dynamic shared memory
     * @param arguments the bits of each argument
     * @return what it did
     * @throws PtxFault at the first fault
     */
    public LaunchReport launch(
            PtxModule module, String name, int gridX, int gridY, int blockSize, int sharedBytes, long... arguments) {
        PtxKernel kernel = module.kernel(name);
        int shared = kernel.sharedBytes() + sharedBytes;
        if (gridX <= 0 || gridY <= 0 || gridY > 65535 || blockSize <= 0 || blockSize % WARP != 0) {
            throw new PtxFault(Kind.LAUNCH, name + ": grid " + gridX + "x" + gridY + ", block " + blockSize);
        }
        if (blockSize > Math.min(kernel.maxThreads(), MAX_THREADS) || shared - kernel.guardBytes() > MAX_SHARED) {
            throw new PtxFault(
                    Kind.LAUNCH,
                    name + ": block " + blockSize + " with " + (shared - kernel.guardBytes())
                            + " bytes of shared memory");
        }
        if (arguments.length != kernel.parameters().size()) {
            throw new PtxFault(
                    Kind.LAUNCH, name + " takes " + kernel.parameters().size() + " arguments, not " + arguments.length);
        }
        heap.startLaunch(++launches);
        Grid grid = new Grid(kernel, gridX, gridY, blockSize, shared, arguments);
        grid.run();
        BitSet noted = ties;
        if (noted != null && name.equals(noting)) {
            int number = 0;
            for (int pc = 0; pc < kernel.code().length; pc++) {
                if (COMPARISON.matcher(kernel.code()[pc].text()).find()) {
                    noted.set(number, noted.get(number) || grid.thread.tied(pc));
                    number++;
                }
            }
        }
        instructions += grid.instructions;
        return new LaunchReport(grid.instructions, heap);
    }

    /** {@return the instructions of all launches} */
    public long instructions() {
        return instructions;
    }

    /** {@return the types of a kernel's parameters, for whoever must read its arguments} */
    public static int[] parameterBytes(PtxModule module, String name) {
        return module.kernel(name).parameters().stream().mapToInt(t -> t.bytes).toArray();
    }

    /** One launch while it runs. */
    private final class Grid {
        private final PtxKernel kernel;
        private final int gridX;
        private final int gridY;
        private final int blockSize;
        private final long[][] registers;
        private final byte[] shared;
        private final int[] position;
        private final Op[] waiting;
        private final int[] warpTime;
        private final PtxThread thread;
        private final long[] values = new long[WARP];
        private long instructions;

        Grid(PtxKernel kernel, int gridX, int gridY, int blockSize, int sharedBytes, long[] arguments) {
            this.kernel = kernel;
            this.gridX = gridX;
            this.gridY = gridY;
            this.blockSize = blockSize;
            registers = new long[blockSize][kernel.registers().length];
            for (int i = 0; i < arguments.length; i++) {
                kernel.registers()[kernel.parameterRegisters()[i]] = arguments[i];
            }
            shared = new byte[sharedBytes];
            position = new int[blockSize];
            waiting = new Op[blockSize];
            warpTime = new int[blockSize / WARP];
            thread = new PtxThread(kernel, heap, shared, new Shadow(sharedBytes));
        }

        void run() {
            for (int y = 0; y < gridY; y++) {
                for (int x = 0; x < gridX; x++) {
                    block(x, y);
                }
            }
        }

        private void block(int x, int y) {
            Arrays.fill(shared, (byte) 0xFF);
            thread.startBlock(y * gridX + x);
            Arrays.fill(position, 0);
            Arrays.fill(warpTime, 0);
            int[] special = kernel.special();
            for (int t = 0; t < blockSize; t++) {
                long[] r = registers[t];
                System.arraycopy(kernel.registers(), 0, r, 0, r.length);
                r[special[0]] = t;
                r[special[1]] = blockSize;
                r[special[2]] = x;
                r[special[3]] = y;
                r[special[4]] = gridX;
                r[special[5]] = gridY;
                waiting[t] = Op.MOVE; // not waiting
            }
            for (int blockTime = 0; ; blockTime++) {
                boolean any = false;
                int meeting = -1;
                for (int w = 0; w < blockSize / WARP; w++) {
                    runWarp(w, blockTime);
                    for (int t = w * WARP; t < (w + 1) * WARP; t++) {
                        if (waiting[t] == Op.BARRIER) {
                            any = true;
                            if (meeting >= 0 && meeting != position[t]) {
                                throw deadlock("threads wait at different barriers", t);
                            }
                            meeting = position[t];
                        }
                    }
                }
                if (!any) {
                    return;
                }
                release(0, blockSize, Op.BARRIER);
            }
        }

        /** Runs a warp until all its threads ended or wait for the block. */
        private void runWarp(int w, int blockTime) {
            int first = w * WARP;
            while (true) {
                for (int t = first; t < first + WARP; t++) {
                    if (waiting[t] == Op.MOVE) {
                        position[t] = thread.run(registers[t], position[t], t, blockTime, warpTime[w], stepLimit);
                        instructions += thread.steps();
                        waiting[t] = kernel.code()[position[t]].op();
                        if (instructions > stepLimit) {
                            throw new PtxFault(Kind.ENDLESS, kernel.name() + " ran " + instructions + " instructions");
                        }
                    }
                }
                Op meeting = Op.RETURN;
                int where = -1;
                for (int t = first; t < first + WARP; t++) {
                    Op op = waiting[t];
                    if (op == Op.SHUFFLE_XOR || op == Op.WARP_BARRIER) {
                        meeting = op;
                        where = position[t];
                    }
                }
                if (meeting == Op.RETURN) {
                    return;
                }
                for (int t = first; t < first + WARP; t++) {
                    if (waiting[t] != meeting || position[t] != where) {
                        throw deadlock("a warp's threads do not all come to " + kernel.code()[where].text(), t);
                    }
                }
                if (meeting == Op.SHUFFLE_XOR) {
                    shuffle(first, kernel.code()[where]);
                } else {
                    warpTime[w]++;
                }
                release(first, first + WARP, meeting);
            }
        }

        private void release(int from, int to, Op meeting) {
            for (int t = from; t < to; t++) {
                if (waiting[t] == meeting) {
                    waiting[t] = Op.MOVE;
                    position[t]++;
                }
            }
        }

        private void shuffle(int first, Instruction i) {
            for (int lane = 0; lane < WARP; lane++) {
                values[lane] = registers[first + lane][i.a()];
            }
            for (int lane = 0; lane < WARP; lane++) {
                long[] r = registers[first + lane];
                if ((int) r[i.c()] != -1 || (int) r[i.more()[0]] != WARP - 1) {
                    throw new PtxFault(Kind.LAUNCH, kernel.name() + ": a shuffle of part of a warp");
                }
                r[i.d()] = values[lane ^ (int) r[i.b()]];
            }
        }

        private PtxFault deadlock(String what, int t) {
            return new PtxFault(
                    Kind.DEADLOCK,
                    kernel.name() + ", thread " + t + " at " + kernel.code()[position[t]].text() + ": " + what);
        }
    }
}
