package network.conet.edge.storage.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import network.conet.edge.api.HealthItem;
import network.conet.edge.storage.internal.log.FlashPolicy;
import network.conet.edge.storage.internal.wear.WearHealth;

/** What the operator is told of the storage. Under the state's monitor, without I/O. */
final class StorageHealth {
    private static final int KIBIBYTE = 1024;
    private static final int MEBIBYTE = 1024 * 1024;

    private StorageHealth() {}

    static List<HealthItem> items(StorageSettings settings, StorageState state, long epochSeconds) {
        List<HealthItem> items = new ArrayList<>();
        if (state.isFailed || state.isBroken) {
            items.add(new HealthItem("storage.failed", HealthItem.Severity.CRITICAL,
                    "The mailbox cannot be written; new mail is refused, stored mail is still delivered.",
                    state.isBroken ? "Restart the node and report the fault in its log."
                            : "Check the card or disk. The node tries again by itself; after replacing the "
                                    + "medium, restart it."));
        }
        if (state.isFull) {
            items.add(new HealthItem("storage.full", HealthItem.Severity.WARNING,
                    "The mailbox is full; new mail is refused until stored mail is fetched or expires.",
                    "Raise quotaMiB if the disk has room, or messagesMax if memory has."));
        }
        if (state.isMemoryShort) {
            items.add(new HealthItem("storage.memory", HealthItem.Severity.WARNING,
                    "Memory is short; new mail is refused for a while, stored mail is still delivered.",
                    "Raise -Xmx, or lower indexHeapMessages and what other services take."));
        }
        if (state.ledger.isDamaged()) {
            items.add(new HealthItem("storage.ledger", HealthItem.Severity.CRITICAL,
                    "The last entry of the ledger cannot be read; it takes no more entries.",
                    "It goes on by itself when the entries before it are settled. Replace the card."));
        }
        for (String line : state.damage) {
            items.add(new HealthItem("storage.damaged", HealthItem.Severity.WARNING, "Mailbox: " + line + ".",
                    "Everything else is served. If it happens again, replace the card or disk."));
        }
        items.addAll(WearHealth.items(state.wear, state.card, epochSeconds));
        items.add(policy(settings.flash()));
        return items;
    }

    private static HealthItem policy(FlashPolicy flash) {
        String title = "Written as " + flash.kind().name().toLowerCase(Locale.ROOT) + ": groups within "
                + flash.commitWindowMillis() + " ms (" + flash.quietWindowMillis() + " ms when quiet) or "
                + flash.commitBytes() / KIBIBYTE + " KiB on pages of " + flash.alignmentBytes() + " bytes, "
                + (flash.isRecycled() ? "recycled" : "growing") + " segments of " + flash.segmentBytes() / MEBIBYTE
                + " MiB, acknowledgements within " + flash.ackDelayMillis() / 1000 + " s.";
        return new HealthItem("storage.policy", HealthItem.Severity.OK, title, "");
    }
}
