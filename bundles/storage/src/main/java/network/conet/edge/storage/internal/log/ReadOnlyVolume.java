package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import network.conet.edge.api.Volume;

/**
 * A directory that is only looked at: its files are opened for reading, nothing is made, and no lock is taken, so that
 * a node may be at work in it and the medium may be mounted read-only. What would change something is refused with
 * {@link UnsupportedOperationException}. Safe for use by many threads as {@link Volume} says.
 */
public final class ReadOnlyVolume implements Volume {
    private final Path directory;

    /** @param directory where; must exist */
    public ReadOnlyVolume(Path directory) {
        this.directory = directory;
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.equals(DirectoryVolume.LOCK_NAME)) {
                    names.add(name);
                }
            }
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
        return names;
    }

    /** @throws java.nio.file.NoSuchFileException when it is missing */
    @Override
    public Volume.File open(String name) throws IOException {
        return new ReadOnlyFile(FileChannel.open(directory.resolve(name), StandardOpenOption.READ));
    }

    @Override
    public void delete(String name) {
        throw refused();
    }

    @Override
    public void forceDirectory() {
        throw refused();
    }

    @Override
    public long freeBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    private static UnsupportedOperationException refused() {
        return new UnsupportedOperationException("this volume is only read");
    }

    /** A file of the directory. */
    private record ReadOnlyFile(FileChannel channel) implements Volume.File {
        @Override
        public long sizeBytes() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return DirectoryVolume.readFully(channel, target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) {
            throw refused();
        }

        @Override
        public void truncate(long sizeBytes) {
            throw refused();
        }

        @Override
        public void force() {
            throw refused();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
