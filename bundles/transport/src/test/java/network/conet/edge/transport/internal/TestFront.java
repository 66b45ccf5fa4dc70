package network.conet.edge.transport.internal;

import java.io.IOException;
import java.util.function.Consumer;
import network.conet.edge.api.Counter;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.testkit.SettableClock;

/** A front on loopback, at a free port. */
final class TestFront implements AutoCloseable {
    final PlainCounters counters = new PlainCounters();
    final TestHandler handler;
    final HttpFront front;

    TestFront(Consumer<TestHandler.Call> answer) throws IOException {
        this(FrontSettings.defaults(), answer);
    }

    TestFront(FrontSettings settings, Consumer<TestHandler.Call> answer) throws IOException {
        handler = new TestHandler(answer);
        front = new HttpFront(settings.listen(0, "127.0.0.1"), handler, () -> EmbeddedFront.WALLET, counters,
                new SettableClock(EmbeddedFront.SUNDAY));
        front.start();
    }

    /** An entry: whatever is posted goes to the other, with the hop header. */
    static TestFront entryTo(NodeEntry next, String hopHeader) throws IOException {
        return new TestFront(call -> Forwards.to(call, next, hopHeader));
    }

    static TestFront answeringOk() throws IOException {
        return new TestFront(call -> call.exchange().ok(Recorded.bytes("{}")));
    }

    int port() {
        return front.port();
    }

    NodeEntry node() {
        return Forwards.node("127.0.0.1", port());
    }

    RawClient client() throws IOException {
        return new RawClient(port());
    }

    /** Posts on a connection of its own and reads all. */
    String post(byte[] request) throws IOException {
        try (RawClient client = client()) {
            return client.send(request).readToEnd();
        }
    }

    long accepted() {
        return counters.value(Counter.CONNECTIONS_ACCEPTED);
    }

    long refusals(RefuseReason reason) {
        return counters.refusals(reason);
    }

    @Override
    public void close() {
        front.close();
    }
}
