package network.conet.edge.storage.internal.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The index of a segment. */
class FooterTest {
    private static final int ALIGNMENT = 4096;
    private static final long[] EDGES = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32, -(1L << 40)};

    private final Random random = new Random(9);
    private final Footer footer = new Footer();

    @Test
    void saysWhatTheRecordsSay() throws IOException {
        for (int run = 0; run < 200; run++) {
            List<Scanned> records = new ArrayList<>();
            long offset = SegmentHeader.BYTES;
            footer.clear(ALIGNMENT);
            for (int i = 0; i < 40; i++) {
                Scanned record = record(offset);
                records.add(record);
                footer.add(record);
                offset += record.bytes();
                offset = random.nextInt(3) == 0 ? LogLimits.alignUp(offset, ALIGNMENT)
                        : offset + (random.nextInt(9) == 0 ? random.nextInt(5000) : 0);
            }
            List<Scanned> found = read(footer.toBytes());
            assertEquals(records.size(), found.size());
            for (int i = 0; i < found.size(); i++) {
                assertSays(records.get(i), found.get(i));
            }
        }
    }

    @Test
    void messageOfABusyMailboxTakesFifteenBytes() {
        footer.clear(ALIGNMENT);
        int before = 0;
        for (int i = 0; i < 1000; i++) {
            before = i == 1 ? footer.toBytes().length : before;
            footer.add(new Scanned(RecordFormat.MESSAGE, (byte) 0, 1056, 1_790_000_000L + i, 1 + i, 7,
                    1_790_000_000_000L + 1000L * i, Math.max(64, 4096L * i), new byte[Long.BYTES]));
        }
        int bytes = footer.toBytes().length - before;
        assertTrue(bytes <= 999 * 15, bytes + " bytes");
    }

    @Test
    void indexThatWouldBeTooLargeIsNone() {
        footer.clear(ALIGNMENT);
        int records = 0;
        while (footer.toBytes() != null) {
            footer.add(record(64));
            records++;
        }
        assertTrue(records > 1000, records + " records");
        assertNull(footer.toBytes());
        assertEquals(0, footer.roomBytes(ALIGNMENT, 100));
        footer.clear(ALIGNMENT);
        assertEquals(2, footer.toBytes().length, "the next segment begins anew");
    }

    @Test
    void oddBytesAreNotRead() throws IOException {
        footer.clear(ALIGNMENT);
        for (int i = 0; i < 20; i++) {
            footer.add(record(64 + 4096L * i));
        }
        byte[] index = footer.toBytes();
        assertTrue(Footer.isReadable(index));
        int refused = 0;
        for (int length = 0; length < index.length; length++) {
            refused += Footer.isReadable(Arrays.copyOf(index, length)) ? 0 : 1;
        }
        assertEquals(index.length - 20, refused, "all cuts but those between entries");
        for (int run = 0; run < 20_000; run++) {
            byte[] odd = index.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                odd[random.nextInt(odd.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Footer.isReadable(odd); // must return, whatever it says
        }
        assertFalse(Footer.isReadable(new byte[0]));
    }

    private static List<Scanned> read(byte[] index) throws IOException {
        List<Scanned> found = new ArrayList<>();
        assertTrue(Footer.isReadable(index));
        Footer.read(index, found::add);
        return found;
    }

    private Scanned record(long offset) {
        byte[] types = {RecordFormat.MESSAGE, RecordFormat.MESSAGE, RecordFormat.ACK, RecordFormat.ACKS,
            RecordFormat.LOW_WATER, RecordFormat.LEDGER_ENTRY, RecordFormat.LEDGER_SETTLED, RecordFormat.VALUE,
            RecordFormat.VALUE_REMOVED};
        byte type = types[random.nextInt(types.length)];
        boolean isMessage = type == RecordFormat.MESSAGE;
        int length = type == RecordFormat.ACKS ? random.nextInt(300) : 32 + random.nextInt(5000);
        byte[] head = new byte[isMessage ? Long.BYTES : type == RecordFormat.ACKS ? length : 0];
        random.nextBytes(head);
        boolean isDated = isMessage || type == RecordFormat.ACK || type == RecordFormat.ACKS;
        boolean isKeyed = isMessage || type == RecordFormat.ACK || type == RecordFormat.LOW_WATER;
        return new Scanned(type, (byte) 0, length, isMessage ? random.nextInt(Integer.MAX_VALUE) : 0, edge(),
                isKeyed ? edge() : 0, isDated ? 1000L * random.nextInt() : 0, offset, head);
    }

    private long edge() {
        return random.nextInt(4) == 0 ? EDGES[random.nextInt(EDGES.length)] : random.nextInt(1000);
    }

    private static void assertSays(Scanned expected, Scanned actual) {
        assertArrayEquals(expected.head(), actual.head());
        assertEquals(new Scanned(expected.type(), (byte) 0, expected.length(), expected.expirySeconds(),
                expected.sequence(), expected.key(), expected.time(), expected.offset(), actual.head()), actual);
    }
}
