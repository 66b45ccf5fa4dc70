package network.conet.edge.storage.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Set;
import network.conet.edge.api.Volume;
import network.conet.edge.storage.internal.log.StorageKey;

/** The file of the storage key: 32 bytes that only their owner can read, best on another medium than the mailbox. */
final class KeyFile {
    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private KeyFile() {}

    /**
     * Reads the key, or makes one when there is none and nothing was stored yet.
     *
     * @throws IOException the key cannot be read, others can read it, or it is missing though files need it; one
     *     clear line
     */
    static StorageKey open(Path file, Volume mailbox, SecureRandom random) throws IOException {
        if (Files.exists(file)) {
            return StorageKey.of(read(file));
        }
        if (StorageKey.isNeeded(mailbox)) {
            throw new IOException("the storage key " + file + " is missing, and the mailbox cannot be read without it; "
                    + "put it back, or move the mailbox away");
        }
        byte[] secret = new byte[StorageKey.BYTES];
        random.nextBytes(secret);
        write(file, secret);
        return StorageKey.of(secret);
    }

    /** Reads an existing key. */
    static byte[] read(Path file) throws IOException {
        if (isPosix(file)) {
            Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
            open.retainAll(Files.getPosixFilePermissions(file));
            if (!open.isEmpty()) {
                throw new IOException(file + " is open to other users of this machine; if they cannot have seen it, "
                        + "run: chmod 600 " + file);
            }
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] secret = in.readNBytes(StorageKey.BYTES + 1);
            if (secret.length != StorageKey.BYTES) {
                throw new IOException("the storage key " + file + " must have " + StorageKey.BYTES + " bytes");
            }
            return secret;
        }
    }

    /** Durable before it is used: what is written with a lost key is lost. */
    private static void write(Path file, byte[] secret) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, attributes(directory, "rwx------"));
            force(directory.getParent());
        }
        Path draft = directory.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        try (FileChannel channel = FileChannel.open(draft,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), attributes(directory, "rw-------"))) {
            ByteBuffer bytes = ByteBuffer.wrap(secret);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        force(directory);
    }

    private static void force(Path directory) throws IOException {
        if (isPosix(directory)) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static FileAttribute<?>[] attributes(Path near, String permissions) {
        return isPosix(near) ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
