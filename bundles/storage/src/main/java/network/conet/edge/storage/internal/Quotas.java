package network.conet.edge.storage.internal;

/**
 * How much the node keeps for whom.
 *
 * @param mailboxBytesMax of messages in one mailbox
 * @param mailboxMessagesMax messages in one mailbox
 * @param mailboxesMax mailboxes in which messages wait; each takes some 400 bytes of heap beside its messages
 * @param sourceBytesADay of new mail from one source in 24 hours
 * @param retentionDays age at which a message is forgotten, 1..3650
 * @param abandonedDays a mailbox whose owner did not come for so long takes no more, 1..3650
 * @param ledgerBytesMax of ledger entries that are not settled
 * @param valueBytesMax of values of services and settings, keys included
 */
public record Quotas(
        long mailboxBytesMax,
        int mailboxMessagesMax,
        int mailboxesMax,
        long sourceBytesADay,
        int retentionDays,
        int abandonedDays,
        long ledgerBytesMax,
        long valueBytesMax) {

    private static final long MEBIBYTE = 1024 * 1024;
    private static final int DAYS_MAX = 3650;
    private static final int MESSAGES_MAX = 10_000_000;

    /** What suits a node with the default quota. */
    public static final Quotas DEFAULT = new Quotas(32 * MEBIBYTE, 20_000, 20_000, 64 * MEBIBYTE, 30, 90,
            32 * MEBIBYTE, 4 * MEBIBYTE);

    /** @throws IllegalArgumentException with one clear line when a value is outside its range */
    public Quotas {
        inRange("mailboxBytesMax", mailboxBytesMax, 1, Long.MAX_VALUE);
        inRange("mailboxMessagesMax", mailboxMessagesMax, 1, MESSAGES_MAX);
        inRange("mailboxesMax", mailboxesMax, 1, MESSAGES_MAX);
        inRange("sourceBytesADay", sourceBytesADay, 1, Long.MAX_VALUE);
        inRange("retentionDays", retentionDays, 1, DAYS_MAX);
        inRange("abandonedDays", abandonedDays, 1, DAYS_MAX);
        inRange("ledgerBytesMax", ledgerBytesMax, 0, Long.MAX_VALUE);
        inRange("valueBytesMax", valueBytesMax, 0, Long.MAX_VALUE);
    }

    /** With other bounds of one mailbox and one source. */
    public Quotas withMailbox(long bytesMax, int mailboxMessages, long sourceBytes) {
        return new Quotas(bytesMax, mailboxMessages, mailboxesMax, sourceBytes, retentionDays, abandonedDays,
                ledgerBytesMax, valueBytesMax);
    }

    /** With another bound of mailboxes. */
    public Quotas withMailboxes(int most) {
        return new Quotas(mailboxBytesMax, mailboxMessagesMax, most, sourceBytesADay, retentionDays, abandonedDays,
                ledgerBytesMax, valueBytesMax);
    }

    /** With other ages. */
    public Quotas withDays(int retention, int abandoned) {
        return new Quotas(mailboxBytesMax, mailboxMessagesMax, mailboxesMax, sourceBytesADay, retention, abandoned,
                ledgerBytesMax, valueBytesMax);
    }

    private static void inRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            String bounds = max == Long.MAX_VALUE ? "at least " + min : min + ".." + max;
            throw new IllegalArgumentException(name + " must be " + bounds + ", not " + value);
        }
    }
}
