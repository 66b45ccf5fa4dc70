package network.conet.edge.client.cli;

import network.conet.edge.client.ClientException;
import network.conet.edge.client.Identity;
import network.conet.edge.protocol.JsonValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code conet wallet}. */
@Command(name = "wallet", description = "Make or show the wallet of this computer.", mixinStandardHelpOptions = true)
final class WalletCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command: create or show");
    }

    @Command(name = "create", description = "Make a new wallet and its OpenPGP key.", mixinStandardHelpOptions = true)
    int create(@Mixin Settings settings) throws ClientException {
        Identity identity = settings.newIdentity();
        print(settings, identity, "made and kept in " + settings.walletDirectory());
        return 0;
    }

    @Command(name = "show", description = "Show address and key id.", mixinStandardHelpOptions = true)
    int show(@Mixin Settings settings) throws ClientException {
        print(settings, settings.identity(), "kept in " + settings.walletDirectory());
        return 0;
    }

    private void print(Settings settings, Identity identity, String where) {
        String address = identity.wallet().address().toChecksumString(Settings.SIGNATURES);
        JsonValue json = JsonValue.object()
                .put("wallet", address)
                .put("keyId", identity.pgp().keyId().toString())
                .put("publicKey", identity.pgp().publicKey().armored())
                .build();
        settings.print(spec.commandLine().getOut(), json,
                "wallet " + address + ", key " + identity.pgp().keyId() + ", " + where);
    }
}
