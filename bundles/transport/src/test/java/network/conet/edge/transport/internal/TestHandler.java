package network.conet.edge.transport.internal;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.MessageHandler;

/** Records what is handed to it and answers as told. */
final class TestHandler implements MessageHandler {
    record Call(byte[] body, String hopHeader, Exchange exchange) {}

    final List<Call> calls = new CopyOnWriteArrayList<>();
    final BlockingQueue<Call> queue = new LinkedBlockingQueue<>();
    volatile Consumer<Call> answer;

    TestHandler(Consumer<Call> answer) {
        this.answer = answer;
    }

    @Override
    public void handle(byte[] body, String hopHeader, Exchange exchange) {
        Call call = new Call(body, hopHeader, exchange);
        calls.add(call);
        queue.add(call);
        answer.accept(call);
    }
}
