package network.conet.edge.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import network.conet.edge.api.Volume;

/**
 * Counts what goes to a volume. A write that makes a file longer prepares it (or is a naive append); one inside a file
 * is what a message costs on a file that has been used before. Pages are 4 KiB pages written between two forces of a
 * file: what a file system has to send to the medium at least.
 */
final class CountingVolume implements Volume {
    static final int PAGE_BYTES = 4096;

    final AtomicLong bytesInside = new AtomicLong();
    final AtomicLong bytesGrown = new AtomicLong();
    final AtomicLong pages = new AtomicLong();
    final AtomicLong forces = new AtomicLong();
    final AtomicLong forcesOfDirectory = new AtomicLong();

    private final Volume volume;

    CountingVolume(Volume volume) {
        this.volume = volume;
    }

    /** Values at one moment. */
    record Count(long bytesInside, long bytesGrown, long pages, long forces, long forcesOfDirectory) {
        Count since(Count earlier) {
            return new Count(bytesInside - earlier.bytesInside, bytesGrown - earlier.bytesGrown,
                    pages - earlier.pages, forces - earlier.forces, forcesOfDirectory - earlier.forcesOfDirectory);
        }
    }

    Count count() {
        return new Count(
                bytesInside.get(), bytesGrown.get(), pages.get(), forces.get(), forcesOfDirectory.get());
    }

    @Override
    public List<String> list() throws IOException {
        return volume.list();
    }

    @Override
    public Volume.File open(String name) throws IOException {
        return new CountingFile(volume.open(name));
    }

    @Override
    public void delete(String name) throws IOException {
        volume.delete(name);
    }

    @Override
    public void forceDirectory() throws IOException {
        forcesOfDirectory.incrementAndGet();
        volume.forceDirectory();
    }

    @Override
    public long freeBytes() throws IOException {
        return volume.freeBytes();
    }

    /** One file. */
    private final class CountingFile implements Volume.File {
        private final Volume.File file;
        private final Set<Long> dirtyPages = new TreeSet<>();

        CountingFile(Volume.File file) {
            this.file = file;
        }

        @Override
        public long sizeBytes() throws IOException {
            return file.sizeBytes();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            long end = position + source.remaining();
            boolean isGrowth = end > file.sizeBytes();
            (isGrowth ? bytesGrown : bytesInside).addAndGet(source.remaining());
            for (long page = position / PAGE_BYTES; page * PAGE_BYTES < end; page++) {
                dirtyPages.add(page);
            }
            file.write(source, position);
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            file.truncate(sizeBytes);
        }

        @Override
        public void force() throws IOException {
            forces.incrementAndGet();
            pages.addAndGet(dirtyPages.size());
            dirtyPages.clear();
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
