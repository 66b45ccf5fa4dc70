package network.conet.edge.client.cli;

import java.util.concurrent.Callable;
import network.conet.edge.client.ClientException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conet online}. */
@Command(name = "online", mixinStandardHelpOptions = true, description = "Whether a wallet listens to its mail now.")
final class OnlineCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Parameters(index = "0", paramLabel = "WALLET", description = "Whom to ask about")
    private String wallet;

    @Override
    public Integer call() throws ClientException, InterruptedException {
        WalletAddress target = settings.address(wallet);
        boolean isOnline = settings.client().isOnline(target);
        String address = target.toChecksumString(Settings.SIGNATURES);
        settings.print(spec.commandLine().getOut(),
                JsonValue.object().put("wallet", address).put("online", isOnline).build(),
                address + (isOnline ? " listens now" : " does not listen now"));
        return 0;
    }
}
