package network.conet.edge.client.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import network.conet.edge.client.ClientException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.service.ServiceCommands;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conet service grant}. */
@Command(name = "grant", mixinStandardHelpOptions = true,
        description = "Gives a wallet credit for services on your node.")
final class ServiceGrantCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Mixin
    private OnNode on;

    @Parameters(index = "0", paramLabel = "WALLET", description = "Who gets it")
    private String wallet;

    @Parameters(index = "1", paramLabel = "NANOTOKENS", description = "How much is added")
    private long nanotokens;

    @Override
    public Integer call() throws ClientException, InterruptedException {
        OnNode.Connected node = on.connect(settings);
        JsonValue outcome = node.services().manage(node.node(), ServiceCommands.GRANT,
                Map.of("wallet", JsonValue.of(settings.address(wallet).toString()),
                        "nanotokens", JsonValue.of(nanotokens)));
        OnNode.requireOk(outcome);
        settings.print(spec.commandLine().getOut(), outcome, wallet + " has "
                + outcome.integer("balance").orElse(0) + " nanotokens here");
        return 0;
    }
}
