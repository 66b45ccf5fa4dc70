package network.conet.edge.services.engine;

import com.dylibso.chicory.compiler.Cache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import network.conet.edge.protocol.Hash256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled code on disk, so that a restart need not compile again. One file for each module, named by the module's
 * hash, the engine's version and Java's:
 *
 * <pre>
 *   SHA-256 of the file's name and what follows, 32 bytes │ compiled classes, as the engine writes them
 * </pre>
 *
 * A file is written under another name, forced and renamed, so a kill leaves the old state or the new one. A damaged
 * file, or one that stands under another's name, is thrown away and the module compiled again. The directory belongs to
 * the node alone, because what lies there is executed: it is made so before anything is read. The least recently used
 * files go when there are too many bytes. A disk that fails costs time, nothing else. Safe for use by many threads.
 */
public final class CompileCache {
    private static final Logger LOG = LoggerFactory.getLogger(CompileCache.class);
    private static final int CHECKSUM_BYTES = 32;
    private static final String ENDING = ".code";
    private static final String UNFINISHED = ".new";

    private final Path directory;
    private final long bytesMax;

    /**
     * @param directory made when it is missing; null to keep nothing
     * @param bytesMax of all files together; a larger one is not kept
     */
    public CompileCache(Path directory, long bytesMax) {
        this.directory = directory;
        this.bytesMax = bytesMax;
    }

    /** Keeps nothing. */
    public static CompileCache none() {
        return new CompileCache(null, 0);
    }

    Entry entry(Hash256 module) {
        String name = module.toString().substring(2) + "-" + ChicoryEngine.VERSION + "-java"
                + Runtime.version().feature() + ENDING;
        return new Entry(directory == null ? null : directory.resolve(name));
    }

    /** The place of one module, as the engine's compiler asks for it: the key that it names is not used. */
    final class Entry implements Cache {
        private final Path file;
        private boolean wasRead;

        private Entry(Path file) {
            this.file = file;
        }

        boolean wasRead() {
            return wasRead;
        }

        void discard() {
            wasRead = false;
            delete(file);
        }

        @Override
        public byte[] get(String key) {
            if (file == null || wasRead) {
                return null;
            }
            try {
                own();
                byte[] all = Files.size(file) > bytesMax ? new byte[0] : Files.readAllBytes(file);
                byte[] code = all.length < CHECKSUM_BYTES ? new byte[0]
                        : Arrays.copyOfRange(all, CHECKSUM_BYTES, all.length);
                if (all.length < CHECKSUM_BYTES || !MessageDigest.isEqual(checksum(code),
                        Arrays.copyOf(all, CHECKSUM_BYTES))) {
                    LOG.warn("compiled code on disk is damaged and made anew");
                    delete(file);
                    return null;
                }
                Files.setLastModifiedTime(file, FileTime.fromMillis(Math.max(newest() + 1, 1)));
                wasRead = true;
                return code;
            } catch (NoSuchFileException absent) {
                return null;
            } catch (IOException failed) {
                LOG.warn("compiled code cannot be read from disk: {}", failed.getClass().getSimpleName());
                return null;
            }
        }

        @Override
        public void putIfAbsent(String key, byte[] code) {
            if (file == null || code.length + CHECKSUM_BYTES > bytesMax) {
                return;
            }
            try {
                own();
                makeRoom(code.length + CHECKSUM_BYTES);
                write(code);
            } catch (IOException failed) {
                LOG.warn("compiled code cannot be kept on disk: {}", failed.getClass().getSimpleName());
            }
        }

        private byte[] checksum(byte[] code) {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update(file.getFileName().toString().getBytes(StandardCharsets.US_ASCII));
                return digest.digest(code);
            } catch (NoSuchAlgorithmException missing) {
                throw new AssertionError("every Java platform has SHA-256", missing);
            }
        }

        private void write(byte[] code) throws IOException {
            Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer all = ByteBuffer.allocate(CHECKSUM_BYTES + code.length).put(checksum(code)).put(code).flip();
                while (all.hasRemaining()) {
                    channel.write(all);
                }
                channel.force(true);
            }
            long time = newest() + 1;
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(file, FileTime.fromMillis(time));
        }
    }

    /** Only the owner of a directory may set its permissions: a directory of somebody else is not used. */
    private void own() throws IOException {
        Path made = Files.createDirectories(directory);
        if (Files.getFileStore(made).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** The time of last use is a counter in the files' dates, so that no clock is asked. */
    private long newest() throws IOException {
        long newest = 0;
        for (Path each : files()) {
            newest = Math.max(newest, Files.getLastModifiedTime(each).toMillis());
        }
        return newest;
    }

    private synchronized void makeRoom(long wanted) throws IOException {
        List<Path> files = files();
        files.sort(Comparator.comparingLong(CompileCache::used));
        long total = 0;
        for (Path each : files) {
            total += Files.size(each);
        }
        for (Path oldest : files) {
            if (total + wanted <= bytesMax) {
                return;
            }
            total -= Files.size(oldest);
            delete(oldest);
        }
    }

    private static long used(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException gone) {
            return 0;
        }
    }

    private List<Path> files() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*{" + ENDING + "," + UNFINISHED + "}")) {
            all.forEach(found::add);
        }
        return found;
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            LOG.warn("a file of compiled code cannot be removed: {}", failed.getClass().getSimpleName());
        }
    }
}
