package network.conet.edge.client.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import network.conet.edge.client.ChatMessage;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.MailListener;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code conet listen}. */
@Command(name = "listen", mixinStandardHelpOptions = true,
        description = "Receive mail: what waits, then what comes. Each message is acknowledged after it was printed.")
final class ListenCommand implements Callable<Integer>, MailListener.Receiver {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Option(names = "--count", paramLabel = "N", defaultValue = "0",
            description = "End after this many messages (default: never)")
    private int count;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "0",
            description = "End after this many seconds with exit code 6 (default: never)")
    private long timeoutSeconds;

    private int received;

    @Override
    public Integer call() throws ClientException, InterruptedException {
        Duration timeout = timeoutSeconds > 0 ? Duration.ofSeconds(timeoutSeconds) : Duration.ofDays(36_500);
        new MailListener(settings.client(), Settings.CLOCK).listen(this, timeout);
        return 0;
    }

    @Override
    public void connected() {
        settings.progress(spec.commandLine().getErr(), "listening");
    }

    @Override
    public boolean received(Hash256 armorHash, Optional<ChatMessage> content) {
        PrintWriter out = spec.commandLine().getOut();
        received++;
        if (content.isEmpty()) {
            settings.print(out,
                    JsonValue.object().put("armorHash", armorHash.toString()).put("opened", false).build(),
                    "a message that this wallet's key does not open: " + armorHash);
        } else {
            print(out, armorHash, content.get());
        }
        return count == 0 || received < count;
    }

    private void print(PrintWriter out, Hash256 armorHash, ChatMessage message) {
        String from = message.from().map(this::display).orElse("nobody");
        JsonValue json = JsonValue.object()
                .put("armorHash", armorHash.toString())
                .put("opened", true)
                .put("from", from)
                .put("senderProven", message.isSenderProven())
                .put("sentMillis", message.sentMillis())
                .put("text", message.text())
                .build();
        String warning = message.isSenderProven() ? "" : " (NOT PROVEN: the signature is missing or wrong)";
        settings.print(out, json, "from " + from + warning + ": " + printable(message.text()));
    }

    private String display(WalletAddress wallet) {
        return wallet.toChecksumString(Settings.SIGNATURES);
    }

    /** A stranger's text must not steer the terminal. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "\uFFFD");
    }
}
