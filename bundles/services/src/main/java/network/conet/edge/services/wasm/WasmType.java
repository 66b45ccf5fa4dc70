package network.conet.edge.services.wasm;

import java.util.Arrays;
import network.conet.edge.protocol.RefusedException;

/**
 * The type of a function: value types as the bytes of the binary format (core specification, section 5.3).
 *
 * @param parameters not to be changed
 * @param results not to be changed
 */
public record WasmType(byte[] parameters, byte[] results) {
    /** A 32-bit integer. */
    public static final byte I32 = 0x7F;
    /** A 64-bit integer. */
    public static final byte I64 = 0x7E;
    /** A 32-bit float. */
    public static final byte F32 = 0x7D;
    /** A 64-bit float. */
    public static final byte F64 = 0x7C;
    /** A reference to a function. */
    public static final byte FUNCREF = 0x70;
    /** A reference of the host. */
    public static final byte EXTERNREF = 0x6F;
    /** Any type: what dead code leaves on the stack. */
    static final byte ANY = 0;
    /** A 128-bit vector, which is not taken. */
    private static final int V128 = 0x7B;

    static byte read(ByteCursor in) throws RefusedException {
        int at = in.at();
        int type = in.u8();
        return switch (type) {
            case I32, I64, F32, F64, FUNCREF, EXTERNREF -> (byte) type;
            case V128 -> throw Refusals.unsupported("vector type", at);
            default -> throw Refusals.malformed("value type " + Integer.toHexString(type), at);
        };
    }

    static byte readReference(ByteCursor in) throws RefusedException {
        int at = in.at();
        byte type = read(in);
        if (!isReference(type)) {
            throw Refusals.malformed("reference type", at);
        }
        return type;
    }

    static boolean isReference(byte type) {
        return type == FUNCREF || type == EXTERNREF;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WasmType type
                && Arrays.equals(parameters, type.parameters) && Arrays.equals(results, type.results);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(parameters) + Arrays.hashCode(results);
    }

    /** As in {@code (i32,i64)->i32}. */
    @Override
    public String toString() {
        return text(parameters) + "->" + text(results);
    }

    private static String text(byte[] types) {
        StringBuilder out = new StringBuilder("(");
        for (byte type : types) {
            out.append(out.length() > 1 ? "," : "").append(switch (type) {
                case I32 -> "i32";
                case I64 -> "i64";
                case F32 -> "f32";
                case F64 -> "f64";
                case FUNCREF -> "funcref";
                default -> "externref";
            });
        }
        return out.append(')').toString();
    }
}
