package network.conet.edge.client.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.client.ClientException;
import network.conet.edge.protocol.JsonValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code conet nodes}. */
@Command(name = "nodes", mixinStandardHelpOptions = true, description = "List the nodes of the network.")
final class NodesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Override
    public Integer call() throws ClientException {
        PrintWriter out = spec.commandLine().getOut();
        for (NodeEntry node : settings.directory().nodes()) {
            String wallet = node.wallet().toChecksumString(Settings.SIGNATURES);
            JsonValue json = JsonValue.object()
                    .put("keyId", node.keyId().toString())
                    .put("endpoint", node.endpoint().toString())
                    .put("wallet", wallet)
                    .put("region", node.region())
                    .build();
            settings.print(out, json, node.keyId() + "  " + node.endpoint() + "  " + wallet + "  " + node.region());
        }
        return 0;
    }
}
