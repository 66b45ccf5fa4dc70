package network.conet.edge.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Counter;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.UserEntry;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.RpcException;
import network.conet.edge.chain.ScriptedChain;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.WalletAddress;
import org.junit.jupiter.api.Test;

/** What happens when the chain does not answer, answers nonsense, or is another. */
final class ChainOutageTest extends ChainDirectoryFixture {
    @Test
    void nodesThatCannotBeReadLeaveTheLastListAndRoutes() throws Exception {
        startWithUser();
        chain.failures.put("4272c81e", new RpcException(-32000, "header not found", ""));
        chain.addNodeRegistered(chain.head + 1, ScriptedChain.wallet(2), OTHER_NODE);
        pollAtNextBlock();
        assertEquals(1, directory.nodes().size());
        assertTrue(health("chain.nodes-unread").isPresent());
        assertEquals(Optional.of(NODE), ask(KEY));
        chain.failures.clear();
        poll();
        assertEquals(List.of(), directory.check());
    }

    @Test
    void outageServesWhatIsKnownAndRefusesTheRest() throws Exception {
        startWithUser();
        ask(KEY);
        chain.outage = new IOException("refused");
        poll();
        assertEquals(Optional.of(NODE), now(directory.mailboxNodeOf(KEY)));
        assertEquals(1, directory.nodes().size());
        assertRefused(directory.mailboxNodeOf(new KeyId(0x77)), RefuseReason.ROUTES_UNAVAILABLE);
        assertRefused(directory.user(USER), RefuseReason.ROUTES_UNAVAILABLE);
        HealthItem item = health("chain.unreachable").orElseThrow();
        assertEquals(HealthItem.Severity.WARNING, item.severity());
        assertTrue(item.title().contains("2023-11-14T22:13:28Z (refused)"), item.title());
        clock.advanceMillis(ChainLimits.OUTAGE_CRITICAL_MILLIS);
        assertEquals(HealthItem.Severity.CRITICAL, health("chain.unreachable").orElseThrow().severity());
        chain.outage = null;
        pollAfterOutage();
        assertEquals(List.of(), directory.check());
        assertEquals(Optional.empty(), ask(new KeyId(0x77)));
        assertTrue(counters.value(Counter.CHAIN_FAILURES) > 0);
    }

    @Test
    void outageDuringAQuestionRefusesIt() {
        startWithUser();
        CompletionStage<Optional<KeyId>> stage = directory.mailboxNodeOf(KEY);
        chain.outage = new IOException("gone");
        directory.worker().turn();
        assertRefused(stage, RefuseReason.ROUTES_UNAVAILABLE);
        assertTrue(health("chain.unreachable").isPresent());
    }

    @Test
    void staleRouteIsServedWhenTheChainDoesNotAnswer() throws Exception {
        startWithUser();
        ask(KEY);
        chain.head += ChainLimits.LOG_BLOCKS_MAX + 1;
        poll();
        CompletionStage<Optional<KeyId>> stage = directory.mailboxNodeOf(KEY);
        assertFalse(stage.toCompletableFuture().isDone());
        chain.outage = new IOException("gone");
        directory.worker().turn();
        assertEquals(Optional.of(NODE), now(stage));
        assertEquals(Optional.of(NODE), now(directory.mailboxNodeOf(KEY)));
    }

    @Test
    void errorThatIsNoRevertIsNotTakenForUnknown() throws Exception {
        startWithUser();
        chain.failures.put(ROUTE_OF_KEY, new RpcException(-32000, "out of gas", ""));
        chain.failures.put(SEARCH_KEY, new RpcException(RpcException.ANSWER_TOO_LARGE, "too large", ""));
        CompletionStage<Optional<KeyId>> route = directory.mailboxNodeOf(KEY);
        CompletionStage<Optional<UserEntry>> user = directory.user(USER);
        directory.worker().turn();
        assertRefused(route, RefuseReason.ROUTES_UNAVAILABLE);
        assertRefused(user, RefuseReason.ROUTES_UNAVAILABLE);
        assertEquals(List.of(), directory.check(), "one answer is no outage");
        chain.failures.clear();
        assertEquals(Optional.of(NODE), ask(KEY));
    }

    @Test
    void backOffGrowsWithJitterUpToItsBound() {
        chain.outage = new IOException("down");
        long longest = 0;
        for (int i = 0; i < 12; i++) {
            long wait = directory.worker().turn();
            long most = Math.min((long) POLL_MILLIS << i, ChainLimits.BACK_OFF_MILLIS_MAX);
            assertTrue(wait >= TimeUnit.MILLISECONDS.toNanos(most / 2), "attempt " + i);
            assertTrue(wait <= TimeUnit.MILLISECONDS.toNanos(most), "attempt " + i);
            longest = Math.max(longest, wait);
            clock.advanceMillis(TimeUnit.NANOSECONDS.toMillis(wait) + 1);
        }
        assertTrue(longest > TimeUnit.MILLISECONDS.toNanos(ChainLimits.BACK_OFF_MILLIS_MAX / 2));
        assertEquals(12, chain.asked.size());
    }

    @Test
    void startWithoutTheChainServesNothingAndKeepsTrying() throws Exception {
        chain.outage = new IOException("down");
        poll();
        assertRefused(directory.mailboxNodeOf(KEY), RefuseReason.ROUTES_UNAVAILABLE);
        assertEquals(HealthItem.Severity.CRITICAL, health("chain.unreachable").orElseThrow().severity());
        assertEquals(List.of(), refusals);
        chain.outage = null;
        chain.putUser(USER, KEY, NODE.toString());
        pollAfterOutage();
        assertEquals(Optional.of(NODE), ask(KEY));
    }

    @Test
    void wrongChainIsRefusedInOneLineAndNotAskedAgain() {
        chain.chainId = 1;
        poll();
        assertEquals(1, refusals.size());
        assertTrue(refusals.get(0).contains("chain 1, not chain 224422"), refusals.get(0));
        int before = chain.asked.size();
        pollAfterOutage();
        assertEquals(before, chain.asked.size());
    }

    @Test
    void addressWithoutACodeIsRefusedByName() {
        for (WalletAddress missing : List.of(ScriptedChain.REGISTRY, ScriptedChain.TABLE, ScriptedChain.EPOCH_INFO)) {
            refusals.clear();
            chain.code.remove(missing);
            directory(Optional.of(ScriptedChain.EPOCH_INFO)).worker().turn();
            assertEquals(1, refusals.size());
            assertTrue(refusals.get(0).contains(missing.toString()), refusals.get(0));
            chain.code.add(missing);
        }
    }

    @Test
    void questionsBeyondTheBoundAreRefused() throws Exception {
        startWithUser();
        List<CompletionStage<Optional<KeyId>>> stages = new ArrayList<>();
        for (int i = 0; i < ChainLimits.QUESTIONS_MAX; i++) {
            stages.add(directory.mailboxNodeOf(new KeyId(0x10000 + i)));
        }
        assertFalse(stages.get(ChainLimits.QUESTIONS_MAX - 1).toCompletableFuture().isDone());
        assertRefused(directory.mailboxNodeOf(KEY), RefuseReason.ROUTES_UNAVAILABLE);
        while (directory.worker().turn() == 0) {
            assertTrue(chain.asked.size() < 10_000);
        }
        for (CompletionStage<Optional<KeyId>> stage : stages) {
            assertEquals(Optional.empty(), now(stage));
        }
    }

    @Test
    void closingRefusesWhatWaits() {
        startWithUser();
        CompletionStage<Optional<KeyId>> stage = directory.mailboxNodeOf(KEY);
        directory.close();
        assertRefused(stage, RefuseReason.STOPPING);
        assertRefused(directory.mailboxNodeOf(KEY), RefuseReason.STOPPING);
        directory.worker().turn();
        assertRefused(directory.mailboxNodeOf(KEY), RefuseReason.STOPPING);
    }

    @Test
    void worksOnItsOwnThread() throws Exception {
        chain.addNode(NODE, ScriptedChain.wallet(1));
        chain.putUser(USER, KEY, NODE.toString());
        ChainDirectory fast = new ChainDirectory(
                new ChainDirectory.Settings(ScriptedChain.CHAIN_ID, ScriptedChain.REGISTRY, ScriptedChain.TABLE,
                        Optional.empty(), 1),
                (method, params) -> {
                    clock.advanceMillis(1);
                    chain.head += method.equals("eth_blockNumber") ? 2 : 0;
                    return chain.call(method, params);
                }, clock, counters, new Random(1), refusals::add);
        // Two polls: the first ends after its epoch with taking questions.
        CountDownLatch begun = new CountDownLatch(2);
        fast.addListener(epoch -> begun.countDown());
        fast.start();
        assertTrue(begun.await(20, TimeUnit.SECONDS));
        assertEquals(Optional.of(NODE),
                fast.mailboxNodeOf(KEY).toCompletableFuture().get(20, TimeUnit.SECONDS));
        fast.close();
        assertRefused(fast.user(USER), RefuseReason.STOPPING);
    }
}
