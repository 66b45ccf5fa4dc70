package network.conet.edge.services.wasm;

import java.util.ArrayDeque;
import java.util.Arrays;
import network.conet.edge.protocol.RefusedException;

/**
 * Checks the body of one function as the core specification's appendix does (validation algorithm): a stack of operand
 * types and a stack of blocks. What is metered has passed here, so a guest can name no global, local or label but its
 * own.
 */
final class BodyValidator {
    private static final byte[] NONE = new byte[0];

    private final ModuleParts module;
    private final Instructions at;
    private final byte[] locals;
    private final ArrayDeque<Frame> frames = new ArrayDeque<>();
    private byte[] operands = new byte[64];
    private int height;
    private int heightMax;

    private static final class Frame {
        final int opcode;
        final byte[] parameters;
        final byte[] results;
        final int height;
        boolean isUnreachable;

        Frame(int opcode, byte[] parameters, byte[] results, int height) {
            this.opcode = opcode;
            this.parameters = parameters;
            this.results = results;
            this.height = height;
        }

        byte[] labelTypes() {
            return opcode == Instructions.LOOP ? parameters : results;
        }
    }

    private BodyValidator(ModuleParts module, byte[] locals, Instructions at) {
        this.module = module;
        this.locals = locals;
        this.at = at;
    }

    /**
     * @param locals types of all locals, parameters first
     * @param code the expression behind the locals
     * @return the most operands that are on the stack at once
     */
    static int validate(ModuleParts module, WasmType type, byte[] locals, ByteCursor code) throws RefusedException {
        BodyValidator validator = new BodyValidator(module, locals, new Instructions(code));
        validator.frames.push(new Frame(Instructions.BLOCK, NONE, type.results(), 0));
        while (!validator.frames.isEmpty()) {
            if (validator.at.isAtEnd()) {
                throw Refusals.malformed("body without its end", code.at());
            }
            validator.at.next();
            validator.step();
        }
        if (!validator.at.isAtEnd()) {
            throw Refusals.malformed("instructions behind the end of a body", code.at());
        }
        return validator.heightMax;
    }

    private RefusedException invalid(String what) {
        return Refusals.invalid(what, at.begin());
    }

    private void push(byte type) throws RefusedException {
        if (height == operands.length) {
            Refusals.limit("operands on the stack", height + 1, ModuleLimits.OPERANDS_MAX);
            operands = Arrays.copyOf(operands, 2 * height);
        }
        operands[height++] = type;
        heightMax = Math.max(heightMax, height);
    }

    private void push(byte[] types) throws RefusedException {
        for (byte type : types) {
            push(type);
        }
    }

    private byte pop() throws RefusedException {
        Frame frame = frames.peek();
        if (height == frame.height) {
            if (frame.isUnreachable) {
                return WasmType.ANY;
            }
            throw invalid("an operand is missing");
        }
        return operands[--height];
    }

    private byte pop(byte expected) throws RefusedException {
        byte found = pop();
        if (found != expected && found != WasmType.ANY && expected != WasmType.ANY) {
            throw invalid("an operand of another type");
        }
        return found;
    }

    private void pop(byte[] types) throws RefusedException {
        for (int i = types.length - 1; i >= 0; i--) {
            pop(types[i]);
        }
    }

    private void open(int opcode, WasmType type) throws RefusedException {
        Refusals.limit("blocks inside each other", frames.size(), ModuleLimits.NESTING_MAX);
        pop(type.parameters());
        frames.push(new Frame(opcode, type.parameters(), type.results(), height));
        push(type.parameters());
    }

    private Frame close() throws RefusedException {
        Frame frame = frames.peek();
        pop(frame.results);
        if (height != frame.height) {
            throw invalid("operands left on the stack");
        }
        frames.pop();
        return frame;
    }

    private void unreachable() {
        Frame frame = frames.peek();
        height = frame.height;
        frame.isUnreachable = true;
    }

    private Frame label(int depth) throws RefusedException {
        if (Integer.compareUnsigned(depth, frames.size()) >= 0) {
            throw invalid("unknown label");
        }
        int i = 0;
        for (Frame frame : frames) {
            if (i++ == depth) {
                return frame;
            }
        }
        throw new AssertionError("a label within the stack of blocks was not found");
    }

    private WasmType blockType() throws RefusedException {
        long type = at.blockType();
        if (type == Instructions.EMPTY_BLOCK) {
            return new WasmType(NONE, NONE);
        }
        return type < 0 ? new WasmType(NONE, new byte[] {(byte) (type & 0x7F)}) : type((int) type);
    }

    private WasmType type(int index) throws RefusedException {
        return module.types.get(index(index, module.types.size(), "type"));
    }

    private int index(int index, int size, String what) throws RefusedException {
        if (Integer.compareUnsigned(index, size) >= 0) {
            throw invalid("unknown " + what);
        }
        return index;
    }

    private void step() throws RefusedException {
        int opcode = at.opcode();
        if (Opcodes.isNumeric(opcode)) {
            for (int i = 0; i < Opcodes.operands(opcode); i++) {
                pop(Opcodes.operand(opcode));
            }
            push(Opcodes.result(opcode));
        } else if (opcode <= Instructions.CALL_INDIRECT) {
            control(opcode);
        } else if (Opcodes.isLoad(opcode) || Opcodes.isStore(opcode)) {
            access(opcode);
        } else if (opcode >= Instructions.PREFIXED) {
            prefixed(opcode);
        } else {
            variable(opcode);
        }
    }

    private void control(int opcode) throws RefusedException {
        switch (opcode) {
            case Instructions.UNREACHABLE -> unreachable();
            case 0x01 -> { }
            case Instructions.BLOCK, Instructions.LOOP -> open(opcode, blockType());
            case Instructions.IF -> {
                pop(WasmType.I32);
                open(opcode, blockType());
            }
            case Instructions.ELSE -> {
                Frame frame = close();
                if (frame.opcode != Instructions.IF) {
                    throw invalid("else without if");
                }
                frames.push(new Frame(Instructions.ELSE, frame.parameters, frame.results, height));
                push(frame.parameters);
            }
            case Instructions.END -> {
                Frame frame = close();
                if (frame.opcode == Instructions.IF && !Arrays.equals(frame.parameters, frame.results)) {
                    throw invalid("if without else that gives other than it takes");
                }
                push(frame.results);
            }
            case Instructions.BR -> {
                pop(label(at.first()).labelTypes());
                unreachable();
            }
            case Instructions.BR_IF -> {
                pop(WasmType.I32);
                byte[] types = label(at.first()).labelTypes();
                pop(types);
                push(types);
            }
            case Instructions.BR_TABLE -> table();
            case Instructions.RETURN -> {
                pop(frames.peekLast().results);
                unreachable();
            }
            case Instructions.CALL -> call(module.functions.get(
                    index(at.first(), module.functions.size(), "function")));
            case Instructions.CALL_INDIRECT -> {
                if (module.tables.get(index(at.second(), module.tables.size(), "table")) != WasmType.FUNCREF) {
                    throw invalid("call through a table of other than functions");
                }
                pop(WasmType.I32);
                call(type(at.first()));
            }
            default -> throw invalid("instruction");
        }
    }

    private void call(WasmType type) throws RefusedException {
        pop(type.parameters());
        push(type.results());
    }

    private void table() throws RefusedException {
        pop(WasmType.I32);
        int[] targets = at.targets();
        // Frames are found by walking; a table of thousands of deep labels would walk millions of times.
        Frame[] byDepth = frames.toArray(new Frame[0]);
        byte[] last = byDepth[index(targets[targets.length - 1], byDepth.length, "label")].labelTypes();
        byte[] seen = null;
        for (int target : targets) {
            byte[] types = byDepth[index(target, byDepth.length, "label")].labelTypes();
            if (types.length != last.length) {
                throw invalid("labels of a br_table take different numbers of operands");
            }
            if (types == seen) {
                continue;
            }
            seen = types;
            byte[] popped = new byte[types.length];
            for (int i = types.length - 1; i >= 0; i--) {
                popped[i] = pop(types[i]);
            }
            push(popped);
        }
        pop(last);
        unreachable();
    }

    private void access(int opcode) throws RefusedException {
        requireMemory();
        if (at.first() > Opcodes.alignmentMax(opcode)) {
            throw invalid("alignment larger than the access");
        }
        if (Opcodes.isStore(opcode)) {
            pop(Opcodes.accessed(opcode));
            pop(WasmType.I32);
        } else {
            pop(WasmType.I32);
            push(Opcodes.accessed(opcode));
        }
    }

    private void requireMemory() throws RefusedException {
        if (module.memories == 0) {
            throw invalid("unknown memory");
        }
    }

    private void variable(int opcode) throws RefusedException {
        switch (opcode) {
            case 0x1A -> pop();
            case 0x1B -> {
                pop(WasmType.I32);
                byte one = pop();
                byte other = pop(one);
                if (WasmType.isReference(one) || WasmType.isReference(other)) {
                    throw invalid("select of references without a type");
                }
                push(one == WasmType.ANY ? other : one);
            }
            case Instructions.SELECT_TYPED -> {
                byte type = (byte) at.first();
                pop(WasmType.I32);
                pop(type);
                pop(type);
                push(type);
            }
            case 0x20 -> push(local());
            case 0x21 -> pop(local());
            case 0x22 -> {
                pop(local());
                push(local());
            }
            case 0x23 -> push(global().type());
            case 0x24 -> {
                if (!global().isMutable()) {
                    throw invalid("write to an immutable global");
                }
                pop(global().type());
            }
            case 0x25 -> {
                pop(WasmType.I32);
                push(tableType(at.first()));
            }
            case 0x26 -> {
                pop(tableType(at.first()));
                pop(WasmType.I32);
            }
            case 0x3F -> {
                requireMemory();
                push(WasmType.I32);
            }
            case Instructions.MEMORY_GROW -> {
                requireMemory();
                pop(WasmType.I32);
                push(WasmType.I32);
            }
            case 0x41, 0x42, 0x43, 0x44 -> push(Opcodes.constant(opcode));
            case 0xD0 -> push((byte) at.first());
            case 0xD1 -> {
                byte found = pop();
                if (found != WasmType.ANY && !WasmType.isReference(found)) {
                    throw invalid("a reference expected");
                }
                push(WasmType.I32);
            }
            case 0xD2 -> {
                if (!module.referable.get(index(at.first(), module.functions.size(), "function"))) {
                    throw invalid("reference to a function that is not declared");
                }
                push(WasmType.FUNCREF);
            }
            default -> throw invalid("instruction");
        }
    }

    private byte local() throws RefusedException {
        return locals[index(at.first(), locals.length, "local")];
    }

    private ModuleParts.GlobalType global() throws RefusedException {
        return module.globals.get(index(at.first(), module.globals.size(), "global"));
    }

    private byte tableType(int index) throws RefusedException {
        return module.tables.get(index(index, module.tables.size(), "table"));
    }

    private byte segmentType(int index) throws RefusedException {
        return module.elementSegments.get(index(index, module.elementSegments.size(), "element segment"));
    }

    private void data(int index) throws RefusedException {
        if (module.dataCount < 0) {
            throw Refusals.malformed("data segment named without a data count", at.begin());
        }
        index(index, module.dataCount, "data segment");
    }

    private void popThree() throws RefusedException {
        pop(WasmType.I32);
        pop(WasmType.I32);
        pop(WasmType.I32);
    }

    private void prefixed(int opcode) throws RefusedException {
        switch (opcode) {
            case Instructions.MEMORY_INIT -> {
                requireMemory();
                data(at.first());
                popThree();
            }
            case Instructions.DATA_DROP -> data(at.first());
            case Instructions.MEMORY_COPY, Instructions.MEMORY_FILL -> {
                requireMemory();
                popThree();
            }
            case Instructions.TABLE_INIT -> {
                if (tableType(at.second()) != segmentType(at.first())) {
                    throw invalid("elements of another type than the table");
                }
                popThree();
            }
            case Instructions.ELEM_DROP -> segmentType(at.first());
            case Instructions.TABLE_COPY -> {
                if (tableType(at.first()) != tableType(at.second())) {
                    throw invalid("tables of different types");
                }
                popThree();
            }
            case Instructions.TABLE_GROW -> {
                pop(WasmType.I32);
                pop(tableType(at.first()));
                push(WasmType.I32);
            }
            case Instructions.TABLE_SIZE -> {
                tableType(at.first());
                push(WasmType.I32);
            }
            case Instructions.TABLE_FILL -> {
                pop(WasmType.I32);
                pop(tableType(at.first()));
                pop(WasmType.I32);
            }
            default -> {
                int number = opcode & 0xFF;
                pop(Opcodes.saturatingOperand(number));
                push(Opcodes.saturatingResult(number));
            }
        }
    }
}
