package network.conet.edge.relay.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import network.conet.edge.api.MessagePost;
import network.conet.edge.api.NodeCommands;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.Outbox;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The node's own mail in an OSGi framework. A component beside that of the relay, which fills it: services need this
 * one and the relay needs services, so they would wait for each other.
 */
@Component(service = {Outbox.class, NodeCommands.class, OutboxComponent.class})
public final class OutboxComponent implements Outbox, NodeCommands {
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile MessagePost posts;

    private volatile NodeOutbox outbox;

    /** The relay is there. */
    void begin(RelayParts parts, Consumer<KeyId> stored) {
        outbox = new NodeOutbox(parts, this::post, stored);
    }

    /** The relay goes. */
    void end() {
        outbox = null;
    }

    @Override
    public CompletionStage<Void> send(WalletAddress to, byte[] text) {
        NodeOutbox present = outbox;
        return present == null ? failed(RefuseReason.STOPPING) : present.send(to, text);
    }

    @Override
    public CompletionStage<Void> send(WalletAddress node, String command) {
        NodeOutbox present = outbox;
        return present == null ? failed(RefuseReason.STOPPING) : present.send(node, command);
    }

    private CompletionStage<Integer> post(NodeEntry next, byte[] body) {
        MessagePost present = posts;
        return present == null ? failed(RefuseReason.NEXT_NODE_UNREACHABLE) : present.post(next, body);
    }

    private static <T> CompletionStage<T> failed(RefuseReason reason) {
        return CompletableFuture.failedFuture(new RefusedException(reason));
    }
}
