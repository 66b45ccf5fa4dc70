package network.conet.edge.relay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.Counter;
import network.conet.edge.api.EventStream;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.StreamFrames;
import network.conet.edge.testkit.SimNetwork;
import org.junit.jupiter.api.Test;

class ListenerTest {
    private static final KeyId BOX = new KeyId(7);
    private static final String GREETING = "hello\r\n\r\n";

    private final FakeSignatures signatures = new FakeSignatures();
    private final PlainCounters counters = new PlainCounters();
    private final FakeMailbox.Held disk = new FakeMailbox.Held();
    private final FakeMailbox mailbox = new FakeMailbox(Runnable::run);
    private final List<String> ended = new ArrayList<>();

    @Test
    void greetsFirstThenWritesOldMailInOrder() {
        List<String> mail = List.of(put("one"), put("two"), put("three"));
        RecordingStream stream = begin(listener(mailbox));
        assertEquals(GREETING, stream.frames.get(0));
        assertEquals(mail, stream.frames.subList(1, 4));
        assertEquals(4, stream.frames.size());
        assertEquals(3, counters.value(Counter.MESSAGES_DELIVERED));
    }

    @Test
    void writesNewMailWhenItIsWoken() {
        Listener listener = listener(mailbox);
        RecordingStream stream = begin(listener);
        String mail = put("new");
        assertEquals(1, stream.frames.size());
        listener.wake();
        assertEquals(List.of(GREETING, mail), stream.frames);
        listener.wake();
        assertEquals(2, stream.frames.size(), "once a session");
    }

    @Test
    void writesNothingBeforeItHasItsStream() {
        put("old");
        Listener listener = listener(mailbox);
        listener.wake();
        listener.heartbeat(new byte[0]);
        assertEquals(0, mailbox.reads);
        assertEquals(2, begin(listener).frames.size());
    }

    @Test
    void missesNoEpochOnceItIsGreeted() throws InterruptedException {
        Listener listener = listener(mailbox);
        Thread epoch = new Thread(() -> listener.heartbeat("epoch".getBytes(StandardCharsets.UTF_8)));
        RecordingStream stream = new RecordingStream(listener) {
            @Override
            public boolean write(byte[] frame) {
                boolean isWritable = super.write(frame);
                // The client has read the greeting; the epoch begins before the writer has come back.
                while (frames.size() == 1 && epoch.getState() != Thread.State.BLOCKED
                        && epoch.getState() != Thread.State.TERMINATED) {
                    if (epoch.getState() == Thread.State.NEW) {
                        epoch.start();
                    }
                    Thread.onSpinWait();
                }
                return isWritable;
            }
        };
        listener.begin(stream, GREETING.getBytes(StandardCharsets.UTF_8));
        epoch.join();
        assertEquals(List.of(GREETING, "epoch"), stream.frames);
    }

    @Test
    void holdsOneMessageForASlowReader() {
        put("one");
        put("two");
        put("three");
        Listener listener = listener(mailbox);
        RecordingStream stream = new RecordingStream(listener);
        stream.room = 2;
        listener.begin(stream, greeting());
        assertEquals(2, stream.frames.size());
        assertEquals(1, mailbox.reads, "nothing is read that cannot be written");
        listener.wake();
        assertEquals(1, mailbox.reads);
        stream.drain(1);
        assertEquals(3, stream.frames.size());
        stream.drain(5);
        assertEquals(4, stream.frames.size());
    }

    @Test
    void leavesHeartbeatsOutForASlowReader() {
        Listener listener = listener(mailbox);
        RecordingStream stream = new RecordingStream(listener);
        stream.room = 2;
        listener.begin(stream, greeting());
        listener.heartbeat("beat".getBytes(StandardCharsets.UTF_8));
        listener.heartbeat("lost".getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of(GREETING, "beat"), stream.frames);
    }

    @Test
    void readsNoMailForAStreamOfEpochsOnly() {
        put("private");
        Listener listener = new Listener(signatures.wallet("x"), Optional.empty(), mailbox, counters, 0, () -> {});
        RecordingStream stream = begin(listener);
        listener.wake();
        stream.events.writable();
        assertEquals(List.of(GREETING), stream.frames);
        assertEquals(0, mailbox.reads);
    }

    @Test
    void writesNothingAfterItWasClosed() {
        FakeMailbox slow = new FakeMailbox(disk);
        slow.store(BOX, signatures.hash(new byte[1]), new byte[] {'m'}, MailSource.LOCAL);
        disk.runAll();
        Listener listener = listener(slow);
        RecordingStream stream = begin(listener);
        listener.close();
        assertFalse(stream.isOpen);
        assertEquals(List.of("ended"), ended);
        disk.runAll();
        listener.wake();
        listener.close();
        assertEquals(0, disk.tasks.size());
        assertEquals(List.of(GREETING), stream.frames);
        assertEquals(List.of("ended"), ended);
    }

    @Test
    void endsAtOnceWhenItWasClosedBeforeItHadItsStream() {
        Listener listener = listener(mailbox);
        listener.close();
        put("later");
        RecordingStream stream = begin(listener);
        assertFalse(stream.isOpen);
        assertEquals(List.of(GREETING), stream.frames);
    }

    @Test
    void closesTheStreamWhenTheMailboxFails() {
        mailbox.failure = new RefusedException(RefuseReason.STORAGE_FAILED);
        assertFalse(begin(listener(mailbox)).isOpen);
        assertEquals(List.of("ended"), ended);
    }

    @Test
    void closesTheStreamWhenTheMailboxFailsLater() {
        FakeMailbox slow = new FakeMailbox(disk);
        RecordingStream stream = begin(listener(slow));
        slow.failure = new RefusedException(RefuseReason.STORAGE_FAILED);
        assertTrue(stream.isOpen);
        disk.runAll();
        assertFalse(stream.isOpen);
    }

    @Test
    void closesTheStreamWhenTheMailboxIsBroken() {
        mailbox.broken = new IllegalStateException("broken invariant");
        assertFalse(begin(listener(mailbox)).isOpen);
    }

    @Test
    void closesTheStreamWhenItCannotBeWritten() {
        FakeMailbox slow = new FakeMailbox(disk);
        slow.store(BOX, signatures.hash(new byte[1]), new byte[] {'m'}, MailSource.LOCAL);
        disk.runAll();
        RecordingStream stream = begin(listener(slow));
        stream.broken = new IllegalStateException("broken invariant");
        disk.runAll();
        assertFalse(stream.isOpen);
    }

    /**
     * Everything that can happen beside the pump happens at the worst moments: inside the calls that it makes, where
     * on a real node another thread would run.
     */
    @Test
    void deliversEachMessageOnceAndInOrderUnderAnyInterleaving() {
        SimNetwork.eachSeed(2000, seed -> {
            Interleaving run = new Interleaving(new Random(seed));
            run.run();
            assertEquals(run.stored, run.delivered);
        });
    }

    /** A listener between a mailbox and a stream that both change while they are asked. */
    private final class Interleaving implements Mailbox, EventStream {
        private static final int MESSAGES = 12;

        private final Random random;
        private final List<Integer> stored = new ArrayList<>();
        private final List<Integer> delivered = new ArrayList<>();
        private final List<Runnable> tasks = new ArrayList<>();
        private final Listener listener =
                new Listener(signatures.wallet("x"), Optional.of(BOX), this, counters, 0, () -> {});
        private int room = 2;
        private boolean isGreeted;

        private Interleaving(Random random) {
            this.random = random;
        }

        private void run() {
            disturb(2);
            listener.begin(this, new byte[0]);
            while (stored.size() < MESSAGES || !tasks.isEmpty()) {
                if (!tasks.isEmpty() && random.nextBoolean()) {
                    tasks.remove(random.nextInt(tasks.size())).run();
                } else {
                    disturb(1);
                }
                if (tasks.isEmpty() && room > 0) {
                    // Nothing is under way and nothing is in the way: a later wake must not be what mends this one.
                    assertEquals(stored, delivered);
                }
            }
            while (delivered.size() < stored.size() && room == 0) {
                drain();
                while (!tasks.isEmpty()) {
                    tasks.remove(random.nextInt(tasks.size())).run();
                }
            }
        }

        /** What other threads might do now. */
        private void disturb(int timesMax) {
            for (int i = random.nextInt(timesMax + 1); i > 0; i--) {
                if (random.nextInt(3) == 0) {
                    drain();
                } else if (stored.size() < MESSAGES) {
                    stored.add(stored.size() + 1);
                    // The wake comes after the message is there, but perhaps much later.
                    if (random.nextBoolean()) {
                        listener.wake();
                    } else {
                        tasks.add(listener::wake);
                    }
                }
            }
        }

        private void drain() {
            boolean wasFull = room == 0;
            room = 1 + random.nextInt(2);
            if (wasFull) {
                if (random.nextBoolean()) {
                    listener.writable();
                } else {
                    tasks.add(listener::writable);
                }
            }
        }

        @Override
        public CompletionStage<Optional<StoredMessage>> next(KeyId recipient, long afterSequence) {
            disturb(1);
            Optional<StoredMessage> found = stored.size() > afterSequence
                    ? Optional.of(new StoredMessage(afterSequence + 1, Long.toString(afterSequence + 1).getBytes(
                            StandardCharsets.US_ASCII)))
                    : Optional.empty();
            disturb(1);
            if (random.nextBoolean()) {
                return CompletableFuture.completedFuture(found);
            }
            CompletableFuture<Optional<StoredMessage>> later = new CompletableFuture<>();
            tasks.add(() -> later.complete(found));
            return later;
        }

        @Override
        public boolean isWritable() {
            disturb(1);
            boolean isWritable = room > 0;
            disturb(1);
            return isWritable;
        }

        @Override
        public boolean write(byte[] frame) {
            if (isGreeted) {
                String text = new String(frame, StandardCharsets.US_ASCII);
                delivered.add(Integer.parseInt(text.replaceAll("[^0-9]", "")));
                room = Math.max(0, room - 1);
            }
            isGreeted = true;
            disturb(1);
            return room > 0;
        }

        @Override
        public void close() {
            throw new AssertionError("nobody closes here");
        }

        @Override
        public CompletionStage<Receipt> store(KeyId recipient, Hash256 armorHash, byte[] armor, MailSource source,
                Optional<byte[]> ledgerEntry) {
            throw new AssertionError();
        }

        @Override
        public CompletionStage<Boolean> acknowledge(KeyId recipient, Hash256 armorHash) {
            throw new AssertionError();
        }

        @Override
        public long bytes(KeyId recipient) {
            throw new AssertionError("a listener does not measure");
        }

        @Override
        public int count(KeyId recipient) {
            throw new AssertionError();
        }
    }

    private Listener listener(Mailbox from) {
        return new Listener(signatures.wallet("x"), Optional.of(BOX), from, counters, 0, () -> ended.add("ended"));
    }

    private static RecordingStream begin(Listener listener) {
        RecordingStream stream = new RecordingStream(listener);
        listener.begin(stream, greeting());
        return stream;
    }

    private static byte[] greeting() {
        return GREETING.getBytes(StandardCharsets.UTF_8);
    }

    private String put(String text) {
        byte[] armor = FakeSeal.seal(BOX, text);
        mailbox.store(BOX, signatures.hash(armor), armor, MailSource.LOCAL);
        return new String(StreamFrames.mail(armor), StandardCharsets.UTF_8);
    }
}
