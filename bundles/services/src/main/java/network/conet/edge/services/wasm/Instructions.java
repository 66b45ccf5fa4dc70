package network.conet.edge.services.wasm;

import network.conet.edge.protocol.RefusedException;

/**
 * Steps over the instructions of one body and reads their immediates (core specification, section 5.4). What they mean
 * is checked elsewhere.
 */
final class Instructions {
    static final int UNREACHABLE = 0x00;
    static final int BLOCK = 0x02;
    static final int LOOP = 0x03;
    static final int IF = 0x04;
    static final int ELSE = 0x05;
    static final int END = 0x0B;
    static final int BR = 0x0C;
    static final int BR_IF = 0x0D;
    static final int BR_TABLE = 0x0E;
    static final int RETURN = 0x0F;
    static final int CALL = 0x10;
    static final int CALL_INDIRECT = 0x11;
    static final int SELECT_TYPED = 0x1C;
    static final int MEMORY_GROW = 0x40;
    /** Opcodes behind the prefix 0xFC are this and their number. */
    static final int PREFIXED = 0xFC00;
    static final int MEMORY_INIT = PREFIXED | 8;
    static final int DATA_DROP = PREFIXED | 9;
    static final int MEMORY_COPY = PREFIXED | 10;
    static final int MEMORY_FILL = PREFIXED | 11;
    static final int TABLE_INIT = PREFIXED | 12;
    static final int ELEM_DROP = PREFIXED | 13;
    static final int TABLE_COPY = PREFIXED | 14;
    static final int TABLE_GROW = PREFIXED | 15;
    static final int TABLE_SIZE = PREFIXED | 16;
    static final int TABLE_FILL = PREFIXED | 17;
    /** Type of a block that takes and gives nothing. */
    static final long EMPTY_BLOCK = -64;

    private final ByteCursor in;
    private int opcode;
    private int begin;
    private int first;
    private int second;
    private long blockType;
    private int[] targets;

    Instructions(ByteCursor in) {
        this.in = in;
    }

    boolean isAtEnd() {
        return in.isAtEnd();
    }

    int opcode() {
        return opcode;
    }

    /** Where the instruction begins. */
    int begin() {
        return begin;
    }

    /** Where the next one begins. */
    int end() {
        return in.at();
    }

    byte[] bytes() {
        return in.bytes();
    }

    /** The first immediate: an index, a label, or the exponent of an alignment; the type of a typed select. */
    int first() {
        return first;
    }

    /** The second immediate. */
    int second() {
        return second;
    }

    /** {@link #EMPTY_BLOCK}, another negative number that stands for a value type, or the index of a type. */
    long blockType() {
        return blockType;
    }

    /** Labels of a br_table, the default one last. */
    int[] targets() {
        return targets;
    }

    void next() throws RefusedException {
        begin = in.at();
        opcode = in.u8();
        switch (opcode) {
            case BLOCK, LOOP, IF -> readBlockType();
            case BR, BR_IF, CALL, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0xD2 -> first = in.u32();
            case BR_TABLE -> readTargets();
            case CALL_INDIRECT -> {
                first = in.u32();
                second = in.u32();
            }
            case SELECT_TYPED -> {
                if (in.u32() != 1) {
                    throw Refusals.invalid("select of other than one type", begin);
                }
                first = WasmType.read(in);
            }
            case 0x3F, MEMORY_GROW -> zero();
            case 0x41 -> in.s32();
            case 0x42 -> in.s64();
            case 0x43 -> in.skip(4);
            case 0x44 -> in.skip(8);
            case 0xD0 -> first = WasmType.readReference(in);
            case 0xFC -> prefixed();
            default -> plain();
        }
    }

    private void plain() throws RefusedException {
        if (opcode >= 0x28 && opcode <= 0x3E) {
            first = in.u32();
            if (Integer.compareUnsigned(first, 32) >= 0) {
                throw Refusals.malformed("memory argument", begin);
            }
            in.u32();
        } else if (!Opcodes.isKnown(opcode)) {
            throw Opcodes.refusal(opcode, begin);
        }
    }

    private void prefixed() throws RefusedException {
        int number = in.u32();
        opcode = PREFIXED | number;
        switch (number) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> { }
            case 8 -> {
                first = in.u32();
                zero();
            }
            case 9, 13, 15, 16, 17 -> first = in.u32();
            case 10 -> {
                zero();
                zero();
            }
            case 11 -> zero();
            case 12, 14 -> {
                first = in.u32();
                second = in.u32();
            }
            default -> throw Refusals.malformed("instruction fc " + Integer.toUnsignedString(number), begin);
        }
    }

    private void zero() throws RefusedException {
        if (in.u8() != 0) {
            throw Refusals.malformed("zero byte expected", in.at() - 1);
        }
    }

    private void readBlockType() throws RefusedException {
        blockType = in.s33();
        if (blockType < 0 && blockType != EMPTY_BLOCK) {
            byte type = (byte) (blockType & 0x7F);
            if (type != WasmType.I32 && type != WasmType.I64 && type != WasmType.F32 && type != WasmType.F64
                    && !WasmType.isReference(type)) {
                throw Refusals.malformed("type of a block", begin);
            }
        }
    }

    private void readTargets() throws RefusedException {
        targets = new int[in.count("targets of a br_table", ModuleLimits.TARGETS_MAX) + 1];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = in.u32();
        }
    }
}
