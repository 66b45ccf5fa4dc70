package network.conet.edge.services.wasm;

/**
 * What the injected global holds: how much fuel is left and how deep the stack is, in one number, so that one addition
 * and one test account for both.
 *
 * <pre>
 *   bit 63          bits 62..48                         bit 47            bits 46..0
 *   stack is full │ units of stack above the base     │ fuel is spent   │ fuel that is left
 * </pre>
 *
 * A counter that runs over its field sets the bit above it; the guest stops there before it does anything else.
 */
public final class Fuel {
    /** Most fuel that a call may have. */
    public static final long MAX = 1L << 40;
    /** Units of stack that a call may use; a frame takes one, and one more for each 16 locals and operands. */
    public static final int STACK_UNITS = 4096;
    /** Fuel that a module's start function may use. */
    public static final long START = 50_000_000;

    static final int STACK_SHIFT = 48;
    static final int SLOTS_A_UNIT = 16;
    /** The two bits that say that something ran over. */
    static final long SPENT = 1L << 63 | 1L << 47;
    private static final long STACK_BASE = (1L << 15) - STACK_UNITS;

    private Fuel() {}

    /**
     * The number for a fresh call.
     *
     * @param fuel 0 to {@link #MAX}
     */
    public static long fresh(long fuel) {
        if (fuel < 0 || fuel > MAX) {
            throw new IllegalArgumentException("fuel outside its range");
        }
        return STACK_BASE << STACK_SHIFT | fuel;
    }

    /** What is left; negative when more was used than there was. */
    public static long left(long number) {
        return number << Long.SIZE - STACK_SHIFT >> Long.SIZE - STACK_SHIFT;
    }

    /** Whether all fuel was used. */
    public static boolean isSpent(long number) {
        return left(number) < 0;
    }

    /** Whether the stack was full. */
    public static boolean isStackFull(long number) {
        return number < 0;
    }

    /** Units of stack that a frame of that many locals and operands takes. */
    static long units(int slots) {
        return 1 + slots / SLOTS_A_UNIT;
    }
}
