package network.conet.edge.client;

import java.io.OutputStream;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.ReplyKey;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.service.ServiceBundle;
import network.conet.edge.protocol.service.ServiceCall;
import network.conet.edge.protocol.service.ServiceCommands;
import network.conet.edge.protocol.service.ServiceName;
import network.conet.edge.protocol.service.ServiceVersion;

/**
 * Services on nodes: calls them and manages them. Every command goes through an entry that is not the node, and its
 * answer comes back sealed. Blocks; safe for use by many threads.
 */
public final class ServiceClient {
    private final ConetClient client;

    /** @param client who calls */
    public ServiceClient(ConetClient client) {
        this.client = client;
    }

    /**
     * Calls a service.
     *
     * @param version a certain one, or the current one
     * @param out takes the reply as it comes
     * @return the outcome: {@code ok}, {@code reason}, {@code version}, {@code fuel}, {@code charged}, {@code quote}
     */
    public JsonValue call(NodeEntry node, ServiceName service, Optional<ServiceVersion> version, byte[] input,
            OutputStream out) throws ClientException, InterruptedException {
        ReplyKey key = client.newReplyKey();
        ServiceCall call = new ServiceCall(service, version, input, key);
        WalletAddress self = client.identity().wallet().address();
        return client.ask(node, call.encode(self, client.epochSeconds(), client.nonce()), key, out);
    }

    /** What runs on a node. */
    public JsonValue list(NodeEntry node) throws ClientException, InterruptedException {
        return manage(node, ServiceCommands.LIST, Map.of());
    }

    /**
     * Installs a bundle.
     *
     * @param isUpdate whether the other versions go once it has proven itself
     */
    public JsonValue install(NodeEntry node, ServiceBundle bundle, boolean isUpdate)
            throws ClientException, InterruptedException {
        return manage(node, isUpdate ? ServiceCommands.UPDATE : ServiceCommands.INSTALL,
                Map.of("bundle", JsonValue.of(Base64.getEncoder().encodeToString(bundle.toJar()))));
    }

    /**
     * Any other command of {@link ServiceCommands}.
     *
     * @param members what belongs to it
     */
    public JsonValue manage(NodeEntry node, String command, Map<String, JsonValue> members)
            throws ClientException, InterruptedException {
        ReplyKey key = client.newReplyKey();
        JsonValue.Builder json = ServiceCommands.begin(command, client.identity().wallet().address(),
                client.epochSeconds(), client.nonce(), key);
        members.forEach(json::put);
        return client.ask(node, json.build().toString(), key, OutputStream.nullOutputStream());
    }
}
