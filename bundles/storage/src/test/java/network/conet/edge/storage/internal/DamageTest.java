package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.storage.internal.log.UnknownFormatException;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flipped and missing bytes. */
class DamageTest {
    private static final KeyId BOB = new KeyId(0xB0B);
    private static final StorageSettings SETTINGS =
            Messages.settings(16 * 1024, 8, 100, 8 * 1024, 64 * 1024, 1000, 30);
    private static final int MESSAGES = 20;
    /** Of a segment; docs/protocol/mailbox-format.md, section 2. */
    private static final int HEADER_BYTES = 64;
    private static final int RECORD_HEADER_BYTES = 40;
    private static final int VERSION = 2;

    private final SettableClock clock = new SettableClock(Messages.NOON);
    private final Random random = new Random(5);
    private PlainCounters counters = new PlainCounters();
    private final CrashVolume volume = new CrashVolume();

    @BeforeEach
    void fill() throws IOException {
        StorageService service = open(volume);
        for (int i = 0; i < MESSAGES; i++) {
            var stage = Messages.store(service, BOB, body(i));
            if (i % 2 == 1) {
                clock.advanceMillis(100);
                service.pump();
                assertTrue(stage.isDone());
            }
        }
        service.close();
    }

    @Test
    void detectsEveryFlippedByteAndServesTheRest() throws IOException {
        int lost = 0;
        int flips = 0;
        for (String name : volume.list()) {
            int size = volume.content(name).length;
            for (int at = 0; at < size; at += at < 512 ? 7 : 61) {
                CrashVolume copy = volume.copy();
                byte[] bytes = copy.content(name);
                boolean header = at < HEADER_BYTES;
                bytes[at] ^= (byte) (1 + random.nextInt(255));
                copy.setContent(name, bytes);
                lost += lostOf(copy, name + " byte " + at, header ? MESSAGES : 1);
                flips++;
            }
        }
        assertTrue(flips > 1000, flips + " flips");
        assertTrue(lost > 200, lost + " messages lost by flips");
    }

    @Test
    void detectsEveryCutAndServesTheRest() throws IOException {
        for (String name : volume.list()) {
            for (int size = 1; size < SETTINGS.flash().segmentBytes(); size += 509) {
                CrashVolume copy = volume.copy();
                copy.setContent(name, Arrays.copyOf(copy.content(name), size));
                lostOf(copy, name + " cut at " + size, MESSAGES);
            }
        }
    }

    @Test
    void reportsMissingSegment() throws IOException {
        volume.delete("seg-00001");
        StorageService service = open(volume);
        assertEquals("storage.damaged", Messages.troubles(service).get(0).code());
        assertEquals(1, counters.value(Counter.STORAGE_RECORDS_DAMAGED));
    }

    @Test
    void skipsAndCountsRecordThatRotsWhileOpen() throws IOException {
        StorageService service = open(volume);
        byte[] bytes = volume.content("seg-00000");
        bytes[HEADER_BYTES + RECORD_HEADER_BYTES + 100] ^= 1;
        try (var file = volume.open("seg-00000")) {
            file.write(ByteBuffer.wrap(bytes), 0);
        }
        assertEquals(MESSAGES - 1, Messages.all(service, BOB).size());
        assertEquals(MESSAGES - 1, Messages.all(service, BOB).size());
        assertEquals(1, counters.value(Counter.STORAGE_RECORDS_DAMAGED));
        assertEquals("storage.damaged", Messages.troubles(service).get(0).code());
        var copy = Messages.store(service, BOB, body(0));
        clock.advanceMillis(100);
        service.pump();
        assertFalse(Messages.get(copy).duplicate(), "a damaged copy is none");
        assertEquals(MESSAGES, Messages.all(service, BOB).size());
    }

    @Test
    void refusesFormatOfNewerSoftwareAndTouchesNothing() {
        byte[] bytes = volume.content("seg-00001");
        ByteBuffer header = ByteBuffer.wrap(bytes);
        header.putShort(4, (short) (VERSION + 1));
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 60);
        header.putInt(60, (int) crc.getValue());
        volume.setContent("seg-00001", bytes);
        int before = volume.operations();
        IOException refusal = assertThrows(UnknownFormatException.class, () -> open(volume));
        assertTrue(refusal.getMessage().contains("seg-00001 of the mailbox has format version 3"));
        assertFalse(refusal.getMessage().contains("\n"));
        assertEquals(before, volume.operations());
    }

    private int lostOf(CrashVolume disk, String what, int lostMax) throws IOException {
        counters = new PlainCounters();
        StorageService service = open(disk);
        List<Mailbox.StoredMessage> found = Messages.all(service, BOB);
        for (Mailbox.StoredMessage message : found) {
            assertArrayEquals(body((int) message.sequence() - 1), message.armor(), what);
        }
        int lost = MESSAGES - found.size();
        assertTrue(lost <= lostMax, what + ": lost " + lost);
        if (lost > 0) {
            assertTrue(counters.value(Counter.STORAGE_RECORDS_DAMAGED) > 0, what + ": not counted");
            assertEquals("storage.damaged", Messages.troubles(service).get(0).code(), what);
        }
        return lost;
    }

    private static byte[] body(int i) {
        return Messages.body(i, 700 + 60 * i);
    }

    private StorageService open(CrashVolume disk) throws IOException {
        return Messages.open(disk, SETTINGS, clock, counters, random);
    }
}
