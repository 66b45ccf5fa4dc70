package network.conet.edge.metering.internal;

import java.util.Optional;
import network.conet.edge.api.Settlements;
import network.conet.edge.protocol.KeyId;

/**
 * How a wallet stands with this node; all amounts in nanocredits since the beginning, none ever falls. Changed by
 * {@link Book} only.
 */
final class Account {
    /** What it used costs. */
    long charged;
    /** What the owner gave it. */
    long granted;
    /** What its newest voucher promises. */
    long promised;
    /** What the chain has paid out of its channel. */
    long paid;
    /** The newest voucher; null before the first. */
    Settlements.Signed voucher;
    /** Its mailbox, if it ever had mail here. */
    Optional<KeyId> keyId = Optional.empty();
    /** Day (since 1970) of the allowance that the two below are used of. */
    long day;
    long freeBytesUsed;
    long freeByteSecondsUsed;
    long freeEgressUsed;

    /** What it has left; negative when it owes. */
    long balance() {
        return granted + promised - charged;
    }

    /** What of its promises is not on the chain yet. */
    long unpaid() {
        return Math.max(0, promised - paid);
    }

    /** Whether nothing would be lost if it were forgotten on a later day. */
    boolean isBlank() {
        return charged == 0 && granted == 0 && promised == 0 && paid == 0;
    }
}
