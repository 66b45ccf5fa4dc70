package network.conet.edge.storage.internal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import network.conet.edge.api.Volume;

/** Lets nothing be changed, not even a file be made. */
final class FrozenVolume implements Volume {
    private final Volume inner;

    FrozenVolume(Volume inner) {
        this.inner = inner;
    }

    @Override
    public List<String> list() throws IOException {
        return inner.list();
    }

    @Override
    public Volume.File open(String name) throws IOException {
        if (!inner.list().contains(name)) {
            throw new FileNotFoundException(name);
        }
        return new FrozenFile(inner.open(name));
    }

    @Override
    public void delete(String name) {
        throw new AssertionError("deletes " + name);
    }

    @Override
    public void forceDirectory() {
        throw new AssertionError("forces the directory");
    }

    @Override
    public long freeBytes() throws IOException {
        return inner.freeBytes();
    }

    private record FrozenFile(Volume.File inner) implements Volume.File {
        @Override
        public long sizeBytes() throws IOException {
            return inner.sizeBytes();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return inner.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) {
            throw new AssertionError("writes");
        }

        @Override
        public void truncate(long sizeBytes) {
            throw new AssertionError("truncates");
        }

        @Override
        public void force() {
            throw new AssertionError("forces");
        }

        @Override
        public void close() throws IOException {
            inner.close();
        }
    }
}
