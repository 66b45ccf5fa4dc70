package network.conet.edge.storage.internal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import network.conet.edge.storage.internal.log.FlashPolicy;
import network.conet.edge.storage.internal.log.LogSettings;

/** Turns what the operator set into settings: the medium decides what he left open. */
final class ConfigReader {
    /** Stands for "as the medium wants it". */
    static final int BY_MEDIUM = -1;

    private static final long MEBIBYTE = 1024 * 1024;

    private ConfigReader() {}

    /** @throws IllegalArgumentException with one clear line */
    static StorageSettings settings(StorageConfig config) {
        FlashPolicy.Kind medium = medium(config.flash());
        FlashPolicy kind = medium.policy();
        int window = or(config.commitWindowMillis(), kind.commitWindowMillis());
        int quiet = config.commitWindowMillis() == BY_MEDIUM ? kind.quietWindowMillis() : window;
        FlashPolicy flash = kind.withWindows(window, quiet)
                .withGroups(or(config.commitBytes(), kind.commitBytes()),
                        or(config.pendingBytesMax(), kind.pendingBytesMax()))
                .withAckDelay(or(config.ackDelayMillis(), kind.ackDelayMillis()));
        int segmentMiB = or(config.segmentMiB(), (int) (kind.segmentBytes() / MEBIBYTE));
        StorageSettings base = StorageSettings.of(flash, config.quotaMiB(), segmentMiB);
        LogSettings log = new LogSettings(base.flash(), base.log().segmentsMax(),
                or(config.freeMiBMin(), medium.freeMiBMin()) * MEBIBYTE);
        Quotas quotas = new Quotas(config.mailboxMiBMax() * MEBIBYTE, config.mailboxMessagesMax(),
                config.mailboxesMax(), config.sourceMiBADay() * MEBIBYTE, config.retentionDays(),
                config.abandonedDays(),
                config.ledgerMiBMax() * MEBIBYTE, config.valuesMiBMax() * MEBIBYTE);
        StorageSettings.Index index = new StorageSettings.Index(config.indexHeapMessages(),
                config.messagesMax(), StorageSettings.Index.DEFAULT.snapshotMessagesMin());
        StorageSettings.Wear wear = new StorageSettings.Wear(config.ratedTerabytes(), config.lifetimeYears(),
                medium.writeFactor());
        return new StorageSettings(log, quotas, index, wear);
    }

    /**
     * A place that the operator set; a relative one begins at the data directory.
     *
     * @throws IllegalArgumentException with one clear line
     */
    static Path path(Path data, String setting, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(setting + " is empty");
        }
        try {
            return data.resolve(Path.of(text));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(setting + " is not a path: " + text, e);
        }
    }

    private static FlashPolicy.Kind medium(String name) {
        for (FlashPolicy.Kind kind : FlashPolicy.Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("flash must be sd, emmc, nand or nvme, not " + name);
    }

    private static int or(int set, int otherwise) {
        return set == BY_MEDIUM ? otherwise : set;
    }
}
