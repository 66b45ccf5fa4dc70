package network.conet.edge.services.wasm;

import network.conet.edge.protocol.RefusedException;

/**
 * The instructions that only take and give numbers: what they take and give, and which of them can make a NaN out of
 * thin air. Numbers and order are those of the core specification, section 5.4.
 */
final class Opcodes {
    private static final int I32_LOAD = 0x28;
    private static final int F32_CONST = 0x43;
    private static final byte I = WasmType.I32;
    private static final byte L = WasmType.I64;
    private static final byte F = WasmType.F32;
    private static final byte D = WasmType.F64;
    private static final int OPCODES = 0x100;

    /** Operand types, all of one kind. 0: not such an instruction. */
    private static final byte[] OPERAND = new byte[OPCODES];
    private static final int[] OPERANDS = new int[OPCODES];
    private static final byte[] RESULT = new byte[OPCODES];
    private static final int[] ALIGNMENT_MAX = {2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2};
    private static final byte[] ACCESSED = {I, L, F, D, I, I, I, I, L, L, L, L, L, L, I, L, F, D, I, I, L, L, L};

    static {
        set(0x45, 0x45, 1, I, I);
        set(0x46, 0x4F, 2, I, I);
        set(0x50, 0x50, 1, L, I);
        set(0x51, 0x5A, 2, L, I);
        set(0x5B, 0x60, 2, F, I);
        set(0x61, 0x66, 2, D, I);
        set(0x67, 0x69, 1, I, I);
        set(0x6A, 0x78, 2, I, I);
        set(0x79, 0x7B, 1, L, L);
        set(0x7C, 0x8A, 2, L, L);
        set(0x8B, 0x91, 1, F, F);
        set(0x92, 0x98, 2, F, F);
        set(0x99, 0x9F, 1, D, D);
        set(0xA0, 0xA6, 2, D, D);
        set(0xA7, 0xA7, 1, L, I);
        set(0xA8, 0xA9, 1, F, I);
        set(0xAA, 0xAB, 1, D, I);
        set(0xAC, 0xAD, 1, I, L);
        set(0xAE, 0xAF, 1, F, L);
        set(0xB0, 0xB1, 1, D, L);
        set(0xB2, 0xB3, 1, I, F);
        set(0xB4, 0xB5, 1, L, F);
        set(0xB6, 0xB6, 1, D, F);
        set(0xB7, 0xB8, 1, I, D);
        set(0xB9, 0xBA, 1, L, D);
        set(0xBB, 0xBB, 1, F, D);
        set(0xBC, 0xBC, 1, F, I);
        set(0xBD, 0xBD, 1, D, L);
        set(0xBE, 0xBE, 1, I, F);
        set(0xBF, 0xBF, 1, L, D);
        set(0xC0, 0xC1, 1, I, I);
        set(0xC2, 0xC4, 1, L, L);
    }

    private Opcodes() {}

    private static void set(int from, int to, int operands, byte operand, byte result) {
        for (int opcode = from; opcode <= to; opcode++) {
            OPERANDS[opcode] = operands;
            OPERAND[opcode] = operand;
            RESULT[opcode] = result;
        }
    }

    static boolean isNumeric(int opcode) {
        return opcode < OPCODES && OPERANDS[opcode] != 0;
    }

    static int operands(int opcode) {
        return OPERANDS[opcode];
    }

    static byte operand(int opcode) {
        return OPERAND[opcode];
    }

    static byte result(int opcode) {
        return RESULT[opcode];
    }

    static boolean isLoad(int opcode) {
        return opcode >= I32_LOAD && opcode <= 0x35;
    }

    static boolean isStore(int opcode) {
        return opcode >= 0x36 && opcode <= 0x3E;
    }

    /** Type that a load gives or a store takes. */
    static byte accessed(int opcode) {
        return ACCESSED[opcode - I32_LOAD];
    }

    /** Largest exponent of the alignment of a load or store. */
    static int alignmentMax(int opcode) {
        return ALIGNMENT_MAX[opcode - I32_LOAD];
    }

    /** Type of a constant instruction's result. */
    static byte constant(int opcode) {
        return opcode == 0x41 ? I : opcode == 0x42 ? L : opcode == F32_CONST ? F : D;
    }

    /** The saturating conversions, by their number behind the prefix: operand. */
    static byte saturatingOperand(int number) {
        return (number & 2) == 0 ? F : D;
    }

    /** The same: result. */
    static byte saturatingResult(int number) {
        return number < 4 ? I : L;
    }

    /**
     * Whether the specification leaves the bits of a NaN result open (section 4.3.3): arithmetic, rounding, promotion
     * and demotion; not abs, neg, copysign, loads and reinterpretation, which keep bits.
     */
    static boolean makesNan(int opcode) {
        return opcode >= 0x8D && opcode <= 0x97 || opcode >= 0x9B && opcode <= 0xA5 || opcode == 0xB6 || opcode == 0xBB;
    }

    /** Whether there is such an instruction without immediates. */
    static boolean isKnown(int opcode) {
        return switch (opcode) {
            case 0x00, 0x01, 0x05, 0x0B, 0x0F, 0x1A, 0x1B, 0xD1 -> true;
            default -> isNumeric(opcode);
        };
    }

    static RefusedException refusal(int opcode, int at) {
        return switch (opcode) {
            case 0x06, 0x07, 0x08, 0x09, 0x0A, 0x18, 0x19, 0x1F -> Refusals.unsupported("exceptions", at);
            case 0x12, 0x13 -> Refusals.unsupported("tail calls", at);
            case 0x14, 0x15, 0xD3, 0xD4, 0xD5, 0xD6, 0xFB -> Refusals.unsupported("typed references", at);
            case 0xFD -> Refusals.unsupported("vectors", at);
            case 0xFE -> Refusals.unsupported("threads", at);
            default -> Refusals.malformed("instruction " + Integer.toHexString(opcode), at);
        };
    }
}
