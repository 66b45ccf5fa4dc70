package network.conet.edge.client.cli;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.site.Sites;
import network.conet.edge.protocol.JsonValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code conet browse}. */
@Command(name = "browse", mixinStandardHelpOptions = true,
        description = "Shows sites of the network in any browser on this machine, as http://WALLET.localhost:PORT/"
                + " or http://NAME.conet.localhost:PORT/.")
final class BrowseCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "8480", description = "Local port; default: 8480")
    private int port;

    @Override
    public Integer call() throws ClientException, InterruptedException {
        if (port < 0 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "--port is from 0 to 65535");
        }
        PrintWriter out = spec.commandLine().getOut();
        new Sites(settings.lastingClient(), Settings.CLOCK).browse(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                name -> settings.names().resolve(name),
                address -> settings.print(out, JsonValue.object().put("port", address.getPort()).build(),
                        "open http://WALLET.localhost:" + address.getPort() + "/ in a browser"));
        return 0;
    }
}
