package network.conet.edge.client.cli;

import java.util.Optional;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.client.AccountClient;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ConetClient;
import network.conet.edge.client.ServiceClient;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.service.ServiceName;
import network.conet.edge.protocol.service.ServiceVersion;
import picocli.CommandLine.Option;

/** Which node a command about services is for. */
final class OnNode {
    @Option(names = "--node", paramLabel = "WALLET", description = "Wallet of the node; default: your mailbox node")
    private String node;

    /** A client and the node that it speaks to. */
    record Connected(ServiceClient services, NodeEntry node) {}

    /** A client for accounts and the node that it speaks to. */
    record Account(AccountClient accounts, NodeEntry node) {}

    Account account(Settings settings) throws ClientException {
        ConetClient client = settings.client();
        return new Account(new AccountClient(client, settings.chain()), client.node(wallet(settings)));
    }

    Connected connect(Settings settings) throws ClientException {
        ConetClient client = settings.client();
        return new Connected(new ServiceClient(client), client.node(wallet(settings)));
    }

    private Optional<WalletAddress> wallet(Settings settings) throws ClientException {
        return node == null ? Optional.empty() : Optional.of(settings.address(node));
    }

    static ServiceName name(String text) throws ClientException {
        return ServiceName.parse(text).orElseThrow(() -> new ClientException(Kind.SETUP,
                text + " is no name of a service: 1 to 32 of a-z 0-9 -, beginning with a letter"));
    }

    static Optional<ServiceVersion> version(String text) throws ClientException {
        if (text == null) {
            return Optional.empty();
        }
        return Optional.of(ServiceVersion.parse(text).orElseThrow(
                () -> new ClientException(Kind.SETUP, text + " is no version: three numbers as in 1.0.0")));
    }

    /** @throws ClientException REFUSED when an outcome is not ok, with what the node says about it */
    static void requireOk(JsonValue outcome) throws ClientException {
        if (outcome.member("ok").filter(JsonValue.Literal.TRUE::equals).isPresent()) {
            return;
        }
        String reason = outcome.string("detail").or(() -> outcome.string("reason")).orElse(outcome.toString());
        Optional<JsonValue> quote = outcome.member("quote");
        String price = quote.isEmpty() ? "" : "; a call costs " + number(quote.get(), "call") + " and "
                + number(quote.get(), "megafuel") + " for each million of fuel, " + number(quote.get(), "reserve")
                + " nanocredits are set aside, you have " + number(quote.get(), "balance")
                + "; pay with: conet account pay";
        throw new ClientException(Kind.REFUSED, "the node says: " + reason + price);
    }

    private static String number(JsonValue quote, String name) {
        return quote.integer(name).isPresent() ? Long.toString(quote.integer(name).getAsLong()) : "?";
    }
}
