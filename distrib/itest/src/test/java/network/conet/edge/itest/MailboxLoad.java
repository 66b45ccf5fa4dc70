package network.conet.edge.itest;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.FrameReader;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;

/**
 * Everybody who uses one mailbox, over all lives of its node: two senders, and a listener that acknowledges. Every post
 * and acknowledgement is a connection of its own. What they see goes to the ledger.
 */
final class MailboxLoad {
    private static final int SENDERS = 2;
    private static final int TEMPLATES = 8;
    private static final int TEXT_CHARS_MIN = 100;
    private static final double TEXT_GROWTH = 2.27;
    private static final int SERIAL_CHARS = 16;
    private static final int OK = 200;
    private static final int BUSY_MILLIS = 20;
    private static final int TRIES_MAX = 100;
    /** Of ten messages so many are acknowledged in the session in which they come first. */
    private static final int ACKNOWLEDGED_OF_TEN = 8;
    private static final AtomicLong SERIAL = new AtomicLong();
    private static final WalletSignatures KECCAK = new WalletSignatures();

    private final TestNode node;
    private final int mailbox;
    private final KillLedger ledger;
    private final IntConsumer stored;
    private final List<byte[]> templates = new ArrayList<>();
    private final Sender marker;
    private final List<Sender> senders = new ArrayList<>();
    private final Random dice;
    private final BlockingQueue<Hash256> unacknowledged = new LinkedBlockingQueue<>();

    /**
     * @param stored hears the bytes of every message that is answered 200
     * @param seed of all that is left to chance
     */
    MailboxLoad(TestNode node, int mailbox, KillLedger ledger, IntConsumer stored, long seed) {
        this.node = node;
        this.mailbox = mailbox;
        this.ledger = ledger;
        this.stored = stored;
        dice = new Random(seed);
        double chars = TEXT_CHARS_MIN;
        for (int i = 0; i < TEMPLATES; i++) {
            // Chance, because sealing packs what can be packed.
            String text = dice.ints((int) chars, ' ', '~').collect(
                    StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
            templates.add(node.sealToUser(mailbox, text));
            chars *= TEXT_GROWTH;
        }
        marker = new Sender("marker " + mailbox, 1, dice.nextLong());
        for (int i = 0; i < SENDERS; i++) {
            senders.add(new Sender("sender " + mailbox + "." + i, TEMPLATES, dice.nextLong()));
        }
    }

    /** Opens the mailbox's stream; the work is to read it until the node dies. */
    Callable<Void> listen() throws Exception {
        unacknowledged.clear();
        InputStream stream = node.openMail(mailbox);
        return () -> {
            read(stream);
            return null;
        };
    }

    private void read(InputStream stream) throws Exception {
        FrameReader frames = new FrameReader();
        byte[] buffer = new byte[16 * 1024];
        try (stream) {
            for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                for (JsonValue frame : frames.feed(buffer, 0, read)) {
                    frame.string("data").ifPresent(this::receive);
                }
            }
        } catch (IOException killed) {
            return;
        }
    }

    private void receive(String armor) {
        Hash256 hash = KECCAK.hash(armor.getBytes(StandardCharsets.US_ASCII));
        ledger.delivered(mailbox, hash);
        // What is left over twice is acknowledged at last, because the log frees its oldest segment first.
        if (ledger.isOld(hash) || dice.nextInt(10) < ACKNOWLEDGED_OF_TEN) {
            unacknowledged.add(hash);
        }
    }

    /**
     * Waits for all that the mailbox holds. Mail comes in order, so what came before a message that is posted now is
     * all; no time is guessed at. Then posts again what nobody answered, as a client does.
     */
    void settle() throws Exception {
        byte[] last = marker.fresh();
        for (int i = 0; marker.post(last) != OK; i++) {
            if (i == TRIES_MAX) {
                throw new AssertionError("the node takes no mail: " + mailbox);
            }
            new CountDownLatch(1).await(BUSY_MILLIS, TimeUnit.MILLISECONDS);
            last = marker.fresh();
        }
        Hash256 hash = KECCAK.hash(last);
        Await.until("all stored mail came", () -> ledger.isDelivered(hash));
        ledger.backlogEnded(mailbox);
        for (Sender sender : senders) {
            sender.postAgain();
        }
    }

    /** The work of the senders: to post until the node dies. */
    List<Callable<Void>> send(CountDownLatch dead) {
        return senders.stream().<Callable<Void>>map(sender -> () -> {
            sender.postUntil(dead);
            return null;
        }).toList();
    }

    /** The work of the acknowledging user, until the node dies. */
    Callable<Void> acknowledge(CountDownLatch dead) {
        return () -> {
            try {
                while (dead.getCount() > 0) {
                    Hash256 hash = unacknowledged.poll(BUSY_MILLIS, TimeUnit.MILLISECONDS);
                    if (hash != null) {
                        acknowledge(hash);
                    }
                }
            } catch (IOException killed) {
                return null;
            }
            return null;
        };
    }

    private void acknowledge(Hash256 hash) throws Exception {
        ledger.acknowledging(hash);
        HttpResponse<String> answer = node.acknowledge(mailbox, hash);
        if (answer.statusCode() == OK) {
            ledger.acknowledged(hash, answer.body().contains("\"removed\":true"), System.nanoTime());
        } else {
            ledger.acknowledgementRefused(hash);
            unacknowledged.add(hash);
        }
    }

    /** Posts one message after the other. */
    private final class Sender {
        private final String name;
        private final int sizes;
        private final Random random;
        /** Posted, and not answered; or null. */
        private byte[] open;

        Sender(String name, int sizes, long seed) {
            this.name = name;
            this.sizes = sizes;
            random = new Random(seed);
        }

        /**
         * A message of which there is no second. Its recipient could not open it, but the node cannot know: only the
         * end of the sealed data differs from a message that was really sealed.
         */
        byte[] fresh() {
            byte[] armor = templates.get(random.nextInt(sizes)).clone();
            byte[] serial = String.format("%0" + SERIAL_CHARS + "d", SERIAL.incrementAndGet())
                    .getBytes(StandardCharsets.US_ASCII);
            // Within the base64 of the last whole line.
            String text = new String(armor, StandardCharsets.US_ASCII);
            List<String> lines = text.lines().toList();
            String line = lines.stream().filter(one -> one.length() >= 60).reduce((one, next) -> next).orElseThrow();
            System.arraycopy(serial, 0, armor, text.lastIndexOf(line) + 8, SERIAL_CHARS);
            return armor;
        }

        /** The status; fails when nobody answers, and remembers. */
        int post(byte[] armor) throws Exception {
            Hash256 hash = KECCAK.hash(armor);
            ledger.posting(name, mailbox, hash, System.nanoTime());
            open = armor;
            int status = node.post(armor);
            open = null;
            ledger.answered(hash, status);
            if (status == OK) {
                stored.accept(armor.length);
            }
            return status;
        }

        void postAgain() throws Exception {
            byte[] armor = open;
            if (armor == null || !ledger.mayBePostedAgain(KECCAK.hash(armor))) {
                return;
            }
            Await.until("the node takes mail", () -> post(armor) == OK);
        }

        void postUntil(CountDownLatch dead) throws Exception {
            try {
                while (dead.getCount() > 0) {
                    if (post(fresh()) != OK) {
                        dead.await(BUSY_MILLIS, TimeUnit.MILLISECONDS);
                    }
                }
            } catch (IOException killed) {
                return;
            }
        }
    }
}
