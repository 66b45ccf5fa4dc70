package network.conet.edge.transport.internal;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Collects a body of announced length in one array, which grows as the bytes arrive and is of exactly the announced
 * length at the end. What it allocates is taken from the budget first.
 */
final class BodyBuffer {
    private static final byte[] EMPTY = {};

    private final ByteBudget budget;
    private byte[] bytes = EMPTY;
    private int length;
    private int filled;

    BodyBuffer(ByteBudget budget) {
        this.budget = budget;
    }

    void begin(int announced) {
        length = announced;
        filled = 0;
    }

    /**
     * Takes what belongs to the body.
     *
     * @param in what has arrived, or null
     * @return false when the budget is used up
     */
    boolean fill(ByteBuf in) {
        while (in != null && in.isReadable() && filled < length) {
            if (filled == bytes.length && !grow()) {
                return false;
            }
            int part = Math.min(in.readableBytes(), bytes.length - filled);
            in.readBytes(bytes, filled, part);
            filled += part;
        }
        return true;
    }

    boolean isComplete() {
        return filled == length;
    }

    boolean isEmpty() {
        return filled == 0;
    }

    /** Hands over the body. Its length stays taken from the budget. */
    byte[] take() {
        byte[] taken = bytes;
        bytes = EMPTY;
        return taken;
    }

    void release() {
        budget.give(bytes.length);
        bytes = EMPTY;
    }

    private boolean grow() {
        int next = Math.min(length, Math.max(TransportLimits.BODY_STEP_BYTES, 2 * bytes.length));
        if (!budget.tryTake(next - bytes.length)) {
            return false;
        }
        bytes = bytes.length == 0 ? new byte[next] : Arrays.copyOf(bytes, next);
        return true;
    }
}
