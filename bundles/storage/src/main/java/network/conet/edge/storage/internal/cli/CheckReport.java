package network.conet.edge.storage.internal.cli;

import java.util.ArrayList;
import java.util.List;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.storage.internal.StoreFinding;
import network.conet.edge.storage.internal.StoreReader;
import network.conet.edge.storage.internal.log.LogReader;

/** What a check found, as lines or as one JSON object. */
final class CheckReport {
    /** Lines for one finding; JSON has all. */
    private static final int LOST_LINES_MAX = 50;

    private final StoreReader store;
    private final boolean isInUse;
    private final boolean hasKey;
    private final KeyId mailbox;

    /** @param mailbox whose state is told too; null for none */
    CheckReport(StoreReader store, boolean isInUse, boolean hasKey, KeyId mailbox) {
        this.store = store;
        this.isInUse = isInUse;
        this.hasKey = hasKey;
        this.mailbox = mailbox;
    }

    List<String> toLines() {
        List<String> lines = new ArrayList<>(notes());
        for (StoreFinding finding : store.findings()) {
            String file = finding.file();
            String place = finding.to() == 0 ? file : file + " bytes " + finding.from() + ".." + (finding.to() - 1);
            lines.add((place.isEmpty() ? "" : place + ": ") + finding.what() + "; " + finding.effect());
            finding.lost().stream().limit(LOST_LINES_MAX).forEach(lost -> lines.add("  " + line(lost)));
            if (finding.lost().size() > LOST_LINES_MAX) {
                lines.add("  and " + (finding.lost().size() - LOST_LINES_MAX) + " more, which --json names");
            }
        }
        if (mailbox != null) {
            long blinded = store.blind(mailbox);
            List<Long> lost = lostOf(blinded);
            lines.add("mailbox " + mailbox + " is " + Text.mailbox(blinded) + " here: "
                    + Text.count(store.count(blinded), "message") + " waiting, "
                    + (lost.isEmpty() ? "none known to be damaged" : "damaged: " + lost));
        }
        lines.add(Text.count(segments(), "segment") + ", " + Text.count(store.messages(), "message")
                + (hasKey ? "" : " written") + " in "
                + Text.count(store.mailboxes(), "mailbox") + ", " + store.findings().size() + " damaged");
        return lines;
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (isInUse) {
            notes.add("note: the node is at work here; its newest segment is judged up to what is complete");
        }
        if (!hasKey) {
            notes.add("note: without the storage key only headers and checksums are looked at; what was acknowledged, "
                    + "the indexes and the ledger stay closed");
        }
        return notes;
    }

    private String line(StoreFinding.Lost lost) {
        String name = lost.what() + (lost.sequence() == 0 ? "" : " " + lost.sequence())
                + (lost.mailbox() == 0 ? "" : " of mailbox " + Text.mailbox(lost.mailbox()));
        String state = !lost.isMessage() ? "" : hasKey
                ? lost.isWaiting() ? ": it was waiting" : ": it is not waiting (acknowledged, or kept elsewhere too)"
                : ": whether it was waiting is not known";
        return name + state + (lost.isProven() ? "" : ", by its own header");
    }

    private List<Long> lostOf(long blinded) {
        return store.findings().stream().flatMap(finding -> finding.lost().stream())
                .filter(lost -> lost.isMessage() && lost.isWaiting() && lost.mailbox() == blinded)
                .map(StoreFinding.Lost::sequence).distinct().sorted().toList();
    }

    private long segments() {
        return store.files().stream().filter(file -> file.state() == LogReader.State.SEALED
                || file.state() == LogReader.State.NEWEST).count();
    }

    JsonValue toJson() {
        JsonValue.Builder json = JsonValue.object().put("version", StorageTool.JSON_VERSION).put("inUse", isInUse)
                .put("hasKey", hasKey).put("segments", segments()).put("messages", store.messages())
                .put("mailboxes", store.mailboxes()).put("damaged", store.findings().size())
                .put("findings", JsonValue.array(store.findings().stream().map(this::toJson).toList()));
        if (mailbox != null) {
            long blinded = store.blind(mailbox);
            json.put("mailbox", JsonValue.object().put("keyId", mailbox.toString())
                    .put("mailbox", Text.mailbox(blinded)).put("messages", store.count(blinded))
                    .put("damaged", JsonValue.array(lostOf(blinded).stream().map(JsonValue::of).toList())).build());
        }
        return json.build();
    }

    private JsonValue toJson(StoreFinding finding) {
        return JsonValue.object().put("file", finding.file()).put("from", finding.from()).put("to", finding.to())
                .put("what", finding.what()).put("effect", finding.effect())
                .put("lost", JsonValue.array(finding.lost().stream().map(this::toJson).toList())).build();
    }

    private JsonValue toJson(StoreFinding.Lost lost) {
        JsonValue.Builder json = JsonValue.object().put("what", lost.what()).put("sequence", lost.sequence());
        if (lost.mailbox() != 0) {
            json.put("mailbox", Text.mailbox(lost.mailbox()));
        }
        if (lost.isMessage() && hasKey) {
            json.put("isWaiting", lost.isWaiting());
        }
        return json.put("isProven", lost.isProven()).build();
    }
}
