package network.conet.edge.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.UserEntry;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.RpcException;
import network.conet.edge.chain.ScriptedChain;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import org.junit.jupiter.api.Test;

/** What is remembered, and what makes it forgotten. */
final class ChainDirectoryTest extends ChainDirectoryFixture {
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
    void serverThatIsAFewBlocksLateCostsNothing() throws Exception {
        startWithUser();
        chain.addRouteSet(chain.head + 1, 0, USER);
        pollAtNextBlock();
        ask(KEY);
        long before = chain.count("eth_call");
        chain.head -= ChainLimits.REREAD_BLOCKS - 1;
        poll();
        assertEquals(Optional.of(NODE), now(directory.mailboxNodeOf(KEY)));
        assertEquals(before, chain.count("eth_call"));
        chain.head--;
        poll();
        assertFalse(directory.mailboxNodeOf(KEY).toCompletableFuture().isDone());
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
}
