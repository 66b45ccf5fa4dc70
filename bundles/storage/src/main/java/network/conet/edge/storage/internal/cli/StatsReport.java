package network.conet.edge.storage.internal.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.storage.internal.StoreReader;
import network.conet.edge.storage.internal.log.LogReader;

/** What is stored, in numbers, as lines or as one JSON object. */
final class StatsReport {
    private final StoreReader store;
    private final boolean isInUse;
    private final StoreReader.Times times;

    StatsReport(StoreReader store, boolean isInUse, StoreReader.Times times) {
        this.store = store;
        this.isInUse = isInUse;
        this.times = times;
    }

    List<String> toLines() {
        List<String> lines = new ArrayList<>();
        if (isInUse) {
            lines.add("note: the node is at work here; what it has not written yet is not counted");
        }
        lines.add("messages       " + store.messages());
        lines.add("mailboxes      " + store.mailboxes());
        lines.add("oldest         " + time(times.oldestSeconds()));
        lines.add("newest         " + time(times.newestSeconds()));
        lines.add("ledger         " + store.unsettled() + " unsettled, " + store.ledger().settledIndex() + " settled");
        lines.add("values         " + store.values());
        lines.add("written        " + store.writtenBytes()[0] + " bytes, " + store.writtenBytes()[1]
                + " on the last day");
        lines.add("");
        lines.add(row("file", "generation", "state", "live bytes", "dead bytes", "live"));
        for (LogReader.Use file : store.files()) {
            lines.add(row(file.segment().name(), String.valueOf(file.segment().generation()), stateOf(file),
                    String.valueOf(liveBytes(file)), String.valueOf(deadBytes(file)),
                    file.fileBytes() == 0 ? "0%" : 100 * liveBytes(file) / file.fileBytes() + "%"));
        }
        if (!store.findings().isEmpty()) {
            lines.add("");
            lines.add("something is damaged; conet-edge storage check tells what");
        }
        return lines;
    }

    private static String row(String file, String generation, String state, String live, String dead, String share) {
        return String.format(Locale.ROOT, "%-10s %10s  %-8s %12s %12s %5s", file, generation, state, live, dead, share);
    }

    private static String time(long epochSeconds) {
        return epochSeconds == 0 ? "-" : Instant.ofEpochSecond(epochSeconds).toString();
    }

    private static String stateOf(LogReader.Use file) {
        return file.state().name().toLowerCase(Locale.ROOT);
    }

    private static long liveBytes(LogReader.Use file) {
        return file.segment().use().bytes;
    }

    private static long deadBytes(LogReader.Use file) {
        return Math.max(0, file.writtenBytes() - liveBytes(file));
    }

    JsonValue toJson() {
        List<JsonValue> files = store.files().stream().map(file -> JsonValue.object()
                .put("file", file.segment().name()).put("generation", file.segment().generation())
                .put("state", stateOf(file)).put("fileBytes", file.fileBytes()).put("liveBytes", liveBytes(file))
                .put("deadBytes", deadBytes(file)).build()).toList();
        return JsonValue.object().put("version", StorageTool.JSON_VERSION).put("inUse", isInUse)
                .put("messages", store.messages()).put("mailboxes", store.mailboxes())
                .put("oldestSeconds", times.oldestSeconds()).put("newestSeconds", times.newestSeconds())
                .put("ledger", JsonValue.object().put("unsettled", store.unsettled())
                        .put("settled", store.ledger().settledIndex()).build())
                .put("values", store.values()).put("writtenBytes", store.writtenBytes()[0])
                .put("writtenLastDayBytes", store.writtenBytes()[1])
                .put("isDamaged", !store.findings().isEmpty()).put("files", JsonValue.array(files)).build();
    }
}
