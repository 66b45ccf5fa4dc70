package network.conet.edge.storage.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the mailbox. The defaults are those for an SD card. */
@ObjectClassDefinition(id = StorageComponent.PID, name = "CONET Edge mailbox",
        description = "Where and how sealed messages are kept until their recipients fetch them.")
@interface StorageConfig {
    @AttributeDefinition(name = "Directory",
            description = "Where the mailbox is kept; a relative path begins at the node's data directory.")
    String directory() default "mailbox";

    @AttributeDefinition(name = "Quota (MiB)", min = "2",
            description = "Room for messages on the disk; two segments more are used.")
    int quotaMiB() default 256;

    @AttributeDefinition(name = "Segment size (MiB)", min = "1", max = "64",
            description = "Size of one file of the mailbox; best a multiple of the medium's erase block.")
    int segmentMiB() default 4;

    @AttributeDefinition(name = "Commit window (ms)", min = "0", max = "10000",
            description = "How long the first message of a group waits for others before the disk is flushed.")
    int commitWindowMillis() default 100;

    @AttributeDefinition(name = "Commit size (bytes)", min = "1", max = "262144",
            description = "A group of this size is written at once.")
    int commitBytes() default 65536;

    @AttributeDefinition(name = "Waiting bytes", min = "1", max = "67108864",
            description = "Bytes that may wait for the disk before new mail is refused for a while.")
    int pendingBytesMax() default 262144;

    @AttributeDefinition(name = "Acknowledgement delay (ms)", min = "0", max = "3600000",
            description = "How long an acknowledgement waits for other writes, to save wear.")
    int ackDelayMillis() default 30000;

    @AttributeDefinition(name = "Retention (days)", min = "1", max = "3650",
            description = "Age at which a message that nobody fetched is forgotten.")
    int retentionDays() default 30;
}
