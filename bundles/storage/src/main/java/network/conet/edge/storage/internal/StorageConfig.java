package network.conet.edge.storage.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Settings of the storage. The defaults are those for an SD card in a small board. */
@ObjectClassDefinition(id = StorageComponent.PID, name = "CONET Edge mailbox",
        description = "Where and how sealed messages are kept until their recipients fetch them.")
@interface StorageConfig {
    @AttributeDefinition(name = "Directory",
            description = "Where the mailbox is kept; a relative path begins at the node's data directory.")
    String directory() default "mailbox";

    @AttributeDefinition(name = "Key file",
            description = "The secret that hides whose mailboxes lie on the medium; made at first start. Best on "
                    + "another medium; whoever has both can list the mailboxes. Without it the mailbox is lost.")
    String keyFile() default "keys/storage.key";

    @AttributeDefinition(name = "Medium", description = "What the mailbox lies on; decides what is left at -1.",
            options = {@Option(label = "SD card", value = "sd"), @Option(label = "eMMC", value = "emmc"),
                    @Option(label = "Raw NAND under UBIFS", value = "nand"),
                    @Option(label = "NVMe or another solid state disk", value = "nvme")})
    String flash() default "sd";

    @AttributeDefinition(name = "Quota (MiB)", min = "2",
            description = "Room for messages on the disk; three segments more are used.")
    int quotaMiB() default 256;

    @AttributeDefinition(name = "Free space (MiB)", min = "-1", max = "1048576",
            description = "Room on the disk that is left to others; the mailbox does not grow into it; "
                    + "-1 = as the medium wants it.")
    int freeMiBMin() default ConfigReader.BY_MEDIUM;

    @AttributeDefinition(name = "Segment size (MiB)", min = "-1", max = "64",
            description = "Size of one file of the mailbox, best a multiple of the medium's erase block; "
                    + "-1 = as the medium wants it.")
    int segmentMiB() default ConfigReader.BY_MEDIUM;

    @AttributeDefinition(name = "Commit window (ms)", min = "-1", max = "10000",
            description = "How long the first message of a group waits for others before the disk is flushed; "
                    + "-1 = as the medium wants it.")
    int commitWindowMillis() default ConfigReader.BY_MEDIUM;

    @AttributeDefinition(name = "Commit size (bytes)", min = "-1", max = "262144",
            description = "A group of this size is written at once; -1 = as the medium wants it.")
    int commitBytes() default ConfigReader.BY_MEDIUM;

    @AttributeDefinition(name = "Waiting bytes", min = "-1", max = "67108864",
            description = "Bytes that may wait for the disk before new mail is refused for a while; "
                    + "-1 = as the medium wants it.")
    int pendingBytesMax() default ConfigReader.BY_MEDIUM;

    @AttributeDefinition(name = "Acknowledgement delay (ms)", min = "-1", max = "3600000",
            description = "How long an acknowledgement waits for other writes, to save wear; "
                    + "-1 = as the medium wants it.")
    int ackDelayMillis() default ConfigReader.BY_MEDIUM;

    @AttributeDefinition(name = "Retention (days)", min = "1", max = "3650",
            description = "Age at which a message that nobody fetched is forgotten.")
    int retentionDays() default 30;

    @AttributeDefinition(name = "Abandoned (days)", min = "1", max = "3650",
            description = "A mailbox whose owner did not come for so long takes no more mail.")
    int abandonedDays() default 90;

    @AttributeDefinition(name = "Mailbox quota (MiB)", min = "1", max = "1048576",
            description = "Messages that one mailbox holds, in MiB.")
    int mailboxMiBMax() default 32;

    @AttributeDefinition(name = "Mailbox messages", min = "1", max = "10000000",
            description = "Messages that one mailbox holds.")
    int mailboxMessagesMax() default 20_000;

    @AttributeDefinition(name = "Mailboxes", min = "1", max = "10000000",
            description = "Mailboxes in which mail waits, some 400 bytes of heap each.")
    int mailboxesMax() default 20_000;

    @AttributeDefinition(name = "Source quota (MiB a day)", min = "1", max = "1048576",
            description = "New mail that is taken from one source in a day, on average; one that was silent for a "
                    + "day may bring as much at once.")
    int sourceMiBADay() default 64;

    @AttributeDefinition(name = "Index on the heap (messages)", min = "1", max = "10000000",
            description = "Messages whose index is kept on the heap, some 30 bytes each.")
    int indexHeapMessages() default 100_000;

    @AttributeDefinition(name = "Messages", min = "1", max = "10000000",
            description = "Messages in all; those beyond the heap's take direct memory, so raise "
                    + "-XX:MaxDirectMemorySize with it.")
    int messagesMax() default 200_000;

    @AttributeDefinition(name = "Ledger (MiB)", min = "0", max = "1048576",
            description = "Entries of the ledger that may wait for settlement.")
    int ledgerMiBMax() default 32;

    @AttributeDefinition(name = "Values (MiB)", min = "0", max = "1048576",
            description = "Values that services and settings keep.")
    int valuesMiBMax() default 4;

    @AttributeDefinition(name = "Rated writes (TB)", min = "0", max = "1000000",
            description = "What the maker says can be written to the medium, in 10^12 bytes; 0 = unknown: no daily "
                    + "budget.")
    double ratedTerabytes() default 0;

    @AttributeDefinition(name = "Lifetime (years)", min = "1", max = "100",
            description = "How long the medium is to last.")
    int lifetimeYears() default 5;

    @AttributeDefinition(name = "Rated erases", min = "0", max = "10000000",
            description = "How often a block of raw flash can be erased; 0 = unknown.")
    int ratedErases() default 0;
}
