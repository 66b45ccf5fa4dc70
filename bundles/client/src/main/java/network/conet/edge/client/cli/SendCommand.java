package network.conet.edge.client.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.ProtocolLimits;
import network.conet.edge.protocol.WalletAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conet send}. */
@Command(name = "send", mixinStandardHelpOptions = true,
        description = "Send a sealed message. When the command succeeds, the recipient's node keeps it durably.")
final class SendCommand implements Callable<Integer> {
    /** Sealed and armored a text grows to about twice its size; twice more for safety. */
    private static final int TEXT_BYTES_MAX = ProtocolLimits.ARMOR_BYTES_MAX / 4;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Parameters(index = "0", paramLabel = "WALLET", description = "Who shall get it")
    private String to;

    @Parameters(index = "1", paramLabel = "TEXT", description = "What to say; - reads it from standard input")
    private String text;

    @Override
    public Integer call() throws ClientException, InterruptedException {
        WalletAddress recipient = settings.address(to);
        Hash256 hash = settings.client().send(recipient, body());
        JsonValue json = JsonValue.object()
                .put("to", recipient.toChecksumString(Settings.SIGNATURES))
                .put("armorHash", hash.toString())
                .build();
        settings.print(spec.commandLine().getOut(), json, "sent; the message is " + hash);
        return 0;
    }

    private String body() throws ClientException {
        byte[] bytes;
        try {
            bytes = text.equals("-")
                    ? System.in.readNBytes(TEXT_BYTES_MAX + 1)
                    : text.getBytes(StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new ClientException(Kind.SETUP, "standard input cannot be read: " + failed.getMessage(), failed);
        }
        if (bytes.length > TEXT_BYTES_MAX) {
            throw new ClientException(Kind.SETUP, "a message has at most " + TEXT_BYTES_MAX + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
