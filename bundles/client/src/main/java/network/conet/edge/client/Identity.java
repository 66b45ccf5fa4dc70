package network.conet.edge.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import network.conet.edge.api.Clock;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.crypto.Keystore;
import network.conet.edge.crypto.PasswordCost;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.SecretFiles;
import network.conet.edge.crypto.Wallet;

/**
 * Who a client is: a wallet, and the OpenPGP key that its mail is sealed to. Kept in two files of one directory, both
 * protected by one password and readable by their owner only: {@code wallet.json} (Web3 Secret Storage version 3) and
 * {@code pgp.asc}.
 *
 * @param wallet signs
 * @param pgp opens mail
 */
public record Identity(Wallet wallet, PgpPrivateKey pgp) {
    private static final String WALLET_FILE = "wallet.json";
    private static final String PGP_FILE = "pgp.asc";
    private static final int BYTES_MAX = 64 * 1024;

    /** Refuses missing parts. */
    public Identity {
        Objects.requireNonNull(wallet);
        Objects.requireNonNull(pgp);
    }

    /** Makes a new identity and keeps it in a directory that has none. */
    public static Identity create(Path directory, char[] password, SecureRandom random, Clock clock)
            throws ClientException {
        if (Files.exists(directory.resolve(WALLET_FILE))) {
            throw new ClientException(Kind.SETUP, directory + " holds a wallet already; nothing was changed");
        }
        Wallet wallet = Wallet.generate(random);
        PgpPrivateKey pgp = PgpPrivateKey.generate(
                wallet.address().toString(), random, clock.epochSeconds());
        try {
            SecretFiles.createDirectory(directory);
            // The wallet last: it is what says that the directory is complete.
            SecretFiles.write(directory.resolve(PGP_FILE),
                    pgp.exportArmored(password, PasswordCost.STANDARD, random).getBytes(StandardCharsets.UTF_8));
            SecretFiles.write(directory.resolve(WALLET_FILE),
                    Keystore.write(wallet, password, PasswordCost.STANDARD, random).getBytes(StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw new ClientException(Kind.SETUP, "the wallet cannot be kept: " + failed.getMessage(), failed);
        }
        return new Identity(wallet, pgp);
    }

    /** Reads the identity that a directory holds. */
    public static Identity load(Path directory, char[] password) throws ClientException {
        if (!Files.exists(directory.resolve(WALLET_FILE))) {
            throw new ClientException(Kind.SETUP,
                    "there is no wallet in " + directory + "; make one with: conet wallet create");
        }
        try {
            String wallet =
                    new String(SecretFiles.read(directory.resolve(WALLET_FILE), BYTES_MAX), StandardCharsets.UTF_8);
            String pgp = new String(SecretFiles.read(directory.resolve(PGP_FILE), BYTES_MAX), StandardCharsets.UTF_8);
            return new Identity(Keystore.read(wallet, password), PgpPrivateKey.load(pgp, password));
        } catch (IOException failed) {
            throw new ClientException(Kind.SETUP, "the wallet cannot be opened: " + failed.getMessage(), failed);
        }
    }
}
