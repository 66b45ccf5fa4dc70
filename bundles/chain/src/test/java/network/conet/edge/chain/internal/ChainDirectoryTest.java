package network.conet.edge.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Counter;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.UserEntry;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.RpcException;
import network.conet.edge.chain.ScriptedChain;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.testkit.RecordingCounters;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;

final class ChainDirectoryTest {
    private static final int POLL_MILLIS = 4_000;
    private static final KeyId NODE = new KeyId(0x11);
    private static final KeyId OTHER_NODE = new KeyId(0x12);
    private static final KeyId KEY = new KeyId(0x21);
    private static final WalletAddress USER = ScriptedChain.wallet(0x31);
    private static final String ROUTE_OF_KEY = "cccad292";
    private static final String SEARCH_KEY = "052f2778";

    private final ScriptedChain chain = new ScriptedChain();
    private final SettableClock clock = new SettableClock(1_700_000_000_000L);
    private final RecordingCounters counters = new RecordingCounters();
    private final List<String> refusals = new ArrayList<>();
    private final ChainDirectory directory = directory(Optional.of(ScriptedChain.EPOCH_INFO));

    private ChainDirectory directory(Optional<WalletAddress> epochInfo) {
        return new ChainDirectory(
                new ChainDirectory.Settings(ScriptedChain.CHAIN_ID, ScriptedChain.REGISTRY, ScriptedChain.TABLE,
                        epochInfo, POLL_MILLIS),
                chain, clock, counters, new Random(1), refusals::add);
    }

    private void poll() {
        clock.advanceMillis(POLL_MILLIS);
        directory.worker().turn();
    }

    private void pollAtNextBlock() {
        chain.head++;
        poll();
    }

    /** Long enough for any back-off. */
    private void pollAfterOutage() {
        clock.advanceMillis(ChainLimits.BACK_OFF_MILLIS_MAX);
        directory.worker().turn();
    }

    private <T> T now(CompletionStage<T> stage) throws Exception {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertTrue(future.isDone(), "answered at once");
        return future.get();
    }

    private Optional<KeyId> ask(KeyId key) throws Exception {
        CompletionStage<Optional<KeyId>> stage = directory.mailboxNodeOf(key);
        directory.worker().turn();
        return now(stage);
    }

    private void assertRefused(CompletionStage<?> stage, RefuseReason reason) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        assertTrue(future.isCompletedExceptionally());
        ExecutionException failed = assertThrows(ExecutionException.class, future::get);
        assertEquals(reason, ((RefusedException) failed.getCause()).reason());
    }

    private Optional<HealthItem> health(String code) {
        return directory.check().stream().filter(item -> item.code().equals(code)).findFirst();
    }

    private void startWithUser() {
        chain.addNode(NODE, ScriptedChain.wallet(1));
        chain.putUser(USER, KEY, NODE.toString());
        poll();
    }

    @Test
    void servesNodesOfTheRegistry() {
        startWithUser();
        assertEquals(ScriptedChain.wallet(1), directory.node(NODE).orElseThrow().wallet());
        assertEquals(NODE, directory.nodeOfWallet(ScriptedChain.wallet(1)).orElseThrow().keyId());
        assertEquals(1, directory.nodes().size());
        assertEquals(List.of(), directory.check());
    }

    @Test
    void hitIsServedAtOnceWithoutAQuestion() throws Exception {
        startWithUser();
        assertEquals(Optional.of(NODE), ask(KEY));
        int before = chain.asked.size();
        assertEquals(Optional.of(NODE), now(directory.mailboxNodeOf(KEY)));
        assertEquals(before, chain.asked.size());
        CompletionStage<Optional<UserEntry>> user = directory.user(USER);
        directory.worker().turn();
        assertEquals(KEY, now(user).orElseThrow().keyId());
        before = chain.asked.size();
        assertEquals(Optional.of(NODE), now(directory.user(USER)).orElseThrow().mailboxNode());
        assertEquals(before, chain.asked.size());
    }

    @Test
    void sameQuestionIsAskedOnceForAll() throws Exception {
        startWithUser();
        CompletionStage<Optional<KeyId>> first = directory.mailboxNodeOf(KEY);
        CompletionStage<Optional<KeyId>> second = directory.mailboxNodeOf(KEY);
        first.toCompletableFuture().complete(Optional.empty());
        long before = chain.count("eth_call");
        directory.worker().turn();
        assertEquals(2, chain.count("eth_call") - before);
        assertEquals(Optional.of(NODE), now(second));
    }

    @Test
    void unknownKeyIsRememberedOnlyForAWhile() throws Exception {
        startWithUser();
        KeyId fresh = new KeyId(0x99);
        assertEquals(Optional.empty(), ask(fresh));
        chain.putUser(ScriptedChain.wallet(0x32), fresh, NODE.toString());
        assertEquals(Optional.empty(), now(directory.mailboxNodeOf(fresh)));
        clock.advanceMillis(ChainLimits.MISS_MILLIS);
        assertEquals(Optional.of(NODE), ask(fresh));
    }

    @Test
    void routeThatIsNoKeyIdIsUnknown() throws Exception {
        startWithUser();
        chain.putUser(USER, KEY, "node.example");
        assertEquals(Optional.empty(), ask(KEY));
    }

    @Test
    void routeChangedEventForgetsTheRoute() throws Exception {
        startWithUser();
        ask(KEY);
        chain.putUser(USER, KEY, OTHER_NODE.toString());
        assertEquals(Optional.of(NODE), now(directory.mailboxNodeOf(KEY)));
        chain.addRouteSet(chain.head + 1, 0, USER);
        pollAtNextBlock();
        assertEquals(Optional.of(OTHER_NODE), ask(KEY));
        assertEquals(Optional.of(OTHER_NODE), now(directory.mailboxNodeOf(KEY)), "and is remembered for this turn");
    }

    @Test
    void routeClearedAndKeySetEventsForgetToo() throws Exception {
        startWithUser();
        KeyId newKey = new KeyId(0x22);
        assertEquals(Optional.empty(), ask(newKey));
        chain.putUser(USER, newKey, NODE.toString());
        chain.addKeySet(chain.head + 1, USER, newKey);
        pollAtNextBlock();
        assertEquals(Optional.of(NODE), ask(newKey));
    }

    @Test
    void keyTakenOverByAnotherWalletIsForgotten() throws Exception {
        startWithUser();
        ask(KEY);
        WalletAddress thief = ScriptedChain.wallet(0x33);
        chain.putUser(thief, KEY, OTHER_NODE.toString());
        chain.addKeySet(chain.head + 1, thief, KEY);
        pollAtNextBlock();
        assertEquals(Optional.of(OTHER_NODE), ask(KEY));
    }

    @Test
    void lateServerBehindTheSameAddressDoesNotFreezeAnOldRoute() throws Exception {
        startWithUser();
        ask(KEY);
        chain.addRouteSet(chain.head + 1, 0, USER);
        pollAtNextBlock();
        assertEquals(Optional.of(NODE), ask(KEY), "the server does not know yet");
        chain.putUser(USER, KEY, OTHER_NODE.toString());
        pollAtNextBlock();
        assertEquals(Optional.of(OTHER_NODE), ask(KEY));
    }

    @Test
    void reorganisationBringsAndTakesEvents() throws Exception {
        startWithUser();
        ask(KEY);
        chain.putUser(USER, KEY, OTHER_NODE.toString());
        JsonValue log = chain.addRouteSet(chain.head + 1, 1, USER);
        pollAtNextBlock();
        assertEquals(Optional.of(OTHER_NODE), ask(KEY));
        chain.logs.remove(log);
        chain.putUser(USER, KEY, NODE.toString());
        pollAtNextBlock();
        assertEquals(Optional.of(NODE), ask(KEY), "the change was taken back");
    }

    @Test
    void eventOfTheOldestReReadBlockIsSeenAndOneBeforeIsNot() throws Exception {
        startWithUser();
        ask(KEY);
        chain.putUser(USER, KEY, OTHER_NODE.toString());
        long scanned = chain.head;
        chain.addRouteSet(scanned - ChainLimits.REREAD_BLOCKS, 0, USER);
        pollAtNextBlock();
        assertEquals(Optional.of(NODE), now(directory.mailboxNodeOf(KEY)));
        chain.addRouteSet(scanned + 2 - ChainLimits.REREAD_BLOCKS, 0, USER);
        pollAtNextBlock();
        assertEquals(Optional.of(OTHER_NODE), ask(KEY));
    }

    @Test
    void missedRangeThatIsTooLongMakesRoutesStaleButUsable() throws Exception {
        startWithUser();
        ask(KEY);
        chain.putUser(USER, KEY, OTHER_NODE.toString());
        chain.head += ChainLimits.LOG_BLOCKS_MAX + 1;
        long before = chain.count("eth_getLogs");
        poll();
        assertEquals(before, chain.count("eth_getLogs"));
        assertTrue(health("chain.events-unread").isPresent());
        assertEquals(Optional.of(OTHER_NODE), ask(KEY));
        pollAtNextBlock();
        assertFalse(health("chain.events-unread").isPresent());
    }

    @Test
    void rangeOfAllowedLengthIsReadInPieces() throws Exception {
        startWithUser();
        ask(KEY);
        chain.putUser(USER, KEY, OTHER_NODE.toString());
        chain.addRouteSet(chain.head + 2_500, 0, USER);
        chain.head += ChainLimits.LOG_BLOCKS_MAX - ChainLimits.REREAD_BLOCKS;
        long before = chain.count("eth_getLogs");
        poll();
        assertEquals(5, chain.count("eth_getLogs") - before);
        assertFalse(health("chain.events-unread").isPresent());
        assertEquals(Optional.of(OTHER_NODE), ask(KEY));
    }

    @Test
    void serverWithoutLogsCostsOnlyTheMemory() throws Exception {
        startWithUser();
        ask(KEY);
        chain.failures.put("eth_getLogs", new RpcException(-32601, "method not found", ""));
        chain.putUser(USER, KEY, OTHER_NODE.toString());
        pollAtNextBlock();
        assertEquals(Optional.of(OTHER_NODE), ask(KEY));
        assertTrue(health("chain.events-unread").isPresent());
    }

    @Test
    void chainThatWentBackIsNotTrusted() throws Exception {
        startWithUser();
        ask(KEY);
        chain.putUser(USER, KEY, OTHER_NODE.toString());
        chain.head -= ChainLimits.BLOCKS_BEHIND_MAX;
        poll();
        assertFalse(health("chain.behind").isPresent());
        assertEquals(Optional.of(OTHER_NODE), ask(KEY));
        chain.head--;
        poll();
        assertTrue(health("chain.behind").isPresent());
        assertEquals(1000, directory.current().number());
    }

    @Test
    void nodeEventReloadsTheListOnce() {
        startWithUser();
        chain.addNode(OTHER_NODE, ScriptedChain.wallet(2));
        poll();
        assertTrue(directory.node(OTHER_NODE).isEmpty());
        chain.addNodeRegistered(chain.head + 1, ScriptedChain.wallet(2), OTHER_NODE);
        pollAtNextBlock();
        assertTrue(directory.node(OTHER_NODE).isPresent());
        long before = chain.count("eth_call");
        directory.worker().turn();
        poll();
        assertEquals(before, chain.count("eth_call"));
    }

    @Test
    void listIsReadAgainAfterAWhileWithoutAnyEvent() {
        startWithUser();
        chain.addNode(OTHER_NODE, ScriptedChain.wallet(2));
        clock.advanceMillis(ChainLimits.NODES_RELOAD_MILLIS - POLL_MILLIS);
        directory.worker().turn();
        assertTrue(directory.node(OTHER_NODE).isEmpty());
        poll();
        assertTrue(directory.node(OTHER_NODE).isPresent());
    }

    @Test
    void routesToANodeThatLeftAreForgotten() throws Exception {
        startWithUser();
        ask(KEY);
        chain.putUser(USER, KEY, "");
        chain.nodes.clear();
        chain.addNodeRemoved(chain.head + 1, ScriptedChain.wallet(1), NODE);
        pollAtNextBlock();
        assertEquals(Optional.empty(), ask(KEY));
        assertEquals(List.of(), directory.nodes());
    }

    @Test
    void unusableNodesAreReported() {
        chain.nodes.add(new ScriptedChain.Node("x", "y", "z", ""));
        startWithUser();
        assertTrue(health("chain.nodes-unusable").orElseThrow().title().contains("1 have a malformed"));
    }

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
    void epochsCarryTheInfoOfTheirContract() {
        List<Epoch> begun = new ArrayList<>();
        directory.addListener(begun::add);
        assertSame(Epoch.UNKNOWN, directory.current());
        poll();
        pollAtNextBlock();
        pollAtNextBlock();
        assertEquals(List.of(new Epoch(1000, 1.5, 55, 66), new Epoch(1002, 1.5, 55, 66)), begun);
        chain.failures.put("c4fc78c3", new RpcException(3, "execution reverted", ""));
        chain.head += 4;
        poll();
        assertEquals(4, begun.size());
        assertEquals(new Epoch(1006, 1.5, 55, 66), directory.current());
        assertTrue(health("chain.epoch-info-unread").isPresent());
    }

    @Test
    void epochsWithoutAContractHaveZeros() {
        ChainDirectory without = directory(Optional.empty());
        without.worker().turn();
        assertEquals(new Epoch(1000, 0, 0, 0), without.current());
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
