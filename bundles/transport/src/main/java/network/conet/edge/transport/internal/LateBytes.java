package network.conet.edge.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * What a client sent behind its body before it is known where that goes (2.2). Pairs of CR LF directly behind the
 * body belong to nothing: clients append them outside the announced length.
 */
final class LateBytes {
    private final ByteBudget budget;
    private ByteBuf held;
    private int budgetBytes;
    private boolean skipping;

    LateBytes(ByteBudget budget) {
        this.budget = budget;
    }

    /** A body has ended. Takes over what followed it in the same read, or null. */
    void begin(ByteBuf rest) {
        skipping = true;
        held = rest;
        skip();
    }

    /** Keeps more. Returns whether still more may come now. */
    boolean hold(ByteBufAllocator allocator, ByteBuf in) {
        held = held == null ? in : Buffers.join(allocator, held, in);
        skip();
        int length = held == null ? 0 : held.readableBytes();
        boolean budgeted = length <= budgetBytes || budget.tryTake(length - budgetBytes);
        if (budgeted && length > budgetBytes) {
            budgetBytes = length;
        }
        return budgeted && length < TransportLimits.LATE_BYTES_MAX;
    }

    /** Whether line ends are still dropped, so that bytes must pass through here. */
    boolean isSkipping() {
        return skipping;
    }

    /** Whether nothing is kept that means something. */
    boolean isEmpty() {
        return held == null || skipping;
    }

    /** Hands over what is kept and known to mean something, or null. */
    ByteBuf takeMeaning() {
        return skipping ? null : takeHeld();
    }

    /** Hands over all, half a line end too, or null. */
    ByteBuf take() {
        skipping = false;
        return takeHeld();
    }

    void release() {
        Buffers.release(takeHeld());
        skipping = false;
    }

    private ByteBuf takeHeld() {
        ByteBuf taken = held;
        held = null;
        budget.give(budgetBytes);
        budgetBytes = 0;
        return taken;
    }

    private void skip() {
        if (skipping && held != null) {
            skipping = !Buffers.skipLineEnds(held);
            if (!held.isReadable()) {
                held = Buffers.release(held);
            }
        }
    }
}
