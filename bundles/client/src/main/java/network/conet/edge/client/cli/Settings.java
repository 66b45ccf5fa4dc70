package network.conet.edge.client.cli;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import network.conet.edge.api.Clock;
import network.conet.edge.client.CachedDirectory;
import network.conet.edge.client.Chain;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ConetClient;
import network.conet.edge.client.Directory;
import network.conet.edge.client.Identity;
import network.conet.edge.client.NameBook;
import network.conet.edge.client.Network;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletName;
import picocli.CommandLine.Option;

/** Options that most commands share, and what they mean. */
final class Settings {
    static final WalletSignatures SIGNATURES = new WalletSignatures();
    static final Clock CLOCK = new Clock() {
        @Override
        public long epochMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }
    };

    @Option(names = "--wallet", paramLabel = "DIR", defaultValue = "${env:CONET_WALLET:-${sys:user.home}/.conet}",
            description = "Directory of the wallet (CONET_WALLET; default ~/.conet)")
    private Path walletDirectory;

    @Option(names = "--password-file", paramLabel = "FILE", defaultValue = "${env:CONET_PASSWORD_FILE}",
            description = "File whose first line is the wallet's password (CONET_PASSWORD_FILE); else you are asked")
    private Path passwordFile;

    @Option(names = "--network", paramLabel = "FILE",
            defaultValue = "${env:CONET_NETWORK:-${sys:user.home}/.conet/network.json}",
            description = "Network file (CONET_NETWORK; default ~/.conet/network.json)")
    private Path networkFile;

    @Option(names = "--json", description = "Print JSON, one object a line")
    private boolean isJson;

    Path walletDirectory() {
        return walletDirectory;
    }

    Identity newIdentity() throws ClientException {
        return Identity.create(walletDirectory, password(true), new SecureRandom(), CLOCK);
    }

    Identity identity() throws ClientException {
        return Identity.load(walletDirectory, password(false));
    }

    Directory directory() throws ClientException {
        return Directory.of(Network.read(networkFile), CLOCK);
    }

    ConetClient client() throws ClientException {
        return new ConetClient(identity(), directory(), CLOCK, new SecureRandom());
    }

    /** A client for a command that goes on: it asks the directory now and then, not for each message. */
    ConetClient lastingClient() throws ClientException {
        return new ConetClient(identity(), new CachedDirectory(directory(), CLOCK), CLOCK, new SecureRandom());
    }

    /** A wallet, written as its address or as its name; what a name points to is shown. */
    WalletAddress address(String text) throws ClientException {
        Optional<WalletName> name = WalletName.parse(text);
        if (name.isPresent()) {
            WalletAddress wallet = names().resolve(name.get());
            progress(new PrintWriter(System.err, true), name.get() + " is " + wallet.toChecksumString(SIGNATURES));
            return wallet;
        }
        return WalletAddress.parse(text, SIGNATURES).orElseThrow(() -> new ClientException(Kind.SETUP,
                text + " is neither a wallet address (or its checksum is wrong) nor a name as in alice"
                        + WalletName.SUFFIX));
    }

    /** The chain of the network. */
    Chain chain() throws ClientException {
        return Chain.of(Network.read(networkFile), CLOCK);
    }

    /** What names point to. */
    NameBook names() throws ClientException {
        return new NameBook(walletDirectory.resolve("names.json"), chain(), CLOCK);
    }

    /** Prints a result: as JSON when asked for, else as a sentence. */
    void print(PrintWriter out, JsonValue json, String sentence) {
        out.println(isJson ? json.toString() : sentence);
        out.flush();
    }

    /** Tells a person that something takes time; programs are not told. */
    void progress(PrintWriter err, String sentence) {
        if (!isJson) {
            err.println(sentence);
            err.flush();
        }
    }

    private char[] password(boolean isNew) throws ClientException {
        if (passwordFile != null) {
            try {
                String first = Files.readString(passwordFile).lines().findFirst().orElse("");
                return checked(first.toCharArray(), passwordFile + " has an empty first line");
            } catch (IOException failed) {
                throw new ClientException(Kind.SETUP, "the password file cannot be read: " + failed.getMessage());
            }
        }
        Console console = System.console();
        if (console == null) {
            throw new ClientException(Kind.SETUP, "no terminal to ask for the password; use --password-file");
        }
        char[] password = checked(console.readPassword("Password of the wallet: "), "an empty password");
        if (isNew && !new String(password).equals(new String(console.readPassword("Once more: ")))) {
            throw new ClientException(Kind.SETUP, "the two passwords differ; nothing was made");
        }
        return password;
    }

    private static char[] checked(char[] password, String complaint) throws ClientException {
        if (password == null || password.length == 0) {
            throw new ClientException(Kind.SETUP, complaint);
        }
        return password;
    }
}
