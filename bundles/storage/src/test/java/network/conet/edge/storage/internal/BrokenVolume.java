package network.conet.edge.storage.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import network.conet.edge.api.Volume;

/** A disk that makes a right store a broken one, so that it can be seen that the harness notices. */
abstract class BrokenVolume implements Volume {
    private static final int SEGMENT_HEADER_BYTES = 64;
    private static final int TYPE_AT = 8;
    private static final int FLAGS_AT = 9;
    private static final int LENGTH_AT = 4;
    private static final int RECORD_HEADER_BYTES = 40;
    private static final int FLAG_LAST = 1;
    private static final int FLAG_MOVED = 4;
    private static final byte MESSAGE = 1;
    private static final byte CLOSED = 7;
    private static final int MAGIC = 0x434E4D42;
    private static final int GENERATION_AT = 8;

    private final Volume inner;

    private BrokenVolume(Volume inner) {
        this.inner = inner;
    }

    /** What is done to one file. */
    abstract File wrap(String name, File file);

    /** Force does nothing: the store completes before what it wrote is safe. */
    static Volume lazy(Volume inner) {
        return new BrokenVolume(inner) {
            @Override
            File wrap(String name, File file) {
                return new Through(file) {
                    @Override
                    public void force() { }
                };
            }
        };
    }

    /** Force does nothing after the write that begins a segment: segments are used again before their mark is safe. */
    static Volume lazyHeaders(Volume inner) {
        return new BrokenVolume(inner) {
            @Override
            File wrap(String name, File file) {
                return new Through(file) {
                    private boolean skips;

                    @Override
                    public void write(ByteBuffer source, long position) throws IOException {
                        skips = position == 0;
                        super.write(source, position);
                    }

                    @Override
                    public void force() throws IOException {
                        if (!skips) {
                            super.force();
                        }
                    }
                };
            }
        };
    }

    /** Copies that compaction made reach the disk late: what they copied is freed before they are safe. */
    static Volume lateCopies(Volume inner) {
        return late(inner, group -> has(group, (type, flags) -> (flags & FLAG_MOVED) != 0));
    }

    /** Groups with new messages reach the disk late, those with acknowledgements and marks alone at once. */
    static Volume lateMessages(Volume inner) {
        return late(inner, group -> has(group, (type, flags) -> type == MESSAGE && (flags & FLAG_MOVED) == 0));
    }

    /** Ledger entries and their settlement reach the disk late. */
    static Volume lateLedger(Volume inner) {
        return late(inner, group -> has(group, (type, flags) -> type == 9 || type == 10));
    }

    /** Values and removals reach the disk late. */
    static Volume lateValues(Volume inner) {
        return late(inner, group -> has(group, (type, flags) -> type == 11 || type == 12));
    }

    /**
     * At a start everything behind the clean stop that the snapshot belongs to is hidden: the snapshot is used although
     * it does not fit any more.
     */
    static Volume staleSnapshot(Volume inner) throws IOException {
        long closedIn = 0;
        long closedAt = 0;
        for (String name : inner.list()) {
            ByteBuffer bytes = content(inner, name);
            boolean isLiving = name.startsWith("seg-") && bytes.limit() > 0 && bytes.getInt(0) == MAGIC;
            for (int at = 4096; isLiving && at + RECORD_HEADER_BYTES < bytes.limit(); at += 4096) {
                boolean isClosed = bytes.get(at + TYPE_AT) == CLOSED && bytes.getInt(at + LENGTH_AT) > 0;
                if (isClosed && bytes.getLong(GENERATION_AT) >= closedIn) {
                    closedIn = bytes.getLong(GENERATION_AT);
                    closedAt = at + 4096;
                }
            }
        }
        for (String name : closedIn == 0 ? List.<String>of() : inner.list()) {
            ByteBuffer bytes = content(inner, name);
            boolean isLiving = name.startsWith("seg-") && bytes.limit() > 0 && bytes.getInt(0) == MAGIC;
            long generation = isLiving ? bytes.getLong(GENERATION_AT) : 0;
            if (generation >= closedIn && isLiving) {
                int from = generation == closedIn ? (int) closedAt : 0;
                try (File file = inner.open(name)) {
                    file.write(ByteBuffer.allocate(bytes.limit() - from), from);
                    file.force();
                }
            }
        }
        return inner;
    }

    private static ByteBuffer content(Volume volume, String name) throws IOException {
        try (File file = volume.open(name)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(bytes, 0);
            return bytes.flip();
        }
    }

    private interface Kind {
        boolean is(byte type, byte flags);
    }

    /** Whether a group that is being written has a record of a kind. */
    private static boolean has(ByteBuffer group, Kind kind) {
        int at = group.getInt(0) == MAGIC ? SEGMENT_HEADER_BYTES : 0;
        while (at + RECORD_HEADER_BYTES <= group.limit()) {
            byte flags = group.get(at + FLAGS_AT);
            if (kind.is(group.get(at + TYPE_AT), flags)) {
                return true;
            }
            if ((flags & FLAG_LAST) != 0) {
                return false;
            }
            at += RECORD_HEADER_BYTES + group.getInt(at + LENGTH_AT);
        }
        return false;
    }

    /** Writes of a kind are kept back until the file was forced a few times more; the program reads them. */
    private static Volume late(Volume inner, Predicate<ByteBuffer> isLate) {
        return new BrokenVolume(inner) {
            @Override
            File wrap(String name, File file) {
                return name.startsWith("seg-") ? new LateFile(file, isLate) : file;
            }
        };
    }

    private static final class LateFile extends Through {
        private static final int FORCES = 4;
        private final Predicate<ByteBuffer> isLate;
        private final List<Held> held = new ArrayList<>();

        private static final class Held {
            private final byte[] bytes;
            private final long position;
            private int forces = FORCES;

            Held(byte[] bytes, long position) {
                this.bytes = bytes;
                this.position = position;
            }
        }

        LateFile(File file, Predicate<ByteBuffer> isLate) {
            super(file);
            this.isLate = isLate;
        }

        @Override
        public long sizeBytes() throws IOException {
            long size = super.sizeBytes();
            for (Held late : held) {
                size = Math.max(size, late.position + late.bytes.length);
            }
            return size;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int from = target.position();
            super.read(target, position);
            int count = (int) Math.max(0, Math.min(target.limit() - from, sizeBytes() - position));
            for (Held late : held) {
                for (int i = 0; i < late.bytes.length; i++) {
                    long at = late.position + i - position;
                    if (at >= 0 && at < count) {
                        target.put(from + (int) at, late.bytes[i]);
                    }
                }
            }
            target.position(from + count);
            return count;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            ByteBuffer group = source.slice();
            if (group.limit() >= SEGMENT_HEADER_BYTES && isLate.test(group)) {
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                held.add(new Held(bytes, position));
            } else {
                if (position == 0) {
                    held.clear(); // another life
                }
                super.write(source, position);
            }
        }

        @Override
        public void force() throws IOException {
            super.force();
            for (Held late : List.copyOf(held)) {
                if (--late.forces == 0) {
                    held.remove(late);
                    super.write(ByteBuffer.wrap(late.bytes), late.position);
                }
            }
        }
    }

    @Override
    public File open(String name) throws IOException {
        return wrap(name, inner.open(name));
    }

    @Override
    public List<String> list() throws IOException {
        return inner.list();
    }

    @Override
    public void delete(String name) throws IOException {
        inner.delete(name);
    }

    @Override
    public void forceDirectory() throws IOException {
        inner.forceDirectory();
    }

    @Override
    public long freeBytes() throws IOException {
        return inner.freeBytes();
    }

    /** Does what the file does. */
    private static class Through implements File {
        private final File file;

        Through(File file) {
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
            file.write(source, position);
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
}
