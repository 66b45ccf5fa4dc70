package network.conet.edge.protocol.pay;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/**
 * What an entry of a node's ledger says: the only truth about what it is owed. Every balance follows from the
 * entries in their order, and from nothing else.
 *
 * <pre>
 *  0    1    2         10
 *  +----+----+---------+----------------- - -
 *  | 1  |kind| seconds | by kind, big-endian      kind  1 mail    2 stored   3 called  4 uptime   5 terms
 *  +----+----+---------+----------------- - -           6 granted 7 promised 8 paid    9 given   10 egress
 * </pre>
 */
public sealed interface LedgerEntry {
    /** Forwarding nodes in one entry: as many as hops. */
    int FORWARDERS_MAX = 3;
    /** Mailboxes in one entry. */
    int STORED_MAX = 1024;

    /** When it was written, by the node's clock, in unix seconds. */
    long epochSeconds();

    /**
     * A message was taken into a mailbox.
     *
     * @param wallet whose mailbox
     * @param keyId its key
     * @param armorHash of the message
     * @param armorBytes its length
     * @param forwarders nodes whose signatures prove that they carried it, each once
     */
    record Mail(long epochSeconds, WalletAddress wallet, KeyId keyId, Hash256 armorHash, int armorBytes,
            List<WalletAddress> forwarders) implements LedgerEntry {
        /** Copies what can change. */
        public Mail {
            Objects.requireNonNull(wallet);
            Objects.requireNonNull(keyId);
            Objects.requireNonNull(armorHash);
            forwarders = List.copyOf(forwarders);
            if (armorBytes < 0 || forwarders.size() > FORWARDERS_MAX) {
                throw new IllegalArgumentException("no message");
            }
        }
    }

    /**
     * Mail lay in mailboxes.
     *
     * @param shares whose, and how long
     */
    record Stored(long epochSeconds, List<Share> shares) implements LedgerEntry {
        /** Copies what can change. */
        public Stored {
            shares = List.copyOf(shares);
            if (shares.size() > STORED_MAX) {
                throw new IllegalArgumentException("too many mailboxes");
            }
        }

        /**
         * @param wallet whose mailbox
         * @param byteSeconds bytes times seconds
         */
        public record Share(WalletAddress wallet, long byteSeconds) {}
    }

    /**
     * A wallet called a service that costs something.
     *
     * @param wallet who called
     * @param fuel units that the call used
     * @param amount what it costs, in nanocredits: services have prices of their own
     */
    record Called(long epochSeconds, WalletAddress wallet, long fuel, long amount) implements LedgerEntry {}

    /**
     * A tunnel of the proxy ended.
     *
     * @param wallet whose
     * @param bytes that went through, both directions
     */
    record Egress(long epochSeconds, WalletAddress wallet, long bytes) implements LedgerEntry {}

    /**
     * The node answered its listeners.
     *
     * @param firstEpoch of the range
     * @param lastEpoch of the range
     * @param epochs how many of them
     */
    record Uptime(long epochSeconds, long firstEpoch, long lastEpoch, long epochs) implements LedgerEntry {}

    /**
     * What things cost from here on.
     *
     * @param prices the list
     * @param freeBytesADay relayed bytes that a wallet need not pay each day
     * @param freeByteSecondsADay the same of storage
     * @param freeEgressADay the same of bytes through the proxy
     * @param creditLimit nanocredits that a wallet may owe
     */
    record Terms(long epochSeconds, PriceList prices, long freeBytesADay, long freeByteSecondsADay,
            long freeEgressADay, long creditLimit) implements LedgerEntry {}

    /**
     * The owner gave a wallet credit.
     *
     * @param wallet who has it
     * @param amount nanocredits
     */
    record Granted(long epochSeconds, WalletAddress wallet, long amount) implements LedgerEntry {}

    /**
     * A wallet's voucher was accepted.
     *
     * @param voucher what it promises
     * @param signature of its payer
     * @param forForwarding whether it pays for mail that this node carried to its payer, so that it is used with it;
     *     else
     *     the payer has it to spend
     */
    record Promised(long epochSeconds, Voucher voucher, WalletSignature signature, boolean forForwarding)
            implements LedgerEntry {}

    /**
     * The chain says what was paid of a channel, deep enough to stay.
     *
     * @param payer whose channel with this node
     * @param redeemed nanocredits since the channel began
     * @param transaction that paid the last of it; zeros when it is not ours
     */
    record Paid(long epochSeconds, WalletAddress payer, long redeemed, Hash256 transaction) implements LedgerEntry {}

    /**
     * This node gave a voucher to one that forwards to it.
     *
     * @param payee the other node
     * @param cumulative nanocredits promised to it in all
     */
    record Given(long epochSeconds, WalletAddress payee, long cumulative) implements LedgerEntry {}

    /** The bytes of an entry. */
    default byte[] encode() {
        return LedgerEntryCodec.encode(this);
    }

    /**
     * Reads the bytes of an entry.
     *
     * @throws RefusedException RECEIPT_MALFORMED when they are of no kind that this version knows, or of another length
     */
    static LedgerEntry parse(byte[] content) throws RefusedException {
        try {
            return LedgerEntryCodec.decode(ByteBuffer.wrap(content));
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            throw new RefusedException(RefuseReason.RECEIPT_MALFORMED, "an entry of the ledger cannot be read");
        }
    }
}
