package network.conet.edge.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.NetworkFile;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.client.Identity;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conet network}: for the operator of a private network. */
@Command(name = "network", mixinStandardHelpOptions = true,
        description = "Sign the file of a private network (operators).")
final class NetworkCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command: sign");
    }

    @Command(name = "sign", mixinStandardHelpOptions = true,
            description = "Stamp a draft with the time, sign it with this wallet, write it where nodes read it.")
    int sign(@Mixin Settings settings,
            @Parameters(paramLabel = "DRAFT", description = "JSON: version, blockSeconds, nodes, users") Path draft,
            @Parameters(paramLabel = "TARGET", description = "The signed file; replaced whole") Path target)
            throws ClientException {
        Identity operator = settings.identity();
        String message = stamped(read(draft)).toString();
        String signed = NetworkFile.write(
                message, operator.wallet().signPersonal(message.getBytes(StandardCharsets.UTF_8)));
        NetworkFile network = write(signed, target, operator);
        PrintWriter out = spec.commandLine().getOut();
        String wallet = operator.wallet().address().toChecksumString(Settings.SIGNATURES);
        settings.print(out, JsonValue.object()
                        .put("operatorWallet", wallet)
                        .put("issuedAt", network.issuedAtSeconds())
                        .put("nodes", network.nodes().size())
                        .put("users", network.users().size())
                        .build(),
                target + ": " + network.nodes().size() + " nodes, " + network.users().size() + " users, signed by "
                        + wallet);
        return 0;
    }

    private static JsonValue read(Path draft) throws ClientException {
        try {
            return JsonValue.parse(Files.readAllBytes(draft), ChainLimits.JSON_VALUES_MAX);
        } catch (IOException failed) {
            throw new ClientException(Kind.SETUP, draft + " cannot be read: " + failed.getMessage(), failed);
        } catch (JsonException notJson) {
            throw new ClientException(Kind.SETUP, draft + " is not JSON: " + notJson.getMessage());
        }
    }

    private static JsonValue stamped(JsonValue draft) throws ClientException {
        if (!(draft instanceof JsonValue.Obj object)) {
            throw new ClientException(Kind.SETUP, "the draft is not a JSON object");
        }
        JsonValue.Builder stamped = JsonValue.object();
        object.members().forEach(stamped::put);
        return stamped.put("issuedAt", Settings.CLOCK.epochSeconds()).build();
    }

    /** What nodes would refuse is not written. */
    private static NetworkFile write(String signed, Path target, Identity operator) throws ClientException {
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        try {
            try {
                Files.writeString(fresh, signed);
                NetworkFile network = NetworkFile.read(fresh, operator.wallet().address(), Settings.SIGNATURES);
                Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
                return network;
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException unusable) {
            throw new ClientException(Kind.SETUP, "the draft is not usable: " + unusable.getMessage(), unusable);
        }
    }
}
