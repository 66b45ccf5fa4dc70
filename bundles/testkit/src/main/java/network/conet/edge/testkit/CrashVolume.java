package network.conet.edge.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import network.conet.edge.api.Volume;

/**
 * A volume in memory that remembers every change, so that each state which a power cut could have left can be
 * rebuilt ({@link #crashStates}), and that can fail at a chosen operation. Safe for use by many threads.
 *
 * <p>What it holds true: a write is safe after the file's {@code force}, a creation or deletion after
 * {@code forceDirectory}; until then any part may survive, in any order. After a failed force the data may be
 * anywhere, and a later force does not make it safe: the system has forgotten that it was to be written.
 */
public final class CrashVolume implements Volume {
    /** What of the unforced changes survives a power cut. */
    public enum Survival {
        /** Nothing that was not forced. */
        NOTHING,
        /** The changes up to a random one. */
        PREFIX,
        /** One change alone. */
        SINGLE,
        /** Any pages of 4 KiB. */
        PAGES,
        /** Any sectors of 512 bytes. */
        SECTORS,
        /** Any changes, in any order. */
        REORDERED,
        /** All: what a killed program leaves. */
        EVERYTHING
    }

    /** How an operation fails. */
    public enum Failure {
        /** Nothing is done. */
        IO_ERROR,
        /** A write stops half way; another operation fails as {@link #IO_ERROR}. */
        SHORT_WRITE,
        /** A write that would grow a file fails, and all later ones; another operation is done. */
        NO_SPACE,
        /** Nothing that changes anything is done any more until it is cleared: the system has remounted read-only. */
        READ_ONLY,
        /** What is written is taken, but every force fails until it is cleared: the medium is gone. */
        NO_FORCE,
        /** Nothing is done, and {@link Killed} is thrown: the program ends here, the system lives on. */
        KILL
    }

    /** Stands for the end of the program; whoever simulates catches it and opens the volume again. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed(int operation) {
            super("killed before operation " + operation, null, false, false);
        }
    }

    /** Is told each state. */
    @FunctionalInterface
    public interface StateVisitor {
        /**
         * @param operation how many operations had been begun and finished before the power went
         * @param survival what survived
         * @param state the disk as it is found after; to be used freely
         */
        void visit(int operation, Survival survival, CrashVolume state) throws Exception;
    }

    /** One remembered change. */
    record Change(Kind kind, String name, int fileId, long position, byte[] bytes) {
        enum Kind { CREATE, DELETE, WRITE, TRUNCATE, FORCE, FORCE_FAILED, FORCE_DIRECTORY }
    }

    private static final long CAPACITY_BYTES = 1L << 40;

    private final Map<String, Content> files = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();
    private Map<String, byte[]> before = new LinkedHashMap<>();
    private Map<String, Integer> idsBefore = new LinkedHashMap<>();
    private int nextFileId = 1;
    private int operations;
    private int failAt = -1;
    private Failure failure = Failure.IO_ERROR;
    private boolean noSpace;
    private boolean isLasting;

    /** An empty volume that remembers. */
    public CrashVolume() { }


    /** A volume that holds these files, all safe, and remembers nothing of them. */
    static CrashVolume of(Map<String, byte[]> contents) {
        CrashVolume volume = new CrashVolume();
        contents.forEach((name, bytes) -> {
            Content content = new Content(volume.nextFileId++, bytes.clone());
            volume.files.put(name, content);
        });
        volume.settle();
        return volume;
    }

    /** Forgets what happened so far and takes the present state as safe. */
    public synchronized void settle() {
        changes.clear();
        before = new LinkedHashMap<>();
        idsBefore = new LinkedHashMap<>();
        files.forEach((name, content) -> {
            before.put(name, content.copy());
            idsBefore.put(name, content.id);
        });
    }

    /** Changes that were remembered since the beginning or {@link #settle}: where a power cut can fall. */
    public synchronized int changes() {
        return changes.size();
    }

    /** Operations that change something, begun since the beginning, including the one that failed. */
    public synchronized int operations() {
        return operations;
    }

    /** Lets the n-th operation from now (1 is the next) that changes something fail; 0 lets none fail. */
    public synchronized void failOperation(int n, Failure how) {
        failAt = operations + n;
        failure = how;
        noSpace = false;
        isLasting = false;
    }

    /** Ends every failure that lasts or is still to come. */
    public void clearFailure() {
        failOperation(0, Failure.IO_ERROR);
    }

    /** Tells apart volumes that hold other files or other contents: 64 bits of checksums. */
    public synchronized long fingerprint() {
        CRC32C low = new CRC32C();
        CRC32 high = new CRC32();
        files.forEach((name, content) -> {
            byte[] head = (name + '\0' + content.size + '\0').getBytes(StandardCharsets.UTF_8);
            for (Checksum sum : List.of(low, high)) {
                sum.update(head, 0, head.length);
                sum.update(content.bytes, 0, content.size);
            }
        });
        return high.getValue() << Integer.SIZE | low.getValue();
    }

    /** A copy of a file as the program sees it; null when there is none. */
    public synchronized byte[] content(String name) {
        Content content = files.get(name);
        return content == null ? null : content.copy();
    }

    /** Replaces a file, as rot or an unskilled hand does. Not remembered as a change. */
    public synchronized void setContent(String name, byte[] bytes) {
        files.put(name, new Content(nextFileId++, bytes.clone()));
    }

    /** A new volume with the files as the program sees them. */
    public synchronized CrashVolume copy() {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        files.forEach((name, content) -> contents.put(name, content.copy()));
        return of(contents);
    }

    /**
     * Rebuilds the states after a power cut at every change, once for each kind of survival; kinds that differ
     * in nothing at a change are left out.
     *
     * @param seed chooses what survives
     * @return how many states were visited
     */
    public int crashStates(long seed, StateVisitor visitor) throws Exception {
        return crashStates(seed, 0, visitor);
    }

    /**
     * The same, but only from a change on.
     *
     * @param from the first change before which the power may go
     */
    public int crashStates(long seed, int from, StateVisitor visitor) throws Exception {
        List<Change> all;
        CrashReplay replay;
        synchronized (this) {
            all = List.copyOf(changes);
            replay = new CrashReplay(before, idsBefore, seed);
        }
        int states = 0;
        for (int i = 0; i <= all.size(); i++) {
            for (Survival survival : Survival.values()) {
                if (i >= from && (survival == Survival.NOTHING || replay.hasUnforced())) {
                    visitor.visit(i, survival, replay.state(survival));
                    states++;
                }
            }
            if (i < all.size()) {
                replay.apply(all.get(i));
            }
        }
        return states;
    }

    /** The disk as a power cut now leaves it. */
    public synchronized CrashVolume powerCut(long seed, Survival survival) {
        CrashReplay replay = new CrashReplay(before, idsBefore, seed);
        changes.forEach(replay::apply);
        return replay.state(survival);
    }

    @Override
    public synchronized List<String> list() {
        return new ArrayList<>(files.keySet());
    }

    @Override
    public synchronized Volume.File open(String name) throws IOException {
        Content content = files.get(name);
        if (content == null) {
            begin(true);
            content = new Content(nextFileId++, new byte[0]);
            files.put(name, content);
            remember(new Change(Change.Kind.CREATE, name, content.id, 0, null));
        }
        return new OpenFile(content, name);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        Content content = files.get(name);
        if (content != null) {
            begin(false);
            files.remove(name);
            remember(new Change(Change.Kind.DELETE, name, content.id, 0, null));
        }
    }

    @Override
    public synchronized void forceDirectory() throws IOException {
        if (begin(false) || isLasting) {
            throw new IOException("simulated failure of operation " + operations);
        }
        remember(new Change(Change.Kind.FORCE_DIRECTORY, "", 0, 0, null));
    }

    @Override
    public synchronized long freeBytes() {
        return noSpace ? 0 : CAPACITY_BYTES;
    }

    /** Counts an operation; whether a write is to be cut short. */
    private boolean begin(boolean grows) throws IOException {
        operations++;
        boolean now = operations == failAt;
        if (now && failure == Failure.NO_SPACE) {
            noSpace = true;
        }
        if (noSpace && grows) {
            throw new IOException("no space left on the simulated disk");
        }
        isLasting |= now && (failure == Failure.READ_ONLY || failure == Failure.NO_FORCE);
        if (isLasting && failure == Failure.READ_ONLY) {
            throw new IOException("the simulated disk is read-only");
        }
        if (now && failure == Failure.KILL) {
            throw new Killed(operations);
        }
        if (now && failure == Failure.IO_ERROR) {
            throw new IOException("simulated failure of operation " + operations);
        }
        return now && failure == Failure.SHORT_WRITE;
    }

    private void remember(Change change) {
        changes.add(change);
    }

    /** The bytes of a file. */
    private static final class Content {
        private final int id;
        private byte[] bytes;
        private int size;

        Content(int id, byte[] bytes) {
            this.id = id;
            this.bytes = bytes;
            size = bytes.length;
        }

        byte[] copy() {
            return Arrays.copyOf(bytes, size);
        }

        void resize(int newSize) {
            if (newSize > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(newSize, 2 * bytes.length));
            }
            if (newSize < size) {
                Arrays.fill(bytes, newSize, size, (byte) 0);
            }
            size = newSize;
        }
    }

    /** An open file. */
    private final class OpenFile implements Volume.File {
        private final Content content;
        private final String name;
        private boolean closed;

        OpenFile(Content content, String name) {
            this.content = content;
            this.name = name;
        }

        @Override
        public long sizeBytes() throws IOException {
            synchronized (CrashVolume.this) {
                checkOpen();
                return content.size;
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (CrashVolume.this) {
                checkOpen();
                int count = (int) Math.max(0, Math.min(target.remaining(), content.size - position));
                if (count > 0) {
                    target.put(content.bytes, (int) position, count);
                }
                return count;
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (CrashVolume.this) {
                checkOpen();
                boolean isShort = begin(position + source.remaining() > content.size);
                byte[] bytes = new byte[isShort ? source.remaining() / 2 : source.remaining()];
                source.get(bytes);
                int end = Math.toIntExact(position + bytes.length);
                if (end > content.size) {
                    content.resize(end);
                }
                System.arraycopy(bytes, 0, content.bytes, (int) position, bytes.length);
                remember(new Change(Change.Kind.WRITE, name, content.id, position, bytes));
                if (isShort) {
                    throw new IOException("simulated short write, operation " + operations);
                }
            }
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            synchronized (CrashVolume.this) {
                checkOpen();
                if (begin(sizeBytes > content.size)) {
                    throw new IOException("simulated failure of operation " + operations);
                }
                content.resize(Math.toIntExact(sizeBytes));
                remember(new Change(Change.Kind.TRUNCATE, name, content.id, sizeBytes, null));
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (CrashVolume.this) {
                checkOpen();
                try {
                    if (begin(false) || isLasting) {
                        throw new IOException("simulated failure of operation " + operations);
                    }
                } catch (IOException e) {
                    remember(new Change(Change.Kind.FORCE_FAILED, name, content.id, 0, null));
                    throw e;
                }
                remember(new Change(Change.Kind.FORCE, name, content.id, 0, null));
            }
        }

        @Override
        public void close() {
            synchronized (CrashVolume.this) {
                closed = true;
            }
        }

        private void checkOpen() throws IOException {
            if (closed) {
                throw new IOException("the file " + name + " is closed");
            }
        }
    }
}
