package network.conet.edge.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.ScriptedChain;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.testkit.SettableClock;

/** A directory of a chain in memory, polled by hand. */
abstract class ChainDirectoryFixture {
    static final int POLL_MILLIS = 4_000;
    static final KeyId NODE = new KeyId(0x11);
    static final KeyId OTHER_NODE = new KeyId(0x12);
    static final KeyId KEY = new KeyId(0x21);
    static final WalletAddress USER = ScriptedChain.wallet(0x31);
    static final String ROUTE_OF_KEY = "cccad292";
    static final String SEARCH_KEY = "052f2778";

    final ScriptedChain chain = new ScriptedChain();
    final SettableClock clock = new SettableClock(1_700_000_000_000L);
    final PlainCounters counters = new PlainCounters();
    final List<String> refusals = new ArrayList<>();
    final ChainDirectory directory = directory(Optional.of(ScriptedChain.EPOCH_INFO));

    ChainDirectory directory(Optional<WalletAddress> epochInfo) {
        return new ChainDirectory(
                new ChainDirectory.Settings(ScriptedChain.CHAIN_ID, ScriptedChain.REGISTRY, ScriptedChain.TABLE,
                        epochInfo, POLL_MILLIS),
                chain, clock, counters, new Random(1), refusals::add);
    }

    void poll() {
        clock.advanceMillis(POLL_MILLIS);
        directory.worker().turn();
    }

    void pollAtNextBlock() {
        chain.head++;
        poll();
    }

    /** Long enough for any back-off. */
    void pollAfterOutage() {
        clock.advanceMillis(ChainLimits.BACK_OFF_MILLIS_MAX);
        directory.worker().turn();
    }

    <T> T now(CompletionStage<T> stage) throws Exception {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertTrue(future.isDone(), "answered at once");
        return future.get();
    }

    Optional<KeyId> ask(KeyId key) throws Exception {
        CompletionStage<Optional<KeyId>> stage = directory.mailboxNodeOf(key);
        directory.worker().turn();
        return now(stage);
    }

    void assertRefused(CompletionStage<?> stage, RefuseReason reason) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        assertTrue(future.isCompletedExceptionally());
        ExecutionException failed = assertThrows(ExecutionException.class, future::get);
        assertEquals(reason, ((RefusedException) failed.getCause()).reason());
    }

    Optional<HealthItem> health(String code) {
        return directory.check().stream().filter(item -> item.code().equals(code)).findFirst();
    }

    void startWithUser() {
        chain.addNode(NODE, ScriptedChain.wallet(1));
        chain.putUser(USER, KEY, NODE.toString());
        poll();
    }
}
