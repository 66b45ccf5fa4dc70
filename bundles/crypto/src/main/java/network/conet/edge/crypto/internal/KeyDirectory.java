package network.conet.edge.crypto.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import network.conet.edge.api.Clock;
import network.conet.edge.crypto.Keystore;
import network.conet.edge.crypto.PasswordCost;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.SecretFiles;
import network.conet.edge.crypto.Wallet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's keys on disk: a directory that only its owner can enter, with three files that only he can read.
 *
 * <pre>
 *  keys/secret        64 hexadecimal digits: the password of both other files
 *  keys/wallet.json   the wallet, Web3 Secret Storage version 3
 *  keys/pgp.asc       the OpenPGP private key, armored
 * </pre>
 *
 * <p>What the password protects against: that one of the two key files alone (copied, mailed, restored to the wrong
 * place) gives the keys away; and it lets common programs read the files. What it does not protect against: anybody
 * who can read the whole directory, be it as root, from a stolen card or from a backup. A node has to start without
 * anybody there to type a password, so all that is needed lies on the disk.
 *
 * <p>The directory is made under another name beside its place, with all files forced to the medium, and then
 * renamed: after a crash it is there with everything in it, or not there at all. Files that are there are only ever
 * read; whatever is wrong with them is for the operator, because a node that goes on with new keys has silently lost
 * its name and its earnings.
 */
final class KeyDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(KeyDirectory.class);
    private static final String SECRET_FILE = "secret";
    private static final String WALLET_FILE = "wallet.json";
    private static final String KEY_FILE = "pgp.asc";
    private static final String[] FILES = {SECRET_FILE, WALLET_FILE, KEY_FILE};
    private static final String UNFINISHED_SUFFIX = ".unfinished";
    private static final int SECRET_BYTES = 32;
    private static final String FROM_BACKUP = "; restore the whole directory from a backup, or move it away to start "
            + "with new keys (and a new address)";

    private KeyDirectory() {}

    /** What the directory holds. */
    record Keys(Wallet wallet, PgpPrivateKey key) {}

    static Keys openOrMake(Path directory, SecureRandom random, Clock clock) throws IOException {
        Path place = directory.toAbsolutePath().normalize();
        try {
            if (isAbsentOrEmpty(place)) {
                make(place, random, clock);
            }
            return open(place);
        } catch (FileSystemException failed) {
            // These name the file and nothing else; the operator also needs to know what for.
            throw new IOException("cannot use the keys in " + place + ": " + failed.getMessage()
                    + (failed.getReason() == null ? " (" + failed.getClass().getSimpleName() + ")" : ""), failed);
        }
    }

    static boolean isAbsentOrEmpty(Path place) throws IOException {
        if (Files.notExists(place)) {
            return true;
        }
        if (!Files.isDirectory(place)) {
            throw new NotDirectoryException(place.toString());
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
            return !entries.iterator().hasNext();
        }
    }

    private static void make(Path place, SecureRandom random, Clock clock) throws IOException {
        Path parent = place.getParent();
        if (parent == null) {
            throw new IOException("keys cannot lie in " + place + "; name a directory below it");
        }
        SecretFiles.createDirectory(parent);
        Path fresh = parent.resolve(place.getFileName() + UNFINISHED_SUFFIX);
        removeUnfinished(fresh);
        SecretFiles.createDirectory(fresh);

        byte[] secretBytes = new byte[SECRET_BYTES];
        random.nextBytes(secretBytes);
        String secret = HexFormat.of().formatHex(secretBytes);
        Wallet wallet = Wallet.generate(random);
        PgpPrivateKey key = PgpPrivateKey.generate(wallet.address().toString(), random, clock.epochSeconds());
        char[] password = secret.toCharArray();
        write(fresh, SECRET_FILE, secret + "\n");
        write(fresh, WALLET_FILE, Keystore.write(wallet, password, PasswordCost.LIGHT, random) + "\n");
        write(fresh, KEY_FILE, key.exportArmored(password, PasswordCost.LIGHT, random));
        Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        SecretFiles.forceDirectory(parent);
        LOG.info("made new keys in {}: wallet {}, key id {}", place, wallet.address(), key.keyId());
    }

    /** Keys under this name were never used: they are used only after the rename. */
    static void removeUnfinished(Path fresh) throws IOException {
        if (Files.isDirectory(fresh)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(fresh)) {
                for (Path entry : entries) {
                    Files.delete(entry);
                }
            }
            Files.delete(fresh);
        }
    }

    private static void write(Path directory, String name, String text) throws IOException {
        SecretFiles.write(directory.resolve(name), text.getBytes(StandardCharsets.US_ASCII));
    }

    static Keys open(Path place) throws IOException {
        SecretFiles.requireOwnerOnlyDirectory(place);
        for (String name : FILES) {
            if (Files.notExists(place.resolve(name))) {
                throw new IOException(place.resolve(name) + " is missing" + FROM_BACKUP);
            }
        }
        char[] password = secret(place);
        try {
            Wallet wallet = wallet(place, password);
            PgpPrivateKey key = key(place, password);
            return new Keys(wallet, key);
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static char[] secret(Path place) throws IOException {
        String text = text(place, SECRET_FILE, KeyRingLimits.SECRET_FILE_BYTES_MAX).strip();
        if (text.length() != 2 * SECRET_BYTES || !text.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IOException(place.resolve(SECRET_FILE) + " does not hold 64 hexadecimal digits" + FROM_BACKUP);
        }
        return text.toCharArray();
    }

    private static Wallet wallet(Path place, char[] password) throws IOException {
        String text = text(place, WALLET_FILE, KeyRingLimits.KEY_FILE_BYTES_MAX);
        try {
            return Keystore.read(text, password);
        } catch (IOException unusable) {
            throw new IOException(place.resolve(WALLET_FILE) + ": " + unusable.getMessage() + FROM_BACKUP, unusable);
        }
    }

    private static PgpPrivateKey key(Path place, char[] password) throws IOException {
        String text = text(place, KEY_FILE, KeyRingLimits.KEY_FILE_BYTES_MAX);
        try {
            return PgpPrivateKey.load(text, password);
        } catch (IOException unusable) {
            throw new IOException(place.resolve(KEY_FILE) + ": " + unusable.getMessage() + FROM_BACKUP, unusable);
        }
    }

    private static String text(Path place, String name, int bytesMax) throws IOException {
        return new String(SecretFiles.read(place.resolve(name), bytesMax), StandardCharsets.US_ASCII);
    }
}
