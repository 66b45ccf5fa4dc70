package network.conet.edge.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.client.ConetClient;
import network.conet.edge.client.ExitTunnel;
import network.conet.edge.client.proxy.ProxyFront;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code conet proxy}. */
@Command(name = "proxy", mixinStandardHelpOptions = true,
        description = "A SOCKS5 and HTTP proxy on this machine, whose connections leave from an exit node.")
final class ProxyCommand implements Callable<Integer> {
    private static final Pattern ADDRESS = Pattern.compile("(.+):(\\d{1,5})");

    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Option(names = "--listen", paramLabel = "HOST:PORT", defaultValue = "127.0.0.1:1080",
            description = "Where programs connect; default: 127.0.0.1:1080")
    private String listen;

    @Option(names = "--others", description = "Allow --listen on an address that other machines reach: everybody there"
            + " can use your wallet's credit")
    private boolean isForOthers;

    @Option(names = "--exit", paramLabel = "WALLET",
            description = "Wallet of the exit node; default: your mailbox node")
    private String exit;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "256", description = "At the same time at most")
    private int connections;

    @Override
    public Integer call() throws ClientException, InterruptedException {
        InetSocketAddress address = address();
        ConetClient client = settings.lastingClient();
        Optional<WalletAddress> wallet = exit == null ? Optional.empty() : Optional.of(settings.address(exit));
        NodeEntry node = client.node(wallet);
        ExitTunnel tunnels = new ExitTunnel(client, node);
        PrintWriter err = spec.commandLine().getErr();
        try (ProxyFront front = new ProxyFront(address, tunnels::open, connections,
                line -> settings.progress(err, line))) {
            int port = front.address().getPort();
            settings.print(spec.commandLine().getOut(), JsonValue.object().put("port", port).build(),
                    "listening on " + front.address().getHostString() + ":" + port + ", SOCKS5 and HTTP; exit "
                            + node.wallet().toChecksumString(Settings.SIGNATURES));
            front.run();
        } catch (IOException failed) {
            throw new ClientException(Kind.SETUP, listen + " cannot be listened on: " + failed.getMessage());
        }
        return 0;
    }

    private InetSocketAddress address() throws ClientException {
        Matcher parts = ADDRESS.matcher(listen);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65_535 || connections < 1) {
            throw new ClientException(Kind.SETUP, "--listen " + listen + " is no HOST:PORT, or --connections below 1");
        }
        InetSocketAddress address = new InetSocketAddress(parts.group(1), Integer.parseInt(parts.group(2)));
        if (address.isUnresolved() || !address.getAddress().isLoopbackAddress() && !isForOthers) {
            throw new ClientException(Kind.SETUP, parts.group(1) + " is not this machine alone; --others allows it");
        }
        return address;
    }
}
