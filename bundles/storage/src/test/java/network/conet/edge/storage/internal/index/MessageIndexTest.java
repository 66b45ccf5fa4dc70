package network.conet.edge.storage.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every index does, each against the same simple model. */
class MessageIndexTest {
    private static final long[] EDGES = {0, 1, -1, 2, Long.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE + 1};
    private static final long LOCATION_MAX = Long.MAX_VALUE;

    static Stream<Named<Supplier<MessageIndex>>> indexes() {
        return Stream.of(
                Named.of("direct", DirectIndex::new),
                Named.of("heap first", () -> new MailboxIndex(1000, DirectIndex::new)),
                Named.of("both", () -> new MailboxIndex(3, DirectIndex::new)));
    }

    @ParameterizedTest
    @MethodSource("indexes")
    void emptyIndexHoldsNothing(Supplier<MessageIndex> supplier) throws IOException {
        MessageIndex index = supplier.get();
        assertEquals(0, index.size());
        assertEquals(0, index.location(7, 1));
        assertEquals(0, index.remove(7, 1));
        assertEquals(0, index.nextAfter(7, 0));
        assertEquals(0, index.nextOfHash(7, 5, 0));
        assertEquals(List.of(), entries(index));
        index.close();
    }

    @ParameterizedTest
    @MethodSource("indexes")
    void messageMovesToItsNewLocation(Supplier<MessageIndex> supplier) throws IOException {
        MessageIndex index = supplier.get();
        assertEquals(0, index.put(7, 1, 5, 100));
        assertEquals(100, index.put(7, 1, 5, LOCATION_MAX));
        assertEquals(LOCATION_MAX, index.location(7, 1));
        assertEquals(1, index.size());
        assertEquals(List.of(new Entry(7, 1, 5, LOCATION_MAX)), entries(index));
        assertEquals(LOCATION_MAX, index.remove(7, 1));
        assertEquals(0, index.size());
        index.close();
    }

    @ParameterizedTest
    @MethodSource("indexes")
    void messageKeepsItsHash(Supplier<MessageIndex> supplier) throws IOException {
        MessageIndex index = supplier.get();
        for (long sequence = 1; sequence <= 5; sequence++) {
            index.put(7, sequence, 5, 100);
            assertEquals(100, index.put(7, sequence, 0, 101));
        }
        assertEquals(4, index.nextOfHash(7, 5, 3));
        assertEquals(0, index.nextOfHash(7, 0, 0));
        assertEquals(101, index.remove(7, 5));
        assertEquals(0, index.nextOfHash(7, 5, 4), "nothing is left of it");
        assertEquals(new Entry(7, 1, 5, 101), entries(index).get(0));
        index.close();
    }

    @ParameterizedTest
    @MethodSource("indexes")
    void mailboxEndsAtItsLastMessage(Supplier<MessageIndex> supplier) {
        MessageIndex index = supplier.get();
        index.put(-1, Long.MAX_VALUE, 5, 1);
        index.put(6, 3, 5, 1);
        index.put(7, 4, 5, 1);
        assertEquals(3, index.nextAfter(6, 2));
        assertEquals(0, index.nextAfter(6, 3));
        assertEquals(0, index.nextAfter(6, Long.MAX_VALUE));
        assertEquals(Long.MAX_VALUE, index.nextAfter(-1, Long.MAX_VALUE - 1));
        assertEquals(0, index.nextAfter(-1, Long.MAX_VALUE));
        index.close();
    }

    @ParameterizedTest
    @MethodSource("indexes")
    void messagesOfOneHashComeInOrder(Supplier<MessageIndex> supplier) {
        MessageIndex index = supplier.get();
        for (int i = 0; i < EDGES.length; i++) {
            index.put(7, i + 1, EDGES[i], 1);
        }
        index.put(7, 30, -1, 1);
        index.put(7, 20, -1, 1);
        index.put(8, 25, -1, 1);
        for (int i = 0; i < EDGES.length; i++) {
            assertEquals(i + 1, index.nextOfHash(7, EDGES[i], 0));
            assertEquals(EDGES[i] == -1 ? 20 : 0, index.nextOfHash(7, EDGES[i], i + 1));
        }
        assertEquals(30, index.nextOfHash(7, -1, 20));
        assertEquals(0, index.nextOfHash(7, -1, 30));
        assertEquals(0, index.nextOfHash(7, 17, 0));
        index.close();
    }

    @ParameterizedTest
    @MethodSource("indexes")
    void refusalOfTheVisitorEndsTheWalk(Supplier<MessageIndex> supplier) {
        MessageIndex index = supplier.get();
        index.put(7, 1, 5, 1);
        index.put(7, 2, 5, 1);
        IOException refusal = new IOException("enough");
        List<Long> seen = new ArrayList<>();
        assertSame(refusal, assertThrows(IOException.class, () -> index.forEach((mailbox, sequence, prefix, at) -> {
            seen.add(sequence);
            throw refusal;
        })));
        assertEquals(List.of(1L), seen);
        index.close();
    }

    @ParameterizedTest
    @MethodSource("indexes")
    void chanceFindsNoDifferenceToTheModel(Supplier<MessageIndex> supplier) throws IOException {
        for (int seed = 1; seed <= 40; seed++) {
            Random random = new Random(seed);
            // From a few full mailboxes to many with one message each, growing and shrinking.
            int spread = 1 << random.nextInt(14);
            compare(supplier.get(), random, spread, 6_000);
        }
    }

    private static void compare(MessageIndex index, Random random, int spread, int operations) throws IOException {
        IndexModel model = new IndexModel();
        for (int i = 0; i < operations; i++) {
            boolean growing = i / 1_000 % 2 == 0;
            long mailbox = number(random, spread);
            long sequence = Math.max(1, number(random, 4_096) & Long.MAX_VALUE);
            long prefix = number(random, 8);
            if (random.nextInt(8) < (growing ? 6 : 1)) {
                prefix = model.hashOr(mailbox, sequence, prefix);
                long location = 1 + random.nextLong(LOCATION_MAX);
                assertEquals(model.put(mailbox, sequence, prefix, location),
                        index.put(mailbox, sequence, prefix, location));
            } else {
                Entry any = growing ? null : model.atOrAfter(mailbox, sequence);
                if (any != null) {
                    mailbox = any.mailbox();
                    sequence = any.sequence();
                }
                assertEquals(model.remove(mailbox, sequence), index.remove(mailbox, sequence));
            }
            long after = Math.max(0, sequence - random.nextInt(3));
            assertEquals(model.location(mailbox, sequence), index.location(mailbox, sequence));
            assertEquals(model.nextAfter(mailbox, after), index.nextAfter(mailbox, after));
            assertEquals(model.nextOfHash(mailbox, prefix, after), index.nextOfHash(mailbox, prefix, after));
            assertEquals(model.size(), index.size());
        }
        assertEquals(model.entries(), entries(index));
        for (Entry entry : model.entries()) {
            assertEquals(entry.location(), index.remove(entry.mailbox(), entry.sequence()));
        }
        assertEquals(0, index.size());
        assertEquals(List.of(), entries(index));
        index.close();
    }

    /** Often one of a few, sometimes an extreme. */
    private static long number(Random random, int spread) {
        return random.nextInt(10) == 0 ? EDGES[random.nextInt(EDGES.length)] : random.nextInt(spread) * 0x9E3779B97F4AL;
    }

    private static List<Entry> entries(MessageIndex index) throws IOException {
        List<Entry> entries = new ArrayList<>();
        index.forEach((mailbox, sequence, prefix, at) -> entries.add(new Entry(mailbox, sequence, prefix, at)));
        return entries;
    }

    record Entry(long mailbox, long sequence, long hashPrefix, long location) {}
}
