package network.conet.edge.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import network.conet.edge.api.EventStream;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.MessageHandler;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.WalletAddress;
import org.junit.jupiter.api.Test;

class SimNetworkTest {
    private static final Endpoint FIRST = new Endpoint("192.0.2.1", 80);
    private static final Endpoint SECOND = new Endpoint("192.0.2.2", 80);
    private static final byte[] BODY = {'b'};

    private final SettableClock clock = new SettableClock(0);
    private final SimNetwork network = new SimNetwork(1, clock);

    /** Keeps what it hears. */
    private static final class Recorder implements SimClient {
        private final List<String> heard = new ArrayList<>();

        @Override
        public void ok(byte[] json) {
            heard.add("ok");
        }

        @Override
        public void refused(RefuseReason reason) {
            heard.add(reason.label());
        }

        @Override
        public void streamOpened() {
            heard.add("stream");
        }

        @Override
        public void frame(byte[] frame) {
            heard.add(new String(frame, StandardCharsets.US_ASCII));
        }

        @Override
        public void closed() {
            heard.add("closed");
        }
    }

    /** Writes numbers as long as there is room. */
    private static final class Counting implements EventStream.Events {
        private EventStream stream;
        private int next = 1;
        private int ends;

        private void begin(Exchange exchange) {
            stream = exchange.stream(this);
            writable();
        }

        @Override
        public void writable() {
            while (next <= 20 && stream.isWritable()) {
                stream.write(Integer.toString(next++).getBytes(StandardCharsets.US_ASCII));
            }
            if (next > 20) {
                stream.close();
            }
        }

        @Override
        public void closed() {
            ends++;
        }
    }

    @Test
    void carriesARequestAndItsAnswer() {
        network.start(FIRST, (body, hops, exchange) -> exchange.ok(body));
        assertEquals(List.of("ok", "closed"), heard());
        assertEquals(List.of(), network.unanswered());
    }

    @Test
    void carriesAStreamInOrderWithBackPressureThroughAForwardingNode() {
        Counting counting = new Counting();
        network.start(FIRST, forwarding());
        network.start(SECOND, (body, hops, exchange) -> counting.begin(exchange));
        List<String> expected = new ArrayList<>(List.of("stream"));
        IntStream.rangeClosed(1, 20).mapToObj(Integer::toString).forEach(expected::add);
        expected.add("closed");
        assertEquals(expected, heard());
        assertEquals(1, counting.ends);
    }

    @Test
    void refusesForANextNodeThatIsDownOrSilent() {
        network.start(FIRST, forwarding());
        assertEquals(List.of("next_node_unreachable", "closed"), heard());
        network.start(SECOND, (body, hops, exchange) -> exchange.refuse(RefuseReason.HOP_LOOP));
        assertEquals(List.of("next_node_silent", "closed"), heard());
    }

    @Test
    void losesEverythingOfANodeThatCrashes() {
        List<String> ran = new ArrayList<>();
        network.start(FIRST, (body, hops, exchange) -> {
            network.scheduleOn(FIRST, 100, () -> ran.add("task"));
            network.scheduleOn(FIRST, 100, () -> exchange.ok(body));
        });
        Recorder client = new Recorder();
        network.post(FIRST, BODY, client);
        network.schedule(50, () -> network.crash(FIRST));
        network.runUntil(10_000);
        assertEquals(List.of("closed"), client.heard);
        assertEquals(List.of(), ran);
        assertEquals(List.of(), network.unanswered(), "the dead owe nothing");
        network.start(FIRST, (body, hops, exchange) -> exchange.ok(body));
        assertEquals(List.of("ok", "closed"), heard());
    }

    @Test
    void namesExchangesThatWereNeverAnsweredOrAnsweredTwice() {
        network.start(FIRST, (body, hops, exchange) -> {});
        assertEquals(List.of(), heard());
        assertEquals(1, network.unanswered().size());
        network.start(SECOND, (body, hops, exchange) -> {
            exchange.ok(body);
            exchange.refuse(RefuseReason.INTERNAL);
        });
        Recorder client = new Recorder();
        network.post(SECOND, BODY, client);
        network.runUntil(20_000);
        assertEquals(List.of("ok", "closed"), client.heard);
        assertTrue(network.violations().get(0).startsWith("second answer"), network.violations().toString());
    }

    @Test
    void tellsTheServerWhenTheAskerCloses() {
        Counting counting = new Counting();
        network.start(FIRST, (body, hops, exchange) -> counting.stream = exchange.stream(counting));
        Recorder client = new Recorder();
        SimConnection connection = network.post(FIRST, BODY, client);
        network.schedule(500, connection::close);
        network.runUntil(10_000);
        assertEquals(List.of("stream", "closed"), client.heard);
        assertEquals(1, counting.ends);
    }

    @Test
    void breaksConnectionsAndTellsBothEndsOnce() {
        network.setFaults(new SimNetwork.Faults(300, 20));
        int broken = 0;
        for (int i = 0; i < 200; i++) {
            Counting counting = new Counting();
            Endpoint endpoint = new Endpoint("node" + i, 80);
            boolean[] isAsked = new boolean[1];
            network.start(endpoint, (body, hops, exchange) -> {
                isAsked[0] = true;
                counting.begin(exchange);
            });
            Recorder client = new Recorder();
            network.post(endpoint, BODY, client);
            network.runUntil(clock.epochMillis() + 10_000);
            assertEquals("closed", client.heard.get(client.heard.size() - 1));
            assertEquals(1, client.heard.stream().filter("closed"::equals).count());
            assertEquals(isAsked[0] ? 1 : 0, counting.ends);
            broken += client.heard.contains("20") ? 0 : 1;
        }
        assertTrue(broken > 100, "only " + broken + " broke");
    }

    @Test
    void repeatsARunWithItsSeed() {
        assertEquals(traceHash(3), traceHash(3));
        assertNotEquals(traceHash(3), traceHash(4));
    }

    @Test
    void namesTheSeedThatFailed() {
        AssertionError failed = assertThrows(AssertionError.class, () -> SimNetwork.eachSeed(9, seed -> {
            throw new IllegalStateException("wrong");
        }));
        assertTrue(failed.getMessage().contains("-Dsim.seed="), failed.getMessage());
    }

    private static long traceHash(long seed) {
        SimNetwork own = new SimNetwork(seed, new SettableClock(0));
        own.setFaults(new SimNetwork.Faults(100, 50));
        own.start(FIRST, (body, hops, exchange) -> new Counting().begin(exchange));
        for (int i = 0; i < 20; i++) {
            own.post(FIRST, BODY, new Recorder());
        }
        own.runUntil(10_000);
        return own.traceHash();
    }

    private static MessageHandler forwarding() {
        NodeEntry next = new NodeEntry(new KeyId(2), WalletAddress.zero(), SECOND, "", "");
        return (body, hops, exchange) -> exchange.forward(next, body, "").whenComplete((sent, failure) -> {
            if (failure != null) {
                exchange.refuse(RefuseReason.NEXT_NODE_UNREACHABLE);
            }
        });
    }

    private List<String> heard() {
        Recorder client = new Recorder();
        network.post(FIRST, BODY, client);
        network.runUntil(clock.epochMillis() + 10_000);
        return client.heard;
    }
}
