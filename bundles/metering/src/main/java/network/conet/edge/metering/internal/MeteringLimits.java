package network.conet.edge.metering.internal;

import java.util.concurrent.TimeUnit;

/** Every bound of this bundle in one place. */
final class MeteringLimits {
    /** Wallets that have an account: twice the saved book fits the values of the storage. */
    static final int ACCOUNTS_MAX = 8_000;
    /** Nodes that something is owed; as many as the directory keeps. */
    static final int PAYEES_MAX = 2_000;
    /** Days of which totals are kept. */
    static final int DAYS_MAX = 400;
    /** Payments on the chain that are remembered with their transaction. */
    static final int PAYMENTS_MAX = 200;
    /** Entries that are read in one turn. */
    static final int READ_ENTRIES = 256;
    /** Entries behind which the book is saved and the ledger may forget. */
    static final int SAVE_ENTRIES = 2_048;
    /** Bytes of the saved book in one value; a value holds at most 64 KiB. */
    static final int PART_BYTES = 60_000;
    /** Parts of a saved book. */
    static final int PARTS_MAX = 256;
    /** How often mailboxes are looked at for what they hold. */
    static final long SAMPLE_SECONDS = TimeUnit.HOURS.toSeconds(1);
    /** Between two looks, time that is charged for at most: a node that slept kept no mail for anybody. */
    static final long SAMPLE_SECONDS_MAX = 2 * SAMPLE_SECONDS;
    /** Between two attempts to bring prices to the chain. */
    static final long PUBLISH_SECONDS = 60;
    /** Most that a wallet may be granted or an account may hold: far below where sums could overflow. */
    static final long AMOUNT_MAX = 1L << 52;

    private MeteringLimits() {}
}
