package network.conet.edge.relay.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.conet.edge.api.MailMeter;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.Envelope;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.Hop;
import network.conet.edge.protocol.HopHeader;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.Plaintext;
import network.conet.edge.protocol.ProtocolLimits;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.pay.AccountCommands;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who pays for a message, and which hops earn something of it. */
class AccountedMailTest {
    private static final byte[] FOR_ALICE = FakeSeal.seal(RelayBench.ALICE_KEY, "for alice");
    private static final byte[] ENTRY = "an entry".getBytes(StandardCharsets.US_ASCII);

    private final RelayBench bench = new RelayBench();
    private final WalletAddress thirdWallet = bench.signatures.wallet("third node");
    private final Recorder meter = new Recorder();

    /** Remembers what it is asked. */
    private static final class Recorder implements MailMeter {
        private final List<WalletAddress> payers = new ArrayList<>();
        private final List<Integer> bytes = new ArrayList<>();
        private List<WalletAddress> forwarders = List.of();
        private RefuseReason refusal;
        private int stored;

        @Override
        public Optional<byte[]> admit(WalletAddress wallet, KeyId keyId, Hash256 armorHash, int armorBytes,
                List<WalletAddress> carriers) throws RefusedException {
            if (refusal != null) {
                throw new RefusedException(refusal);
            }
            payers.add(wallet);
            bytes.add(armorBytes);
            forwarders = carriers;
            return Optional.of(ENTRY);
        }

        @Override
        public void stored() {
            stored++;
        }
    }

    @BeforeEach
    void beginToMeter() {
        bench.meter = Optional.of(meter);
        bench.routes.nodes.add(new NodeEntry(new KeyId(0xC3), thirdWallet, new Endpoint("192.0.2.3", 80), "", ""));
    }

    private Hop hop(WalletAddress signer, byte[] armor, KeyId keyId, long seconds, long bytes) {
        Hash256 hash = bench.signatures.hash(armor);
        return new Hop(signer, seconds, bytes, hash, keyId,
                bench.signatures.signPersonal(Hop.signedText(signer, seconds, bytes, hash, keyId), signer));
    }

    private Hop hop(WalletAddress signer) {
        return hop(signer, FOR_ALICE, RelayBench.ALICE_KEY, bench.clock.epochSeconds(), FOR_ALICE.length);
    }

    private void post(byte[] armor, Hop... hops) {
        assertEquals("", bench.post(armor, HopHeader.encode(List.of(hops), bench.signatures)).json);
    }

    private void assertEarns(WalletAddress... earners) {
        assertEquals(List.of(earners), meter.forwarders);
    }

    private void assertEarnsNothing(RefuseReason reason, Hop hop) {
        post(FOR_ALICE, hop);
        assertEarns();
        assertEquals(1, bench.counters.refusals(reason), "it is counted, and the message is taken all the same");
    }

    @Test
    void entryBecomesDurableWithTheMessageAndTheRecipientPays() {
        assertEquals("", bench.post(FOR_ALICE).json);
        assertEquals(List.of(bench.alice), meter.payers);
        assertEquals(List.of(FOR_ALICE.length), meter.bytes);
        assertArrayEquals(ENTRY, bench.mailbox.ledger.get(0));
        assertEquals(1, meter.stored);
    }

    @Test
    void copyIsNotAccountedAgain() {
        bench.post(FOR_ALICE);
        bench.post(FOR_ALICE);
        assertEquals(1, bench.mailbox.ledger.size());
    }

    @Test
    void messageWithoutCreditIsRefusedBeforeItIsStored() {
        meter.refusal = RefuseReason.PAYMENT_REQUIRED;
        assertEquals(RefuseReason.PAYMENT_REQUIRED, bench.post(FOR_ALICE).refusal);
        assertEquals(0, bench.mailbox.count(RelayBench.ALICE_KEY));
        assertEquals(0, meter.stored);
    }

    @Test
    void nodeWithoutAMeterStoresAsBefore() {
        bench.meter = Optional.empty();
        assertEquals("", bench.post(FOR_ALICE).json);
        assertTrue(bench.mailbox.ledger.isEmpty());
    }

    @Test
    void hopsThatProveThatTheyCarriedItEarn() {
        post(FOR_ALICE, hop(bench.otherWallet), hop(thirdWallet));
        assertEarns(bench.otherWallet, thirdWallet);
    }

    @Test
    void mailboxWorkIsProvenByWhatArrivedNotByWhatWasInIt() throws RefusedException {
        byte[] work = FakeSeal.seal(RelayBench.OURS,
                Plaintext.encode(new Plaintext.MailboxWork(Envelope.of(FOR_ALICE).cut(), false)));
        post(work, hop(bench.otherWallet, work, RelayBench.OURS, bench.clock.epochSeconds(), work.length));
        assertEarns(bench.otherWallet);
        assertEquals(1, meter.bytes.size());
        assertTrue(meter.bytes.get(0) < work.length, "what is paid for is the message, not its wrapping");
    }

    @Test
    void hopAboutAnotherLayerIsPassedOver() {
        byte[] layer = FakeSeal.seal(RelayBench.OTHER, "a layer");
        post(FOR_ALICE, hop(thirdWallet, layer, RelayBench.OTHER, bench.clock.epochSeconds(), layer.length),
                hop(bench.otherWallet));
        assertEarns(bench.otherWallet);
        for (RefuseReason reason : RefuseReason.values()) {
            assertEquals(0, bench.counters.refusals(reason));
        }
    }

    @Test
    void hopOfAWalletThatIsNoNodeEarnsNothing() {
        assertEarnsNothing(RefuseReason.RECEIPT_FOREIGN, hop(bench.stranger));
    }

    @Test
    void hopOfTheNodeThatWouldPayEarnsNothing() {
        bench.routes.nodes.add(new NodeEntry(new KeyId(0xA1), bench.alice, new Endpoint("192.0.2.4", 80), "", ""));
        assertEarnsNothing(RefuseReason.RECEIPT_SELF_MADE, hop(bench.alice));
    }

    @Test
    void hopThatAnotherSignedEarnsNothing() {
        Hop genuine = hop(bench.otherWallet);
        Hop forged = new Hop(bench.otherWallet, genuine.epochSeconds(), genuine.armorBytes(), genuine.armorHash(),
                genuine.keyId(), hop(bench.stranger).signature());
        assertEarnsNothing(RefuseReason.RECEIPT_FORGED, forged);
    }

    @Test
    void hopEarnsUntilItsWindowEndsAndNotASecondLonger() {
        long now = bench.clock.epochSeconds();
        long window = ProtocolLimits.COMMAND_WINDOW_SECONDS;
        post(FOR_ALICE, hop(bench.otherWallet, FOR_ALICE, RelayBench.ALICE_KEY, now - window, FOR_ALICE.length));
        assertEarns(bench.otherWallet);
        byte[] next = FakeSeal.seal(RelayBench.ALICE_KEY, "the next");
        post(next, hop(bench.otherWallet, next, RelayBench.ALICE_KEY, now - window - 1, next.length));
        assertEarns();
        byte[] third = FakeSeal.seal(RelayBench.ALICE_KEY, "the third");
        post(third, hop(bench.otherWallet, third, RelayBench.ALICE_KEY, now + window + 1, third.length));
        assertEarns();
        assertEquals(2, bench.counters.refusals(RefuseReason.RECEIPT_STALE));
    }

    @Test
    void hopThatIsThereTwiceEarnsOnce() {
        post(FOR_ALICE, hop(bench.otherWallet), hop(bench.otherWallet));
        assertEarns(bench.otherWallet);
        assertEquals(1, bench.counters.refusals(RefuseReason.RECEIPT_REPLAYED));
    }

    @Test
    void hopRoutedByAnotherKeyEarnsNothing() {
        post(FOR_ALICE, hop(thirdWallet, FOR_ALICE, RelayBench.BOB_KEY, bench.clock.epochSeconds(), FOR_ALICE.length),
                hop(bench.otherWallet));
        assertEarns(bench.otherWallet);
    }

    @Test
    void accountCommandNeedsItsTimeAndRunsOnce() {
        byte[] sealed = bench.seal(bench.command(AccountCommands.STATUS, bench.alice), bench.alice);
        assertTrue(bench.post(sealed).json.contains(AccountCommands.STATUS));
        assertEquals(RefuseReason.COMMAND_REPLAYED, bench.post(sealed).refusal);
        String untimed = "{\"command\":\"account_pay\",\"walletAddress\":\"" + bench.alice + "\"}";
        assertEquals(RefuseReason.COMMAND_MALFORMED, bench.post(bench.seal(untimed, bench.alice)).refusal);
        assertEquals(RefuseReason.SIGNER_FOREIGN,
                bench.run(bench.command(AccountCommands.PAY, bench.alice), bench.bob).refusal);
    }
}
