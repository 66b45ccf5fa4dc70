package network.conet.edge.services.wasm;

import java.util.ArrayDeque;
import network.conet.edge.protocol.RefusedException;

/**
 * Writes a checked body anew so that it counts its fuel. A local of its own collects what was used since the last
 * settlement; the global is settled where it must be right:
 *
 * <pre>
 *   before a call      global += local + stack units of this frame; stop if a bit of {@link Fuel#SPENT} is set
 *   behind it          local = -(stack units of this frame)
 *   head of a loop     if local < -CHUNK: settle as before a call
 *   bulk operation     local -= its length; settle as before a call
 *   every way out      global += local
 * </pre>
 *
 * Between two joins of control flow the cost is a constant, added in one go. So no path, whatever its branches, runs
 * longer than a chunk and one straight line without a test; and a trap loses at most that much of the count.
 *
 * <p>Code behind an unconditional branch is left out: it was checked, and never runs.
 */
final class BodyMeter {
    /** Fuel that a loop may use between two settlements. */
    static final int CHUNK = 4096;

    private static final int LOCAL_GET = 0x20;
    private static final int LOCAL_SET = 0x21;
    private static final int LOCAL_TEE = 0x22;
    private static final int GLOBAL_GET = 0x23;
    private static final int GLOBAL_SET = 0x24;
    private static final int I64_CONST = 0x42;
    private static final int F32_CONST = 0x43;
    private static final int F64_CONST = 0x44;
    private static final int I64_NE = 0x52;
    private static final int I64_LT_S = 0x53;
    private static final int F32_EQ = 0x5B;
    private static final int F64_EQ = 0x61;
    private static final int I64_ADD = 0x7C;
    private static final int I64_SUB = 0x7D;
    private static final int I64_AND = 0x83;
    private static final int I64_SHL = 0x86;
    private static final int I64_SHR_U = 0x88;
    private static final int I64_EXTEND_I32_U = 0xAD;
    private static final int SELECT = 0x1B;
    private static final int NO_RESULT = 0x40;
    private static final int UNSET = -1;

    private final ModuleParts module;
    private final Instructions at;
    private final int fuelGlobal;
    private final int fuelLocal;
    private final long frame;
    private final ByteSink out;
    private final ByteSink extraLocals = new ByteSink(16);
    private final ArrayDeque<Block> blocks = new ArrayDeque<>();
    private int extraLocalGroups;
    private int nextLocal;
    private int lengthLocal = UNSET;
    private int f32Local = UNSET;
    private int f64Local = UNSET;
    /** Fuel of the straight line since the last join. */
    private long pending;
    private boolean isDead;
    private int deadBlocks;

    private static final class Block {
        final int opcode;
        boolean isTarget;

        Block(int opcode) {
            this.opcode = opcode;
        }
    }

    private BodyMeter(ModuleParts module, Instructions at, int fuelGlobal, int locals, int operandsMax, ByteSink out)
            throws RefusedException {
        this.module = module;
        this.at = at;
        this.fuelGlobal = fuelGlobal;
        this.frame = Fuel.units(locals + operandsMax) << Fuel.STACK_SHIFT;
        this.out = out;
        this.nextLocal = locals;
        this.fuelLocal = addLocal(WasmType.I64);
    }

    /**
     * @param groups the declared groups of locals, as they stand in the body
     * @param groupCount how many groups
     * @param locals number of locals, parameters included
     * @param operandsMax what {@link BodyValidator} found
     * @param code the expression
     * @return the new body, without its size
     */
    static ByteSink meter(ModuleParts module, int fuelGlobal, ByteCursor groups, int groupCount, int locals,
            int operandsMax, ByteCursor code) throws RefusedException {
        ByteSink written = new ByteSink(2 * (code.end() - code.at()));
        BodyMeter meter = new BodyMeter(module, new Instructions(code), fuelGlobal, locals, operandsMax, written);
        meter.run();
        ByteSink body = new ByteSink(written.length() + groups.end() - groups.at() + 16);
        body.u32(groupCount + meter.extraLocalGroups);
        body.all(groups.bytes(), groups.at(), groups.end());
        body.all(meter.extraLocals);
        body.all(written);
        return body;
    }

    private int addLocal(byte type) throws RefusedException {
        extraLocals.u32(1);
        extraLocals.u8(type);
        extraLocalGroups++;
        return nextLocal++;
    }

    private void run() throws RefusedException {
        blocks.push(new Block(Instructions.BLOCK));
        while (!blocks.isEmpty()) {
            at.next();
            if (isDead && !revives()) {
                continue;
            }
            pending += cost(at.opcode());
            step(at.opcode());
        }
    }

    /** Whether an instruction of dead code ends it: the end or else of the block in which it began. */
    private boolean revives() {
        switch (at.opcode()) {
            case Instructions.BLOCK, Instructions.LOOP, Instructions.IF -> deadBlocks++;
            case Instructions.ELSE -> {
                return deadBlocks == 0;
            }
            case Instructions.END -> {
                if (deadBlocks == 0) {
                    return true;
                }
                deadBlocks--;
            }
            default -> { }
        }
        return false;
    }

    /** {@code docs/protocol/metering.md} has the same table. */
    private static int cost(int opcode) {
        return switch (opcode) {
            case 0x01, Instructions.BLOCK, Instructions.LOOP, Instructions.ELSE, Instructions.END -> 0;
            case Instructions.CALL -> 4;
            case Instructions.CALL_INDIRECT -> 8;
            // Division, remainder, square root.
            case 0x6D, 0x6E, 0x6F, 0x70, 0x7F, 0x80, 0x81, 0x82, 0x91, 0x95, 0x9F, 0xA3 -> 4;
            case Instructions.MEMORY_INIT, Instructions.MEMORY_COPY, Instructions.MEMORY_FILL, Instructions.TABLE_INIT,
                    Instructions.TABLE_COPY, Instructions.TABLE_GROW, Instructions.TABLE_FILL,
                    Instructions.MEMORY_GROW -> 16;
            default -> 1;
        };
    }

    private void step(int opcode) throws RefusedException {
        switch (opcode) {
            case Instructions.UNREACHABLE, Instructions.RETURN -> {
                settleOnExit();
                copy();
                isDead = true;
            }
            case Instructions.BLOCK -> {
                copy();
                blocks.push(new Block(opcode));
            }
            case Instructions.LOOP -> {
                addPending();
                copy();
                blocks.push(new Block(opcode));
                testChunk();
            }
            case Instructions.IF -> {
                addPending();
                copy();
                blocks.push(new Block(opcode));
            }
            case Instructions.ELSE -> {
                join();
                copy();
            }
            case Instructions.END -> end();
            case Instructions.BR -> {
                branch(at.first());
                copy();
                isDead = true;
            }
            case Instructions.BR_IF -> {
                branch(at.first());
                copy();
            }
            case Instructions.BR_TABLE -> {
                branch(at.targets());
                copy();
                isDead = true;
            }
            case Instructions.CALL -> call(at.first() >= module.importedFunctions);
            case Instructions.CALL_INDIRECT -> call(true);
            case Instructions.MEMORY_COPY, Instructions.MEMORY_FILL, Instructions.MEMORY_INIT -> bulk(I64_SHR_U, 3);
            case Instructions.TABLE_COPY, Instructions.TABLE_INIT, Instructions.TABLE_FILL,
                    Instructions.TABLE_GROW -> bulk(I64_SHL, 0);
            case Instructions.MEMORY_GROW -> bulk(I64_SHL, 10);
            default -> {
                copy();
                if (Opcodes.makesNan(opcode)) {
                    canonical(Opcodes.result(opcode));
                }
            }
        }
    }

    private void copy() throws RefusedException {
        out.all(at.bytes(), at.begin(), at.end());
    }

    private void end() throws RefusedException {
        Block block = blocks.pop();
        if (blocks.isEmpty()) {
            if (!isDead) {
                settleOnExit();
            }
        } else if (block.isTarget || block.opcode == Instructions.IF || isDead) {
            join();
        }
        copy();
        isDead = false;
    }

    /** Ends a straight line that other ones meet. */
    private void join() throws RefusedException {
        if (isDead) {
            pending = 0;
            isDead = false;
        } else {
            addPending();
        }
    }

    private void branch(int... labels) throws RefusedException {
        boolean leaves = false;
        Block[] byDepth = blocks.toArray(new Block[0]);
        for (int label : labels) {
            Block target = byDepth[label];
            target.isTarget |= target.opcode != Instructions.LOOP;
            leaves |= label == byDepth.length - 1;
        }
        if (leaves) {
            settleOnExit();
            resetLocal(0);
        } else {
            addPending();
        }
    }

    private void call(boolean isGuest) throws RefusedException {
        settle(isGuest ? frame : 0);
        copy();
        resetLocal(isGuest ? -frame : 0);
    }

    /** Charges for the length that is on top of the stack, before anything is done. */
    private void bulk(int shift, int bits) throws RefusedException {
        if (lengthLocal == UNSET) {
            lengthLocal = addLocal(WasmType.I32);
        }
        op(LOCAL_TEE, lengthLocal);
        op(LOCAL_GET, fuelLocal);
        op(LOCAL_GET, lengthLocal);
        out.u8(I64_EXTEND_I32_U);
        constant(bits);
        out.u8(shift);
        out.u8(I64_SUB);
        op(LOCAL_SET, fuelLocal);
        settle(0);
        resetLocal(0);
        copy();
    }

    private void testChunk() throws RefusedException {
        op(LOCAL_GET, fuelLocal);
        constant(-CHUNK);
        out.u8(I64_LT_S);
        out.u8(Instructions.IF);
        out.u8(NO_RESULT);
        settle(0);
        resetLocal(0);
        out.u8(Instructions.END);
    }

    /** Local -= what is pending. */
    private void addPending() throws RefusedException {
        if (pending != 0) {
            op(LOCAL_GET, fuelLocal);
            constant(pending);
            out.u8(I64_SUB);
            op(LOCAL_SET, fuelLocal);
            pending = 0;
        }
    }

    private void pushSum(long more) throws RefusedException {
        op(GLOBAL_GET, fuelGlobal);
        op(LOCAL_GET, fuelLocal);
        out.u8(I64_ADD);
        if (more != pending) {
            constant(more - pending);
            out.u8(I64_ADD);
        }
        pending = 0;
    }

    /** Global += local + more, and stop when something ran over; the local then holds nothing of use. */
    private void settle(long more) throws RefusedException {
        pushSum(more);
        op(LOCAL_TEE, fuelLocal);
        op(GLOBAL_SET, fuelGlobal);
        op(LOCAL_GET, fuelLocal);
        constant(Fuel.SPENT);
        out.u8(I64_AND);
        constant(0);
        out.u8(I64_NE);
        out.u8(Instructions.IF);
        out.u8(NO_RESULT);
        out.u8(Instructions.UNREACHABLE);
        out.u8(Instructions.END);
    }

    /** Global += local: the caller, or the host, tests it. */
    private void settleOnExit() throws RefusedException {
        pushSum(0);
        op(GLOBAL_SET, fuelGlobal);
    }

    private void resetLocal(long value) throws RefusedException {
        constant(value);
        op(LOCAL_SET, fuelLocal);
    }

    /** Every NaN becomes the canonical one: a value that is unequal to itself is replaced. */
    private void canonical(byte type) throws RefusedException {
        boolean isFloat = type == WasmType.F32;
        if (isFloat && f32Local == UNSET) {
            f32Local = addLocal(WasmType.F32);
        } else if (!isFloat && f64Local == UNSET) {
            f64Local = addLocal(WasmType.F64);
        }
        int local = isFloat ? f32Local : f64Local;
        op(LOCAL_TEE, local);
        out.u8(isFloat ? F32_CONST : F64_CONST);
        long bits = isFloat ? 0x7FC0_0000L : 0x7FF8_0000_0000_0000L;
        for (int shift = 0; shift < (isFloat ? Integer.SIZE : Long.SIZE); shift += Byte.SIZE) {
            out.u8((int) (bits >>> shift) & 0xFF);
        }
        op(LOCAL_GET, local);
        op(LOCAL_GET, local);
        out.u8(isFloat ? F32_EQ : F64_EQ);
        out.u8(SELECT);
    }

    private void op(int opcode, int index) throws RefusedException {
        out.u8(opcode);
        out.u32(index);
    }

    private void constant(long value) throws RefusedException {
        out.u8(I64_CONST);
        out.s64(value);
    }
}
