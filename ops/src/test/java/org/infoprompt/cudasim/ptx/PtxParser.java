package org.infoprompt.cudasim.ptx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one kernel. Knows the part of PTX that the kernels use; anything else is an error, never guessed. */
final class PtxParser {
    private static final Pattern PARAMETER = Pattern.compile("\\.param \\.(\\w+) (\\w+)");
    private static final Pattern SHARED = Pattern.compile("\\.shared \\.align (\\d+) \\.b8 (\\w+)\\[(\\d+)\\]");
    private static final Pattern ADDRESS = Pattern.compile("\\[([%\\w]+)(?:\\+(-?\\d+))?\\]");
    private static final Pattern PACK = Pattern.compile("(%\\w+), \\{(\\S+?),\\s*(\\S+?)\\}");
    private static final Pattern UNPACK = Pattern.compile("\\{(%\\w+),\\s*(%\\w+)\\}, (%\\w+)");
    private static final int ALIGNMENT = 16;
    private static final int[] NONE = {};

    private final String name;
    private final Map<String, Integer> slots = new HashMap<>();
    private final List<Long> initial = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<Instruction> code = new ArrayList<>();
    private final Map<Integer, String> targets = new HashMap<>();
    private final Map<String, Integer> parameterSlots = new HashMap<>();
    private final List<Integer> guards = new ArrayList<>();
    private int sharedBytes;

    PtxParser(String name) {
        this.name = name;
    }

    PtxKernel parse(String text) {
        int open = text.indexOf('{');
        String head = text.substring(0, open);
        List<PtxType> types = new ArrayList<>();
        List<Integer> registers = new ArrayList<>();
        Matcher parameter = PARAMETER.matcher(head);
        while (parameter.find()) {
            types.add(type(parameter.group(1)));
            int slot = slot("param " + parameter.group(2), 0);
            parameterSlots.put(parameter.group(2), slot);
            registers.add(slot);
        }
        int[] special = PtxKernel.SPECIAL.stream().mapToInt(s -> slot(s, 0)).toArray();
        Matcher shared = SHARED.matcher(text);
        while (shared.find()) {
            int align = Integer.parseInt(shared.group(1));
            sharedBytes = (sharedBytes + align - 1) / align * align;
            constant(shared.group(2), sharedBytes);
            sharedBytes += Integer.parseInt(shared.group(3));
            guards.add(sharedBytes);
            sharedBytes = (sharedBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT + ALIGNMENT;
            guards.add(sharedBytes);
        }
        constant("shared", sharedBytes);
        for (String line : text.substring(open).split("\n", -1)) {
            line(line.replaceAll("//.*", ""));
        }
        Matcher maximum = Pattern.compile("\\.maxntid (\\d+)").matcher(head);
        return new PtxKernel(
                name,
                types,
                registers.stream().mapToInt(Integer::intValue).toArray(),
                resolved(),
                initial.stream().mapToLong(Long::longValue).toArray(),
                special,
                sharedBytes,
                guards.stream().mapToInt(Integer::intValue).toArray(),
                maximum.find() ? Integer.parseInt(maximum.group(1)) : 1024);
    }

    private void line(String source) {
        String line = source.strip();
        if (line.endsWith(":")) {
            labels.put(line.substring(0, line.length() - 1), code.size());
            return;
        }
        if (line.startsWith("{") && line.endsWith("}")) {
            line = line.substring(1, line.length() - 1).strip();
        }
        if (line.isEmpty() || line.startsWith(".") || line.equals("{") || line.equals("}")) {
            return;
        }
        if (!line.endsWith(";")) {
            throw unknown(source);
        }
        instruction(line.substring(0, line.length() - 1));
    }

    private void instruction(String source) {
        String text = source;
        int guard = -1;
        boolean negated = false;
        if (text.startsWith("@")) {
            int space = text.indexOf(' ');
            negated = text.charAt(1) == '!';
            guard = slot(text.substring(negated ? 2 : 1, space), 0);
            text = text.substring(space + 1);
        }
        String[] halves = text.strip().split("\\s+", 2);
        List<String> parts = List.of(halves[0].split("\\.", -1));
        String operands = halves.length > 1 ? halves[1].strip() : "";
        code.add(decode(parts, operands, guard, negated, source));
    }

    @SuppressWarnings("EnumOrdinal") // the relation's number is kept in an int field
    private Instruction decode(List<String> parts, String operands, int guard, boolean negated, String text) {
        PtxType last = PtxType.is(parts.getLast()) ? type(parts.getLast()) : PtxType.B32;
        switch (parts.getFirst()) {
            case "bra" -> {
                targets.put(code.size(), operands);
                return new Instruction(Op.BRANCH, -1, -1, -1, -1, NONE, guard, negated, 0, text);
            }
            case "ret" -> {
                return new Instruction(Op.RETURN, -1, -1, -1, -1, NONE, guard, negated, 0, text);
            }
            case "bar" -> {
                boolean warp = parts.get(1).equals("warp");
                check(warp ? operands.matches("-1|%r\\d+") : operands.equals("0"), text);
                return new Instruction(
                        warp ? Op.WARP_BARRIER : Op.BARRIER, -1, -1, -1, -1, NONE, guard, negated, 0, text);
            }
            case "ld", "st" -> {
                return memory(parts, operands, last, guard, negated, text);
            }
            case "shfl" -> {
                String[] o = operands.split("[,|]\\s*", -1);
                check(String.join(".", parts).equals("shfl.sync.bfly.b32") && o.length == 6, text);
                return new Instruction(
                        Op.SHUFFLE_XOR,
                        register(o[0]),
                        register(o[2]),
                        register(o[3]),
                        register(o[5]),
                        new int[] {register(o[4])},
                        guard,
                        negated,
                        0,
                        text);
            }
            case "mov" -> {
                Matcher pack = PACK.matcher(operands);
                if (pack.matches()) {
                    return new Instruction(
                            last.bytes == 8 ? Op.PACK32 : Op.PACK16,
                            register(pack.group(1)),
                            register(pack.group(2)),
                            register(pack.group(3)),
                            -1,
                            NONE,
                            guard,
                            negated,
                            0,
                            text);
                }
                Matcher unpack = UNPACK.matcher(operands);
                if (unpack.matches()) {
                    check(last.bytes == 8, text);
                    int[] high = {register(unpack.group(2))};
                    return new Instruction(
                            Op.UNPACK32,
                            register(unpack.group(1)),
                            register(unpack.group(3)),
                            -1,
                            -1,
                            high,
                            guard,
                            negated,
                            0,
                            text);
                }
            }
            default -> {}
        }
        String[] o = operands.split(",\\s*", -1);
        int[] r = new int[o.length];
        for (int i = 0; i < o.length; i++) {
            r[i] = register(o[i]);
        }
        boolean set = parts.getFirst().equals("setp");
        Op op = set ? setOp(last) : arithmetic(parts, last, text);
        int relation =
                set ? Relation.valueOf(parts.get(1).toUpperCase(Locale.ROOT)).ordinal() : 0;
        check(!set || parts.size() == 3, text);
        return new Instruction(
                op,
                r[0],
                r.length > 1 ? r[1] : -1,
                r.length > 2 ? r[2] : -1,
                r.length > 3 ? r[3] : -1,
                NONE,
                guard,
                negated,
                relation,
                text);
    }

    private Instruction memory(
            List<String> parts, String operands, PtxType type, int guard, boolean negated, String text) {
        boolean load = parts.getFirst().equals("ld");
        Matcher address = ADDRESS.matcher(operands);
        check(address.find(), text);
        String base = address.group(1);
        int offset = address.group(2) == null ? 0 : Integer.parseInt(address.group(2));
        String values = load ? operands.substring(0, address.start()) : operands.substring(address.end());
        String[] names = values.replaceAll("[{}]", "")
                .replaceAll("^,|,\\s*$", "")
                .strip()
                .split(",\\s*", -1);
        int[] r = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            r[i] = register(names[i].strip());
        }
        String space = parts.get(1);
        if (space.equals("param")) {
            Integer parameter = parameterSlots.get(base);
            check(load && parameter != null && offset == 0, text);
            return new Instruction(
                    Op.MOVE, r[0], Objects.requireNonNull(parameter), -1, -1, NONE, guard, negated, 0, text);
        }
        int length = parts.contains("v4") ? 4 : parts.contains("v2") ? 2 : 1;
        check((space.equals("global") || space.equals("shared")) && r.length == length, text);
        check(length == 1 || type.bytes == 4, text);
        String suffix = length > 1 ? "V" + length : String.valueOf(8 * type.bytes);
        Op op = Op.valueOf((load ? "LD_" : "ST_") + space.toUpperCase(Locale.ROOT) + "_" + suffix);
        return new Instruction(
                op, load ? r[0] : -1, register(base), load ? -1 : r[0], -1, r, guard, negated, offset, text);
    }

    /** Relations of setp: ordered ones are false if an operand is NaN, those ending in U are true. */
    enum Relation {
        EQ,
        NE,
        LT,
        LE,
        GT,
        GE,
        EQU,
        NEU,
        LTU,
        LEU,
        GTU,
        GEU,
        NUM,
        NAN
    }

    private static Op setOp(PtxType type) {
        return switch (type) {
            case B32, S32 -> Op.SET_S32;
            case U32 -> Op.SET_U32;
            case B64, S64 -> Op.SET_S64;
            case U64 -> Op.SET_U64;
            case F32 -> Op.SET_F32;
            case F64 -> Op.SET_F64;
            default -> throw new IllegalArgumentException("setp of " + type);
        };
    }

    private Op arithmetic(List<String> parts, PtxType type, String text) {
        boolean wide64 = type.bytes == 8;
        boolean signed = type == PtxType.S32 || type == PtxType.S64;
        String modifiers = String.join(".", parts.subList(1, parts.size() - 1));
        String key = parts.getFirst() + (modifiers.isEmpty() ? "" : "." + modifiers);
        if (type.isFloat()) {
            String size = type == PtxType.F32 ? "_F32" : "_F64";
            switch (key) {
                case "add", "add.rn" -> {
                    return Op.valueOf("ADD" + size);
                }
                case "sub", "sub.rn" -> {
                    return Op.valueOf("SUB" + size);
                }
                case "mul", "mul.rn" -> {
                    return Op.valueOf("MUL" + size);
                }
                case "div.rn" -> {
                    return Op.valueOf("DIV" + size);
                }
                case "fma.rn" -> {
                    return Op.valueOf("FMA" + size);
                }
                default -> {}
            }
        }
        if (parts.getFirst().equals("cvt")) {
            return conversion(String.join(".", parts.subList(1, parts.size())), text);
        }
        return switch (key) {
            case "mov", "cvta.to.global" -> Op.MOVE;
            case "selp" -> Op.SELECT;
            case "add" -> wide64 ? Op.ADD_64 : Op.ADD_32;
            case "sub" -> wide64 ? Op.SUB_64 : Op.SUB_32;
            case "mul.lo" -> wide64 ? Op.MUL_LO_64 : Op.MUL_LO_32;
            case "mul.wide" -> signed ? Op.MUL_WIDE_S32 : Op.MUL_WIDE_U32;
            case "mad.lo" -> wide64 ? Op.MAD_LO_64 : Op.MAD_LO_32;
            case "mad.wide" -> signed ? Op.MAD_WIDE_S32 : Op.MAD_WIDE_U32;
            case "div" -> wide64 ? (signed ? Op.DIV_S64 : Op.DIV_U64) : signed ? Op.DIV_S32 : Op.DIV_U32;
            case "rem" -> wide64 ? (signed ? Op.REM_S64 : Op.REM_U64) : signed ? Op.REM_S32 : Op.REM_U32;
            case "and" -> Op.AND_64;
            case "or" -> Op.OR_64;
            case "xor" -> Op.XOR_64;
            case "not" -> type == PtxType.PRED ? Op.NOT_PRED : Op.NOT_64;
            case "shl" -> wide64 ? Op.SHL_64 : Op.SHL_32;
            case "shr" -> wide64 ? (signed ? Op.SHR_S64 : Op.SHR_U64) : signed ? Op.SHR_S32 : Op.SHR_U32;
            case "neg" -> type == PtxType.F32 ? Op.NEG_F32 : wide64 ? Op.NEG_64 : Op.NEG_32;
            case "abs" -> require(type == PtxType.F32, Op.ABS_F32, text);
            case "min" ->
                type == PtxType.F32 ? Op.MIN_F32 : type == PtxType.S64 ? Op.MIN_S64 : signed ? Op.MIN_S32 : Op.MIN_U32;
            case "max" -> type == PtxType.F32 ? Op.MAX_F32 : require(!wide64, signed ? Op.MAX_S32 : Op.MAX_U32, text);
            case "mul.hi" -> require(type == PtxType.U32, Op.MUL_HI_U32, text);
            case "add.rz" -> Op.ADD_RZ_F32;
            case "fma.rm" -> Op.FMA_RM_F32;
            case "sqrt.rn" -> Op.SQRT_F32;
            case "rsqrt.approx" -> Op.RSQRT_F32;
            case "rcp.rn" -> Op.RCP_F32;
            case "rcp.approx.ftz" -> Op.RCP_FTZ_F32;
            case "ex2.approx" -> Op.EX2_F32;
            case "ex2.approx.ftz" -> Op.EX2_FTZ_F32;
            case "copysign" -> Op.COPYSIGN_F32;
            default -> throw unknown(text);
        };
    }

    private Op conversion(String key, String text) {
        return switch (key) {
            case "s64.s32" -> Op.S64_FROM_S32;
            case "u64.u32" -> Op.U64_FROM_U32;
            case "u32.u64", "s32.s64", "u32.s64" -> Op.LOW_32;
            case "rn.f32.s32" -> Op.F32_FROM_S32;
            case "rn.f32.u32" -> Op.F32_FROM_U32;
            case "rn.f32.s64" -> Op.F32_FROM_S64;
            case "rn.f32.f64" -> Op.F32_FROM_F64;
            case "f64.f32" -> Op.F64_FROM_F32;
            case "sat.f32.f32" -> Op.SATURATE_F32;
            case "rzi.f32.f32" -> Op.TRUNCATE_F32;
            case "rni.f32.f32" -> Op.ROUND_F32;
            case "rzi.s32.f32" -> Op.S32_FROM_F32_TRUNCATED;
            case "rn.bf16x2.f32" -> Op.BF16X2_FROM_F32;
            case "rn.bf16.f32" -> Op.BF16_FROM_F32;
            default -> throw unknown(text);
        };
    }

    private Op require(boolean condition, Op op, String text) {
        check(condition, text);
        return op;
    }

    private void check(boolean condition, String text) {
        if (!condition) {
            throw unknown(text);
        }
    }

    private IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException("the interpreter does not know, in " + name + ": " + text.strip());
    }

    private Instruction[] resolved() {
        Instruction[] out = code.toArray(Instruction[]::new);
        targets.forEach((index, label) -> {
            Instruction i = out[index];
            Integer target = labels.get(label);
            if (target == null) {
                throw unknown(i.text());
            }
            out[index] = new Instruction(i.op(), -1, -1, -1, -1, NONE, i.guard(), i.negated(), target, i.text());
        });
        return out;
    }

    /** Returns the register of a name or of a constant. */
    private int register(String operand) {
        if (operand.startsWith("%")) {
            check(!operand.contains(".") || slots.containsKey(operand), operand);
            return slot(operand, 0);
        }
        Integer named = slots.get(operand);
        if (named != null) {
            return named;
        }
        if (operand.matches("0f[0-9A-F]{8}")) {
            return constant(operand, Integer.parseUnsignedInt(operand.substring(2), 16));
        }
        if (operand.matches("0d[0-9A-F]{16}")) {
            return constant(operand, Long.parseUnsignedLong(operand.substring(2), 16));
        }
        check(operand.matches("-?\\d+"), operand);
        return constant(operand, Long.parseLong(operand));
    }

    private int constant(String text, long value) {
        return slot(text, value);
    }

    private int slot(String key, long value) {
        Integer known = slots.get(key);
        if (known == null) {
            known = initial.size();
            slots.put(key, known);
            initial.add(value);
        }
        return known;
    }

    private static PtxType type(String text) {
        return PtxType.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
