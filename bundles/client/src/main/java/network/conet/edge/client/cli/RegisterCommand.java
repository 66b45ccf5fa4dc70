package network.conet.edge.client.cli;

import java.util.List;
import java.util.concurrent.Callable;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.client.ConetClient;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code conet register}. */
@Command(name = "register", mixinStandardHelpOptions = true,
        description = "Be found on the network: register the wallet's key, or move its mailbox to another node. Costs"
                + " no coins: the mailbox node submits it.")
final class RegisterCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Option(names = "--mailbox", paramLabel = "KEYID",
            description = "Key id of the node that shall keep the mail (see: conet nodes); default: the first one")
    private String mailbox;

    @Override
    public Integer call() throws ClientException, InterruptedException {
        ConetClient client = settings.client();
        NodeEntry node = choose(client.directory().nodes());
        settings.progress(spec.commandLine().getErr(), "registering at node " + node.keyId() + " ...");
        Hash256 transaction = client.register(node);
        String address = client.identity().wallet().address().toChecksumString(Settings.SIGNATURES);
        JsonValue json = JsonValue.object()
                .put("wallet", address)
                .put("mailboxNode", node.keyId().toString())
                .put("transaction", transaction.toString())
                .build();
        settings.print(spec.commandLine().getOut(), json,
                address + " is registered; node " + node.keyId() + " keeps its mail (transaction " + transaction + ")");
        return 0;
    }

    private NodeEntry choose(List<NodeEntry> nodes) throws ClientException {
        if (mailbox == null) {
            return nodes.stream().findFirst().orElseThrow(
                    () -> new ClientException(Kind.UNREACHABLE, "the network has no nodes"));
        }
        KeyId keyId = KeyId.parse(mailbox).orElseThrow(
                () -> new ClientException(Kind.SETUP, mailbox + " is not a key id (16 hexadecimal digits)"));
        return nodes.stream().filter(node -> node.keyId().equals(keyId)).findFirst().orElseThrow(
                () -> new ClientException(Kind.REFUSED, "no node has the key id " + keyId));
    }
}
