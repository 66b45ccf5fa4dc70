package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import network.conet.edge.api.Volume;

/**
 * A directory of the file system, for its owner only. One process at a time: the lock is the system's and ends
 * with the process, however it ends. Safe for use by many threads as {@link Volume} says.
 */
public final class DirectoryVolume implements Volume, AutoCloseable {
    static final String LOCK_NAME = "lock";
    /** Of Linux; proc(5). */
    private static final Path LOCKS = Path.of("/proc/locks");
    private static final Set<OpenOption> OPTIONS = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    /** The JDK keeps a direct buffer of this size for each thread that reads into the heap. */
    private static final int HEAP_SLICE_BYTES = 64 * 1024;

    private final Path directory;
    private final boolean posix;
    private final FileChannel lockChannel;
    private final FileLock lock;

    /**
     * Takes a directory, creating it when it is missing.
     *
     * @param directory where
     * @throws InUseException another process has it
     * @throws IOException it cannot be used; the message is one clear line
     */
    public DirectoryVolume(Path directory) throws IOException {
        this.directory = directory;
        posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, attributes("rwx------"));
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                forcePath(parent);
            }
        }
        lockChannel = openChannel(LOCK_NAME);
        lock = tryLock();
        if (lock == null) {
            lockChannel.close();
            throw new InUseException(directory);
        }
    }

    /**
     * Whether a process has a directory, as the system's list of locks tells; nothing is opened for writing and no lock
     * is tried, which could get into the way of a node that is just starting. Where there is no such list: true.
     */
    public static boolean isInUse(Path directory) throws IOException {
        Path file = directory.resolve(LOCK_NAME);
        if (!Files.exists(file)) {
            return false;
        }
        if (!Files.isReadable(LOCKS)) {
            return true;
        }
        String inode = ":" + Files.getAttribute(file, "unix:ino");
        // Number, kind, ADVISORY, WRITE, process, device and inode, from, to.
        for (String line : Files.readAllLines(LOCKS)) {
            List<String> fields = List.of(line.trim().split("\\s+"));
            if (fields.contains("POSIX") && fields.contains("WRITE")
                    && fields.stream().anyMatch(field -> field.endsWith(inode))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.equals(LOCK_NAME)) {
                    names.add(name);
                }
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    @Override
    public Volume.File open(String name) throws IOException {
        return new ChannelFile(openChannel(name));
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void forceDirectory() throws IOException {
        forcePath(directory);
    }

    @Override
    public long freeBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    /** Gives the directory back. Files that are open stay so. */
    @Override
    public void close() throws IOException {
        lock.release();
        lockChannel.close();
    }

    private FileLock tryLock() throws IOException {
        try {
            return lockChannel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private FileChannel openChannel(String name) throws IOException {
        Path path = directory.resolve(name);
        if (!directory.equals(path.getParent())) {
            throw new IllegalArgumentException("not a plain file name: " + name);
        }
        if (!Files.exists(path)) {
            try {
                return FileChannel.open(path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE_NEW), attributes("rw-------"));
            } catch (FileAlreadyExistsException e) {
                return FileChannel.open(path, OPTIONS);
            }
        }
        return FileChannel.open(path, OPTIONS);
    }

    private FileAttribute<?>[] attributes(String permissions) {
        if (!posix) {
            return new FileAttribute<?>[0];
        }
        Set<PosixFilePermission> set = PosixFilePermissions.fromString(permissions);
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)};
    }

    /** A directory is forced through a read-only channel; a system that has no such thing needs none. */
    private void forcePath(Path path) throws IOException {
        if (posix) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Reads until the buffer is full or the file ends; bytes read. */
    static int readFully(FileChannel channel, ByteBuffer target, long position) throws IOException {
        int done = 0;
        int limit = target.limit();
        while (target.position() < limit) {
            if (!target.isDirect()) {
                target.limit(Math.min(limit, target.position() + HEAP_SLICE_BYTES));
            }
            int count = channel.read(target, position + done);
            target.limit(limit);
            if (count < 0) {
                break;
            }
            done += count;
        }
        return done;
    }

    /** A file of the directory. */
    private static final class ChannelFile implements Volume.File {
        private final FileChannel channel;

        ChannelFile(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public long sizeBytes() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return readFully(channel, target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            long at = position;
            while (source.hasRemaining()) {
                at += channel.write(source, at);
            }
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            if (sizeBytes < channel.size()) {
                channel.truncate(sizeBytes);
            } else if (sizeBytes > channel.size()) {
                write(ByteBuffer.allocate(1), sizeBytes - 1);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
