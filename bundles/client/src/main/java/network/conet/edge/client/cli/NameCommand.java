package network.conet.edge.client.cli;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import network.conet.edge.chain.NameContract;
import network.conet.edge.client.Chain;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.crypto.SecretFiles;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conet name}. */
@Command(name = "name", mixinStandardHelpOptions = true,
        description = "Readable names for wallets, as in alice.conet; they stand wherever a wallet's address does.")
final class NameCommand implements Runnable {
    /** The contract's, and a block for good measure. */
    private static final long COMMIT_SECONDS_MIN = 60;
    private static final long COMMIT_SECONDS_MAX = 86_400;
    private static final long LOOK_SECONDS = 2;
    private static final long PATIENCE_SECONDS = 300;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name what to do");
    }

    private static WalletName name(String text) throws ClientException {
        return WalletName.parse(text).orElseThrow(() -> new ClientException(Kind.SETUP, text
                + " is no name: 3 to 32 of a-z 0-9 -, no hyphen at an end or twice, not 0x first, then "
                + WalletName.SUFFIX));
    }

    @Command(name = "register", mixinStandardHelpOptions = true,
            description = "Take a name for this wallet: first hidden, a minute later for all to see. Costs gas and a"
                    + " deposit that comes back when the name is given up. Run it again when it was interrupted.")
    int register(@Mixin Settings settings,
            @Parameters(paramLabel = "NAME", description = "As in alice.conet") String text)
            throws ClientException, InterruptedException {
        WalletName name = name(text);
        Chain chain = settings.chain();
        NameContract names = chain.names();
        Optional<WalletAddress> holder = chain.ask(() -> names.owner(name));
        if (holder.isPresent()) {
            throw new ClientException(Kind.REFUSED, name + " is taken by " + holder.get());
        }
        Wallet wallet = settings.identity().wallet();
        Path file = settings.walletDirectory().resolve("name-" + name.label());
        Hash256 secret = secret(file);
        Hash256 commitment = chain.ask(() -> names.commitment(name, wallet.address(), secret));
        long committed = chain.ask(() -> names.committedAt(commitment));
        if (committed == 0 || Settings.CLOCK.epochSeconds() - committed > COMMIT_SECONDS_MAX) {
            settings.progress(spec.commandLine().getErr(),
                    "first step: committing to a name, without saying which ...");
            chain.transact(wallet, chain.nameRegistry(), BigInteger.ZERO, NameContract.commit(commitment));
        }
        BigInteger deposit = chain.ask(() -> names.depositWei(name));
        settings.progress(spec.commandLine().getErr(), "second step: in a minute, with a deposit of "
                + Amounts.showCoins(deposit) + " coins ...");
        reveal(chain, wallet, name, secret, deposit);
        settings.names().forget(name);
        delete(file);
        settings.print(spec.commandLine().getOut(), JsonValue.object().put("name", name.toString())
                .put("wallet", wallet.address().toString()).put("deposit", deposit.toString()).build(),
                name + " is " + wallet.address().toChecksumString(Settings.SIGNATURES));
        return 0;
    }

    /** Waits by trying: the chain's clock counts, not ours, and a rehearsal costs nothing. */
    private static void reveal(Chain chain, Wallet wallet, WalletName name, Hash256 secret, BigInteger deposit)
            throws ClientException, InterruptedException {
        long deadline = Settings.CLOCK.monotonicNanos()
                + TimeUnit.SECONDS.toNanos(COMMIT_SECONDS_MIN + PATIENCE_SECONDS);
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            try {
                chain.transact(wallet, chain.nameRegistry(), deposit,
                        NameContract.register(name, wallet.address(), secret));
                return;
            } catch (ClientException early) {
                boolean isEarly = early.kind() == Kind.REFUSED && early.getMessage().contains("too young");
                if (!isEarly || Settings.CLOCK.monotonicNanos() - deadline > 0) {
                    throw early;
                }
                never.await(LOOK_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    /** The secret of a registration that was begun before, or a new one: without it the first step is lost. */
    private static Hash256 secret(Path file) throws ClientException {
        try {
            if (Files.exists(file)) {
                return Hash256.parse(Files.readString(file).trim()).orElseThrow(() -> new ClientException(Kind.SETUP,
                        file + " is no secret of a registration; delete it to begin anew"));
            }
            byte[] bytes = new byte[Hash256.BYTES];
            new SecureRandom().nextBytes(bytes);
            Hash256 secret = Hash256.of(bytes);
            SecretFiles.write(file, secret.toString().getBytes(StandardCharsets.US_ASCII));
            return secret;
        } catch (IOException failed) {
            throw new ClientException(Kind.SETUP, "the secret of the registration cannot be kept in " + file + ": "
                    + failed.getMessage(), failed);
        }
    }

    private static void delete(Path file) throws ClientException {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw new ClientException(Kind.SETUP, file + " is needed no more and cannot be deleted: "
                    + failed.getMessage(), failed);
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true,
            description = "What a name points to, asked of the chain now; of a wallet, the name that it goes by.")
    int show(@Mixin Settings settings, @Parameters(paramLabel = "NAME", description = "A name or a wallet") String text)
            throws ClientException {
        Chain chain = settings.chain();
        NameContract names = chain.names();
        if (WalletName.parse(text).isEmpty()) {
            WalletAddress wallet = settings.address(text);
            Optional<WalletName> name = chain.ask(() -> names.nameOf(wallet));
            JsonValue.Builder json = JsonValue.object().put("wallet", wallet.toString());
            name.ifPresent(each -> json.put("name", each.toString()));
            settings.print(spec.commandLine().getOut(), json.build(), wallet.toChecksumString(Settings.SIGNATURES)
                    + name.map(each -> " goes by " + each).orElse(" goes by no name"));
            return 0;
        }
        WalletName name = name(text);
        Optional<WalletAddress> owner = chain.ask(() -> names.owner(name));
        Optional<WalletAddress> wallet = chain.ask(() -> names.wallet(name));
        JsonValue.Builder json = JsonValue.object().put("name", name.toString());
        owner.ifPresent(each -> json.put("owner", each.toString()));
        wallet.ifPresent(each -> json.put("wallet", each.toString()));
        settings.print(spec.commandLine().getOut(), json.build(), owner.isEmpty() ? name + " is free"
                : name + " is " + wallet.map(each -> each.toChecksumString(Settings.SIGNATURES)).orElse("nobody")
                        + "; its owner is " + owner.get().toChecksumString(Settings.SIGNATURES));
        return 0;
    }

    @Command(name = "set", mixinStandardHelpOptions = true,
            description = "Change a name of this wallet's: what it points to, who owns it, or that this wallet"
                    + " goes by it.")
    int set(@Mixin Settings settings, @Parameters(paramLabel = "NAME", description = "As in alice.conet") String text,
            @Option(names = "--to", paramLabel = "WALLET", description = "What it points to") String to,
            @Option(names = "--owner", paramLabel = "WALLET", description = "Who owns it from now on") String owner,
            @Option(names = "--mine", description = "This wallet goes by it") boolean isMine)
            throws ClientException, InterruptedException {
        WalletName name = name(text);
        if (to == null && owner == null && !isMine) {
            throw new ClientException(Kind.SETUP, "say what to set: --to, --owner or --mine");
        }
        Chain chain = settings.chain();
        Wallet wallet = settings.identity().wallet();
        if (to != null) {
            chain.transact(wallet, chain.nameRegistry(), BigInteger.ZERO,
                    NameContract.setWallet(name, settings.address(to)));
        }
        if (isMine) {
            chain.transact(wallet, chain.nameRegistry(), BigInteger.ZERO, NameContract.setReverse(name));
        }
        if (owner != null) {
            chain.transact(wallet, chain.nameRegistry(), BigInteger.ZERO,
                    NameContract.setOwner(name, settings.address(owner)));
        }
        settings.names().forget(name);
        return show(settings, text);
    }

    @Command(name = "release", mixinStandardHelpOptions = true,
            description = "Give a name up. Its deposit comes back to this wallet; nobody can take it for 90 days.")
    int release(@Mixin Settings settings,
            @Parameters(paramLabel = "NAME", description = "As in alice.conet") String text)
            throws ClientException, InterruptedException {
        WalletName name = name(text);
        Chain chain = settings.chain();
        Wallet wallet = settings.identity().wallet();
        chain.transact(wallet, chain.nameRegistry(), BigInteger.ZERO, NameContract.release(name, wallet.address()));
        settings.names().forget(name);
        settings.print(spec.commandLine().getOut(), JsonValue.object().put("name", name.toString())
                .put("released", true).build(), name + " is given up");
        return 0;
    }
}
