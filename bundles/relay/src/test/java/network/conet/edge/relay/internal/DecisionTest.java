package network.conet.edge.relay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.Envelope;
import network.conet.edge.protocol.Hop;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Sections 3.3 and 3.4, row by row, and then every combination against a second reading of the same sections. */
class DecisionTest {
    private static final FakeSignatures SIGNATURES = new FakeSignatures();
    private static final KeyId OURS = new KeyId(0xA1);
    private static final KeyId THEIRS = new KeyId(0xB2);
    private static final WalletAddress WALLET = SIGNATURES.wallet("self");
    private static final Decision.Self SELF = new Decision.Self(OURS, WALLET);
    private static final NodeEntry NEXT = new NodeEntry(
            new KeyId(0xC3), SIGNATURES.wallet("next"), new Endpoint("192.0.2.3", 80), "", "");
    private static final Route ELSEWHERE = new Route.To(NEXT);
    private static final Decision OPEN = Decision.Open.INSTANCE;
    private static final Decision ASK = Decision.AskRoute.INSTANCE;
    private static final Decision STORE = Decision.Store.INSTANCE;
    private static final Decision FORWARD = new Decision.Forward(NEXT);

    private enum Way { ARRIVED, PEELED, HANDED }

    private record Row(
            String name, Way way, KeyId recipient, int hops, boolean isLoop, Route route, Decision expected) {}

    @TestFactory
    List<DynamicTest> decidesAsTheTree() {
        Route notAsked = Route.NotAsked.INSTANCE;
        Route here = Route.Here.INSTANCE;
        Route unknown = Route.Unknown.INSTANCE;
        KeyId nobody = new KeyId(0);
        List<Row> rows = List.of(
                new Row("opens what is sealed to us", Way.ARRIVED, OURS, 0, false, notAsked, OPEN),
                new Row("opens after three hops", Way.ARRIVED, OURS, 3, false, notAsked, OPEN),
                new Row("opens what we once forwarded", Way.ARRIVED, OURS, 2, true, notAsked, OPEN),
                new Row("refuses our layer in our layer", Way.PEELED, OURS, 0, false, notAsked,
                        refuse(RefuseReason.LAYER_FOR_SAME_NODE)),
                new Row("refuses mailbox work for ourselves in mailbox work", Way.HANDED, OURS, 3, true, notAsked,
                        refuse(RefuseReason.LAYER_FOR_SAME_NODE)),
                new Row("asks the way of a message", Way.ARRIVED, THEIRS, 0, false, notAsked, ASK),
                new Row("asks the way of a layer", Way.PEELED, THEIRS, 2, false, notAsked, ASK),
                new Row("asks the way even at the last hop", Way.ARRIVED, THEIRS, 3, true, notAsked, ASK),
                new Row("refuses a layer after the last hop unasked", Way.PEELED, THEIRS, 3, false, notAsked,
                        refuse(RefuseReason.HOPS_FULL)),
                new Row("asks the way of mailbox work after the last hop", Way.HANDED, THEIRS, 3, false, notAsked, ASK),
                new Row("refuses the anonymous recipient unasked", Way.ARRIVED, nobody, 0, false, notAsked,
                        refuse(RefuseReason.ROUTE_UNKNOWN)),
                new Row("refuses an anonymous layer", Way.PEELED, nobody, 1, false, notAsked,
                        refuse(RefuseReason.ROUTE_UNKNOWN)),
                new Row("refuses the unknown", Way.ARRIVED, THEIRS, 0, false, unknown,
                        refuse(RefuseReason.ROUTE_UNKNOWN)),
                new Row("keeps what is for here", Way.ARRIVED, THEIRS, 0, false, here, STORE),
                new Row("keeps after three hops", Way.ARRIVED, THEIRS, 3, false, here, STORE),
                new Row("keeps what we once forwarded", Way.ARRIVED, THEIRS, 1, true, here, STORE),
                new Row("keeps a layer after two hops", Way.PEELED, THEIRS, 2, false, here, STORE),
                new Row("refuses a layer after three hops even for here", Way.PEELED, THEIRS, 3, false, here,
                        refuse(RefuseReason.HOPS_FULL)),
                new Row("keeps mailbox work after three hops", Way.HANDED, THEIRS, 3, false, here, STORE),
                new Row("forwards without a hop", Way.ARRIVED, THEIRS, 0, false, ELSEWHERE, FORWARD),
                new Row("forwards after two hops", Way.ARRIVED, THEIRS, 2, false, ELSEWHERE, FORWARD),
                new Row("refuses the fourth hop", Way.ARRIVED, THEIRS, 3, false, ELSEWHERE,
                        refuse(RefuseReason.HOPS_FULL)),
                new Row("refuses the fourth hop of mailbox work", Way.HANDED, THEIRS, 3, false, ELSEWHERE,
                        refuse(RefuseReason.HOPS_FULL)),
                new Row("refuses to forward a second time", Way.ARRIVED, THEIRS, 1, true, ELSEWHERE,
                        refuse(RefuseReason.HOP_LOOP)),
                new Row("refuses to forward a layer of a loop", Way.PEELED, THEIRS, 2, true, ELSEWHERE,
                        refuse(RefuseReason.HOP_LOOP)),
                new Row("names the full header before the loop", Way.ARRIVED, THEIRS, 3, true, ELSEWHERE,
                        refuse(RefuseReason.HOPS_FULL)));
        return rows.stream()
                .map(row -> DynamicTest.dynamicTest(row.name, () -> assertEquals(row.expected, decide(row))))
                .toList();
    }

    @Test
    void decidesEveryCombinationAsASecondReadingOfTheSections() throws RefusedException {
        List<Route> routes =
                List.of(Route.NotAsked.INSTANCE, Route.Here.INSTANCE, Route.Unknown.INSTANCE, ELSEWHERE);
        int combinations = 0;
        for (Way way : Way.values()) {
            for (KeyId recipient : List.of(OURS, THEIRS, new KeyId(0))) {
                for (int hops = 0; hops <= 3; hops++) {
                    for (boolean isLoop : new boolean[] {false, true}) {
                        for (Route route : routes) {
                            Row row = new Row("", way, recipient, hops, isLoop && hops > 0, route, null);
                            assertEquals(secondReading(row), decide(row), row.toString());
                            combinations++;
                        }
                    }
                }
            }
        }
        assertEquals(288, combinations);
    }

    private static Decision secondReading(Row row) {
        boolean isInside = row.way != Way.ARRIVED;
        if (row.recipient.equals(OURS)) {
            return isInside ? refuse(RefuseReason.LAYER_FOR_SAME_NODE) : OPEN;
        }
        if (row.way == Way.PEELED && row.hops == 3) {
            return refuse(RefuseReason.HOPS_FULL);
        }
        if (row.recipient.isAnonymous()) {
            return refuse(RefuseReason.ROUTE_UNKNOWN);
        }
        if (row.route == Route.NotAsked.INSTANCE) {
            return ASK;
        }
        if (row.route == Route.Unknown.INSTANCE) {
            return refuse(RefuseReason.ROUTE_UNKNOWN);
        }
        if (row.route == Route.Here.INSTANCE) {
            return STORE;
        }
        if (row.hops == 3) {
            return refuse(RefuseReason.HOPS_FULL);
        }
        return row.isLoop ? refuse(RefuseReason.HOP_LOOP) : FORWARD;
    }

    private static Decision decide(Row row) throws RefusedException {
        Envelope envelope = Envelope.of(FakeSeal.seal(row.recipient, "x"));
        Content content = switch (row.way) {
            case ARRIVED -> new Content.Arrived(envelope);
            case PEELED -> new Content.Peeled(envelope);
            case HANDED -> new Content.Handed(envelope);
        };
        List<Hop> hops = new ArrayList<>();
        for (int i = 0; i < row.hops; i++) {
            // The loop is in the first hop: every hop is looked at, not the last alone.
            WalletAddress signer = row.isLoop && i == 0 ? WALLET : SIGNATURES.wallet("hop " + i);
            hops.add(new Hop(signer, 0, 1, SIGNATURES.hash(new byte[0]), THEIRS,
                    SIGNATURES.signPersonal("x", signer)));
        }
        return Decision.decide(SELF, content, hops, row.route);
    }

    private static Decision refuse(RefuseReason reason) {
        return new Decision.Refuse(reason);
    }
}
