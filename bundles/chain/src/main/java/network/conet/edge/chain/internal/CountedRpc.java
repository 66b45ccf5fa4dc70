package network.conet.edge.chain.internal;

import java.io.IOException;
import java.util.List;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import network.conet.edge.chain.JsonRpc;
import network.conet.edge.chain.RpcException;
import network.conet.edge.protocol.JsonValue;

/** Counts what is asked, and what no server answered. */
final class CountedRpc implements JsonRpc {
    private final JsonRpc rpc;
    private final Counters counters;

    CountedRpc(JsonRpc rpc, Counters counters) {
        this.rpc = rpc;
        this.counters = counters;
    }

    @Override
    public JsonValue call(String method, JsonValue params) throws IOException {
        counters.add(Counter.CHAIN_REQUESTS, 1);
        try {
            return rpc.call(method, params);
        } catch (RpcException answered) {
            throw answered;
        } catch (IOException failed) {
            counters.add(Counter.CHAIN_FAILURES, 1);
            throw failed;
        }
    }

    @Override
    public List<Answer> batch(List<Question> questions) throws IOException {
        counters.add(Counter.CHAIN_REQUESTS, 1);
        try {
            return rpc.batch(questions);
        } catch (RpcException answered) {
            throw answered;
        } catch (IOException failed) {
            counters.add(Counter.CHAIN_FAILURES, 1);
            throw failed;
        }
    }
}
