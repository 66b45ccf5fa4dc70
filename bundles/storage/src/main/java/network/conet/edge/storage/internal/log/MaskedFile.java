package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import network.conet.edge.api.Volume;

/** Masks what goes into a file and unmasks what comes out. Not thread safe. */
final class MaskedFile implements Volume.File {
    private final Volume.File file;
    private final Mask mask;

    MaskedFile(Volume.File file, Mask mask) {
        this.file = file;
        this.mask = mask;
    }

    @Override
    public long sizeBytes() throws IOException {
        return file.sizeBytes();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int from = target.arrayOffset() + target.position();
        int count = file.read(target, position);
        try (Mask.Stream stream = stream(position)) {
            stream.next(target.array(), from, count, target.array(), from);
        }
        return count;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        byte[] masked = new byte[source.remaining()];
        try (Mask.Stream stream = stream(position)) {
            stream.next(source.array(), source.arrayOffset() + source.position(), masked.length, masked, 0);
        }
        source.position(source.limit());
        file.write(ByteBuffer.wrap(masked), position);
    }

    private Mask.Stream stream(long position) {
        if (position % Mask.BLOCK_BYTES != 0) {
            throw new AssertionError("position " + position + " inside a block of the mask");
        }
        return mask.stream(0, Math.toIntExact(position / Mask.BLOCK_BYTES));
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
        file.truncate(sizeBytes);
    }

    @Override
    public void force() throws IOException {
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
