package network.conet.edge.bench.storage;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import network.conet.edge.protocol.JsonValue;

/**
 * Measures one store in one case.
 *
 * <p>Arguments: case, store, directory, block device statistics or an empty word, and what the case asks for:
 * <pre>
 * groups   BYTES WARM-UP MESSAGES          groups of 1, 2 and 11, alone and with acknowledgements
 * senders  BYTES WARM-UP SENDERS WINDOW-MILLIS MILLIS
 * arrivals BYTES WARM-UP A-SECOND SECONDS  in real time
 * fill     BYTES MESSAGES                  and a clean stop
 * filled   BYTES MESSAGES OPERATIONS       opens and measures; leaves the store open until it is killed
 * reopen   BYTES MESSAGES OPERATIONS       opens what the killed one left, and looks whether all is there
 * </pre>
 */
public final class Measure {
    private static final int[] GROUPS = {1, 2, 11};
    private static final int RECIPIENTS = 50;
    /** A message is acknowledged when so many have come after it. */
    private static final int LIVE = 20;
    /** Large, because only the result counts. */
    private static final int WARM_UP_GROUP = 200;
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Filling, where only the result counts: so many messages to one of so many mailboxes at a time. */
    private static final int FILL_GROUP = 250;
    private static final int FILL_RECIPIENTS = 1000;
    private static final int LISTED = 20;
    private static final int KIBIBYTE = 1024;

    private final String name;
    private final Path place;
    private final String statistics;
    private final int bytes;
    private final ArrayDeque<Message> live = new ArrayDeque<>();
    private long number;

    private Measure(String name, Path place, String statistics, int bytes) {
        this.name = name;
        this.place = place;
        this.statistics = statistics;
        this.bytes = bytes;
    }

    /** Runs one case. */
    public static void main(String[] words) throws Exception {
        Measure measure = new Measure(words[1], Path.of(words[2]), words[3], Integer.parseInt(words[4]));
        int[] numbers = Arrays.stream(words).skip(5).mapToInt(Integer::parseInt).toArray();
        JsonValue.Builder json = JsonValue.object().put("store", words[1]).put("bytes", measure.bytes);
        switch (words[0]) {
            case "groups" -> measure.groups(numbers[0], numbers[1], json);
            case "senders" -> measure.senders(numbers[0], numbers[1], numbers[2], numbers[3], json);
            case "arrivals" -> measure.arrivals(numbers[0], numbers[1], numbers[2], json);
            case "fill" -> measure.fill(numbers[0], json);
            case "filled" -> measure.filled(numbers[0], numbers[1], json);
            case "reopen" -> measure.reopen(numbers[0], numbers[1], json);
            default -> throw new IOException("no such case: " + words[0]);
        }
        System.out.println(json.build());
        if (words[0].equals("filled")) {
            System.in.read(); // never answered
        }
    }

    private void groups(int warmUp, int messages, JsonValue.Builder json) throws Exception {
        try (Store store = Store.open(name, directory())) {
            DiskCounts before = counts();
            for (int i = 0; i < warmUp; i++) {
                storeGroup(store, 1);
            }
            JsonValue.Builder fresh = JsonValue.object();
            counts().putSince(before, warmUp, fresh);
            json.put("fresh", fresh.build());
            storeAlone(store, messages, 1); // as many files as the next one needs
            List<JsonValue> groups = new ArrayList<>();
            for (int size : GROUPS) {
                int count = Math.max(1, messages / size);
                JsonValue alone = storeAlone(store, count, size);
                before = counts();
                for (int i = 0; i < count; i++) {
                    storeGroup(store, size);
                }
                JsonValue.Builder acknowledged = JsonValue.object();
                counts().putSince(before, (long) count * size, acknowledged);
                groups.add(JsonValue.object().put("size", size).put("alone", alone)
                        .put("acknowledged", acknowledged.build()).build());
            }
            json.put("groups", JsonValue.array(groups));
        }
    }

    /** Counts groups that carry no acknowledgement; what they stored is acknowledged afterwards. */
    private JsonValue storeAlone(Store store, int groups, int size) throws Exception {
        DiskCounts before = counts();
        for (int i = 0; i < groups; i++) {
            List<Message> group = nextGroup(size);
            store.commit(group, List.of());
            live.addAll(group);
        }
        JsonValue.Builder json = JsonValue.object();
        counts().putSince(before, (long) groups * size, json);
        store.commit(List.of(), acknowledged(List.of()));
        return json.build();
    }

    private void senders(int warmUp, int count, int windowMillis, int millis, JsonValue.Builder json)
            throws Exception {
        try (Store store = Store.open(name, directory())) {
            warmUp(store, warmUp);
            DiskCounts before = counts();
            long began = System.nanoTime();
            Senders senders = new Senders(count, this::nextMessage);
            long groups = 0;
            long messages = 0;
            do {
                List<Message> group = senders.collect(TimeUnit.MILLISECONDS.toNanos(windowMillis));
                store.commit(group, acknowledged(group));
                senders.stored();
                groups++;
                messages += group.size();
            } while (System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(millis));
            long nanos = System.nanoTime() - began;
            counts().putSince(before, messages, json).put("senders", count).put("windowMillis", windowMillis)
                    .put("messages", messages).put("groupSize", JsonValue.of((double) messages / groups))
                    .put("perSecond", JsonValue.of(messages * 1e9 / nanos));
            senders.end();
        }
    }

    /** Messages come by chance, so many a second; a group is what came within a window that the first one opens. */
    private void arrivals(int warmUp, int perSecond, int seconds, JsonValue.Builder json) throws Exception {
        try (Store store = Store.open(name, directory())) {
            warmUp(store, warmUp);
            Random chance = new Random(perSecond); // the same arrivals for every store
            DiskCounts before = counts();
            long began = System.nanoTime();
            double next = pauseSeconds(chance, perSecond);
            long groups = 0;
            long messages = 0;
            while (next < seconds) {
                waitUntil(began + (long) (next * 1e9) + WINDOW_NANOS);
                double now = (System.nanoTime() - began) / 1e9;
                List<Message> group = new ArrayList<>();
                while (next <= now) {
                    group.add(nextMessage());
                    next += pauseSeconds(chance, perSecond);
                }
                store.commit(group, acknowledged(group));
                groups++;
                messages += group.size();
            }
            waitUntil(began + TimeUnit.SECONDS.toNanos(seconds));
            counts().putSince(before, messages, json).put("aSecond", perSecond).put("messages", messages)
                    .put("groupSize", JsonValue.of((double) messages / groups));
        }
    }

    private static double pauseSeconds(Random chance, int perSecond) {
        return -Math.log(1 - chance.nextDouble()) / perSecond;
    }

    private static void waitUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void fill(int messages, JsonValue.Builder json) throws Exception {
        long began = System.nanoTime();
        try (Store store = Store.open(name, directory())) {
            while (number < messages) {
                List<Message> group = new ArrayList<>();
                int recipient = filled(number + 1);
                for (int i = 0; i < FILL_GROUP && number < messages; i++) {
                    group.add(Message.of(recipient, ++number, bytes));
                }
                store.commit(group, List.of());
            }
            json.put("fillSeconds", JsonValue.of((System.nanoTime() - began) / 1e9));
            began = System.nanoTime();
        }
        json.put("closeMillis", JsonValue.of(millisSince(began)));
        try (Stream<Path> files = Files.walk(directory())) {
            long blocks = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                blocks += Files.size(file);
            }
            json.put("storedBytes", blocks);
        }
    }

    /** Whose the messages are that {@link #fill} stored. */
    private static int filled(long number) {
        return 1 + (int) ((number - 1) / FILL_GROUP % FILL_RECIPIENTS);
    }

    private void filled(int messages, int operations, JsonValue.Builder json) throws Exception {
        loadClasses(1);
        long heapBefore = heapBytes();
        long residentBefore = residentKiB();
        long began = System.nanoTime();
        Store store = Store.open(name, directory());
        json.put("openMillis", JsonValue.of(millisSince(began)));
        number = messages;
        Random chance = new Random(messages);
        for (int i = 0; i < operations / 3; i++) { // so that the code is compiled
            Message message = Message.of(1 + chance.nextInt(FILL_RECIPIENTS), ++number, bytes);
            store.commit(List.of(message), List.of());
            store.commit(List.of(), List.of(message));
            store.list(1 + chance.nextInt(FILL_RECIPIENTS), LISTED);
        }
        List<Message> added = new ArrayList<>();
        for (int i = 0; i < operations; i++) {
            added.add(Message.of(1 + chance.nextInt(FILL_RECIPIENTS), ++number, bytes));
        }
        json.put("store", each(operations, i -> store.commit(List.of(added.get(i)), List.of())));
        json.put("acknowledge", each(operations, i -> store.commit(List.of(), List.of(added.get(i)))));
        json.put("list", each(operations, i -> store.list(filled(1 + chance.nextInt(1 + messages)), LISTED)));
        Message last = Message.of(1, ++number, bytes);
        store.commit(List.of(last), List.of());
        added.clear();
        json.put("heapKiB", heapBytes() / KIBIBYTE).put("heapBeforeKiB", heapBefore / KIBIBYTE)
                .put("residentKiB", residentKiB()).put("residentBeforeKiB", residentBefore);
    }

    private void reopen(int messages, int operations, JsonValue.Builder json) throws Exception {
        loadClasses(3);
        long began = System.nanoTime();
        Store store = Store.open(name, directory());
        json.put("openMillis", JsonValue.of(millisSince(began)));
        int[] expected = new int[FILL_RECIPIENTS + 1];
        for (int from = 0; from < messages; from += FILL_GROUP) {
            expected[filled(from + 1)] += Math.min(FILL_GROUP, messages - from);
        }
        expected[1]++; // the last one before the kill
        for (int recipient = 1; recipient <= FILL_RECIPIENTS; recipient++) {
            int count = store.count(recipient);
            if (count != expected[recipient]) {
                throw new IOException("mailbox " + recipient + " has " + count + " messages after the kill, not "
                        + expected[recipient]);
            }
        }
        store.close();
    }

    /** So that the time to open is the store's own and not that of loading it. */
    private void loadClasses(long firstNumber) throws Exception {
        Path other = place.resolve("other");
        for (long i = firstNumber; i < firstNumber + 2; i++) { // ours takes no acknowledged message again
            Message message = Message.of(1, i, bytes);
            try (Store store = Store.open(name, other)) {
                store.commit(List.of(message), List.of());
                store.commit(List.of(), List.of(message));
            }
        }
    }

    /** Something that is done many times. */
    private interface Operation {
        void run(int i) throws Exception;
    }

    private JsonValue each(int operations, Operation operation) throws Exception {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long[] nanos = new long[operations];
        DiskCounts before = counts();
        long cpu = system.getProcessCpuTime(); // in steps of ten milliseconds
        for (int i = 0; i < operations; i++) {
            long began = System.nanoTime();
            operation.run(i);
            nanos[i] = System.nanoTime() - began;
        }
        cpu = system.getProcessCpuTime() - cpu;
        JsonValue.Builder json = JsonValue.object().put("cpuMicros", JsonValue.of(cpu / 1e3 / operations));
        counts().putSince(before, operations, json);
        Arrays.sort(nanos);
        return json.put("medianMicros", JsonValue.of(nanos[operations / 2] / 1e3)).build();
    }

    /** Until files are prepared, used and used again. */
    private void warmUp(Store store, int messages) throws Exception {
        for (int i = 0; i < messages; i += WARM_UP_GROUP) {
            storeGroup(store, WARM_UP_GROUP);
        }
    }

    private void storeGroup(Store store, int size) throws Exception {
        List<Message> group = nextGroup(size);
        store.commit(group, acknowledged(group));
    }

    private List<Message> nextGroup(int size) {
        List<Message> group = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            group.add(nextMessage());
        }
        return group;
    }

    private Message nextMessage() {
        number++;
        return Message.of(1 + (int) (number % RECIPIENTS), number, bytes);
    }

    /** What is acknowledged together with this group: of the messages before it, all but the newest. */
    private List<Message> acknowledged(List<Message> group) {
        List<Message> old = new ArrayList<>();
        while (live.size() > LIVE) {
            old.add(live.remove());
        }
        live.addAll(group);
        return old;
    }

    private Path directory() {
        return place.resolve("store");
    }

    private DiskCounts counts() throws IOException, InterruptedException {
        return DiskCounts.now(place, statistics);
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long residentKiB() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).sum();
    }
}
