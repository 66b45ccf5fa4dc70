package network.conet.edge.storage.internal.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.LongSupplier;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counter;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.storage.internal.CommitDriver;
import network.conet.edge.storage.internal.StorageParts;
import network.conet.edge.storage.internal.StorageService;
import network.conet.edge.storage.internal.StorageStats;
import network.conet.edge.storage.internal.StorePlace;
import network.conet.edge.storage.internal.log.DirectoryVolume;
import network.conet.edge.storage.internal.log.StorageKey;

/** Copies everything that is wanted together, so that the files hold little else. The node must not run. */
final class Compaction {
    private static final int KIBIBYTE = 1024;

    private Compaction() {}

    static int run(StorePlace place, StorageKey key, PrintStream out, LongSupplier epochMillis,
            LongSupplier monotonicNanos) throws IOException {
        List<HealthItem> damage;
        PlainCounters counters = new PlainCounters();
        try (DirectoryVolume volume = new DirectoryVolume(place.directory());
                StorageService service = new StorageService(place.settings(), new StorageParts(volume, key,
                        new GivenClock(epochMillis, monotonicNanos), counters, new SecureRandom(),
                        Runnable::run, CommitDriver.MANUAL))) {
            out.println("before: " + line(service.stats()));
            service.compact();
            service.pump(); // wear is reckoned there
            out.println("after:  " + line(service.stats()));
            out.println("moved:  " + Text.count(counters.value(Counter.STORAGE_RECORDS_MOVED), "record") + ", "
                    + counters.value(Counter.STORAGE_BYTES_WRITTEN) / KIBIBYTE + " KiB written");
            damage = service.check().stream().filter(item -> item.code().equals("storage.damaged")).toList();
            damage.forEach(item -> out.println(item.title()));
        }
        return damage.isEmpty() ? StorageTool.OK : StorageTool.DAMAGED;
    }

    private static String line(StorageStats stats) {
        return Text.count(stats.segmentsInUse(), "segment") + " of " + stats.segmentsMax() + " in use, "
                + stats.wantedBytes() / KIBIBYTE + " KiB wanted in "
                + (long) stats.segmentsInUse() * stats.segmentBytes() / KIBIBYTE + " KiB, "
                + Text.count(stats.messages(), "message");
    }

    /** The clocks that the launcher gives. */
    private record GivenClock(LongSupplier wall, LongSupplier monotonic) implements Clock {
        @Override
        public long epochMillis() {
            return wall.getAsLong();
        }

        @Override
        public long monotonicNanos() {
            return monotonic.getAsLong();
        }
    }
}
