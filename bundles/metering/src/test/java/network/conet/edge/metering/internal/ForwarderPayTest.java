package network.conet.edge.metering.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.NodeCommands;
import network.conet.edge.api.Settlements;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.internal.NodeKeyRing;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.pay.PriceList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mailbox node pays one that forwards to it: two books that must agree. */
class ForwarderPayTest {
    private static final int MIB = MeteringBench.MIB;

    private final SecureRandom random = new SecureRandom();
    private final Wallet bob = Wallet.generate(random);
    private MeteringBench keeper;
    private MeteringBench forwarder;
    private ForwarderPay pay;
    private RefuseReason unreachable;
    private JsonValue answer;

    @BeforeEach
    void twoNodes() throws IOException {
        keeper = new MeteringBench();
        forwarder = new MeteringBench();
        keeper.settings = keeper.settings(new PriceList(100_000, 0, 0, 0), 0, 0);
        keeper.open();
        NodeKeyRing keys = new NodeKeyRing(keeper.node, PgpPrivateKey.generate("node", random, 1_700_000_000L), random,
                NodeKeyRing.Decryption.onCaller());
        pay = new ForwarderPay(keys, keeper.keeper, () -> Optional.of(keeper), () -> Optional.of(sender()),
                MeteringBench.SIGNATURES, keeper.clock, keeper.counters, 1000);
        keeper.channels.put(bob.address(), new Settlements.Channel(1_000_000, 0, 0));
    }

    private NodeCommands sender() {
        return (WalletAddress node, String command) -> {
            if (unreachable != null) {
                return CompletableFuture.failedFuture(new RefusedException(unreachable));
            }
            assertEquals(forwarder.node.address(), node);
            return deliver(command);
        };
    }

    private CompletionStage<Void> deliver(String command) {
        try {
            JsonValue.Builder json = JsonValue.object();
            ((JsonValue.Obj) JsonValue.parse(command)).members().forEach(json::put);
            answer = forwarder.run(json);
            return CompletableFuture.completedFuture(null);
        } catch (JsonException | RefusedException broken) {
            return CompletableFuture.failedFuture(broken);
        }
    }

    /** What the keeper may promise the forwarder. */
    private void deposit(long amount) {
        keeper.channels.put(forwarder.node.address(), new Settlements.Channel(amount, 0, 0));
        forwarder.channels.put(keeper.node.address(), new Settlements.Channel(amount, 0, 0));
    }

    private void mailOf(int bytes) throws Exception {
        keeper.pay(bob, 1_000_000);
        assertTrue(keeper.mail(bob.address(), bytes, forwarder.node.address()));
    }

    private void turn() {
        pay.pay();
        keeper.pump();
    }

    private long owed() {
        return keeper.keeper.ask(book -> book.payees.get(forwarder.node.address()).owed).orElseThrow();
    }

    private long given() {
        return keeper.keeper.ask(book -> book.payees.get(forwarder.node.address()).given).orElseThrow();
    }

    @Test
    void shareIsPromisedBookedAsEarnedAndNotToSpend() throws Exception {
        deposit(1_000_000);
        mailOf(MIB / 32);
        assertEquals(3125, owed());
        turn();
        assertTrue(answer.member("ok").filter(JsonValue.Literal.TRUE::equals).isPresent(), answer.toString());
        assertEquals(3125, given());
        assertEquals(3125, forwarder.keeper.ask(book -> book.earned).orElseThrow());
        assertEquals(3125, forwarder.keeper.ask(book -> book.promised).orElseThrow());
        assertEquals(0, forwarder.balance(keeper.node.address()), "it is for work that was done");
        forwarder.keeper.ask(book -> {
            book.check();
            return book;
        });
        long entries = keeper.storage.ledger().head().lastIndex();
        turn();
        assertEquals(entries, keeper.storage.ledger().head().lastIndex(), "nothing new, nothing given");
    }

    @Test
    void nothingIsPromisedBelowAStepOrBeyondTheDeposit() throws Exception {
        deposit(2000);
        mailOf(MIB / 110);
        assertTrue(owed() < 1000, owed() + "");
        turn();
        assertEquals(0, given());
        mailOf(MIB / 32);
        turn();
        assertEquals(2000, given(), "as far as the channel holds it");
        deposit(1_000_000);
        turn();
        assertEquals(owed(), given());
    }

    @Test
    void nodeThatCannotBeReachedIsPaidLaterAndNothingIsLost() throws Exception {
        deposit(1_000_000);
        mailOf(MIB / 32);
        unreachable = RefuseReason.NEXT_NODE_UNREACHABLE;
        turn();
        assertEquals(0, given());
        assertEquals(1, keeper.counters.refusals(RefuseReason.NEXT_NODE_UNREACHABLE));
        unreachable = null;
        turn();
        assertEquals(owed(), given());
    }
}
