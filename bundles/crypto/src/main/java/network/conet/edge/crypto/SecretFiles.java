package network.conet.edge.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Files that only their owner can read. On file systems without POSIX permissions (Windows) the directory's own
 * protection is all there is, and nothing is checked. Every failure is an {@link IOException} whose text is one line
 * for the operator. Stateless; two writers of one file at the same time are the caller's mistake.
 */
public final class SecretFiles {
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

    private SecretFiles() {}

    /**
     * Writes a file so that after a crash there is the old content or the new, never less: a new file beside it,
     * readable by its owner only from its first moment, forced to the medium, then renamed, then the directory
     * forced.
     *
     * @param file in a directory that exists; replaced when it is there
     */
    public static void write(Path file, byte[] content) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path fresh = absolute.resolveSibling("." + absolute.getFileName() + ".new");
        Files.deleteIfExists(fresh); // of a write that a crash interrupted
        try (FileChannel channel = FileChannel.open(fresh, EnumSet.of(StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE), attributes(absolute, OWNER_FILE))) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(fresh, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(absolute.getParent());
    }

    /**
     * Reads a whole file.
     *
     * @param bytesMax what it may have at most
     * @throws NoSuchFileException when there is none
     * @throws IOException when it is larger, when other users of the machine can read or write it, or when it cannot
     *         be read
     */
    public static byte[] read(Path file, int bytesMax) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            requireOwnerOnly(file, "600");
            byte[] content = in.readNBytes(bytesMax + 1);
            if (content.length > bytesMax) {
                SessionKeys.scrub(content);
                throw new IOException(file + " is larger than " + bytesMax + " bytes, so it is not what it should be");
            }
            return content;
        }
    }

    /** Makes a directory, and those above it, that only the owner can enter. One that exists stays as it is. */
    public static void createDirectory(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        if (!Files.isDirectory(absolute)) {
            Files.createDirectories(absolute, attributes(absolute, OWNER_DIRECTORY));
            forceDirectory(absolute.getParent());
        }
    }

    /** Refuses a directory that other users of the machine can look into. */
    public static void requireOwnerOnlyDirectory(Path directory) throws IOException {
        requireOwnerOnly(directory, "700");
    }

    private static void requireOwnerOnly(Path path, String mode) throws IOException {
        if (isPosix(path)) {
            Set<PosixFilePermission> permissions = EnumSet.copyOf(OTHERS);
            permissions.retainAll(Files.getPosixFilePermissions(path));
            if (!permissions.isEmpty()) {
                throw new IOException(path + " is open to other users of this machine; if they cannot have seen it, "
                        + "run: chmod " + mode + " " + path);
            }
        }
    }

    /** Makes a rename or a new file in a directory durable. */
    public static void forceDirectory(Path directory) throws IOException {
        if (isPosix(directory)) { // elsewhere a directory cannot be opened
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return isPosix(path) ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
