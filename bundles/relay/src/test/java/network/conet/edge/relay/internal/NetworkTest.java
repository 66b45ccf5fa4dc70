package network.conet.edge.relay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.Mailbox;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.testkit.SimNetwork;
import org.junit.jupiter.api.Test;

/**
 * The relay, the mailbox and the keys together, in a network where connections break and nodes lose their power:
 * whatever a sender was told is kept, is kept. {@code -Dsim.seed=N} replays one run, {@code -Dsim.rounds=N} makes more.
 */
class NetworkTest {
    private static final int WALLETS = 5;
    private static final int MESSAGES = 30;

    @Test
    void deliversWhatItAcceptedWhateverHappens() {
        int[] crashes = new int[1];
        SimNetwork.eachSeed(200, seed -> {
            SimWorld world = new SimWorld(seed, new FakeSimKeys(), WALLETS, UnaryOperator.identity());
            world.run(MESSAGES);
            crashes[0] += world.crashes();
        });
        assertTrue(crashes[0] > 0, "nothing ever went down");
    }

    @Test
    void deliversWhatItAcceptedWithRealKeys() {
        SimNetwork.eachSeed(3, seed -> new SimWorld(seed, new RealSimKeys(seed), 3, UnaryOperator.identity()).run(8));
    }

    @Test
    void repeatsARunEventByEvent() {
        assertEquals(traceHash(7), traceHash(7));
        assertTrue(traceHash(7) != traceHash(8));
    }

    private static long traceHash(long seed) {
        SimWorld world = new SimWorld(seed, new FakeSimKeys(), WALLETS, UnaryOperator.identity());
        world.run(MESSAGES);
        return world.network.traceHash();
    }

    /** The harness can fail: a node that answers before its disk did loses mail, and this is seen. */
    @Test
    void catchesANodeThatAnswersBeforeItStored() {
        int caught = 0;
        for (long seed = 1; seed <= 40; seed++) {
            try {
                new SimWorld(seed, new FakeSimKeys(), WALLETS, Hasty::new).run(MESSAGES);
            } catch (AssertionError seen) {
                assertTrue(seen.getMessage().contains("lost: "), seen.getMessage());
                caught++;
            }
        }
        assertTrue(caught >= 4, "caught only " + caught + " of 40");
    }

    /** Says that it stored before it did. */
    private record Hasty(Mailbox honest) implements Mailbox {
        @Override
        public CompletionStage<Receipt> store(KeyId recipient, Hash256 armorHash, byte[] armor, MailSource source,
                Optional<byte[]> ledgerEntry) {
            honest.store(recipient, armorHash, armor, source, ledgerEntry);
            return CompletableFuture.completedFuture(new Receipt(1, false));
        }

        @Override
        public CompletionStage<Optional<StoredMessage>> next(KeyId recipient, long afterSequence) {
            return honest.next(recipient, afterSequence);
        }

        @Override
        public CompletionStage<Boolean> acknowledge(KeyId recipient, Hash256 armorHash) {
            return honest.acknowledge(recipient, armorHash);
        }

        @Override
        public long bytes(KeyId recipient) {
            return honest.bytes(recipient);
        }

        @Override
        public int count(KeyId recipient) {
            return honest.count(recipient);
        }
    }
}
