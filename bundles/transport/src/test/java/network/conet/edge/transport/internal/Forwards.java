package network.conet.edge.transport.internal;

import network.conet.edge.api.NodeEntry;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;

/** A handler's way to forward. */
final class Forwards {
    private Forwards() {}

    static NodeEntry node(String host, int port) {
        return new NodeEntry(KeyId.parse("0000000000000001").orElseThrow(), WalletAddress.zero(),
                new Endpoint(host, port), "", "");
    }

    /** Forwards the body as it is; refuses as a relay does when the next node cannot be had. */
    static void to(TestHandler.Call call, NodeEntry next, String hopHeader) {
        call.exchange().forward(next, call.body(), hopHeader).whenComplete((done, failure) -> {
            if (failure instanceof RefusedException refused) {
                call.exchange().refuse(refused.reason());
            } else if (failure != null) {
                call.exchange().refuse(RefuseReason.INTERNAL);
            }
        });
    }
}
