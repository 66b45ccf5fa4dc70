package network.conet.edge.bench.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The simplest thing that keeps the promise: one file a mailbox, appended and forced; an acknowledgement writes the
 * file anew beside the old one and renames it. Nothing is read when it is opened; a mailbox that is touched for the
 * first time is looked through for a torn end.
 *
 * <pre>
 * record: number 8 | length 4 | CRC32C of number, length and body 4 | body
 * </pre>
 */
final class FilePerMailbox implements Store {
    private static final int HEADER_BYTES = 16;

    private final Path directory;
    private final Set<Integer> looked = new HashSet<>();

    FilePerMailbox(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    @Override
    public void commit(List<Message> messages, List<Message> acknowledged) throws IOException {
        Map<Integer, Set<Long>> acks = new TreeMap<>();
        acknowledged.forEach(each -> acks.computeIfAbsent(each.recipient(), key -> new HashSet<>()).add(each.number()));
        Map<Integer, ByteBuffer> added = new TreeMap<>();
        messages.forEach(each -> added.merge(each.recipient(), record(each), FilePerMailbox::join));
        boolean isDirectoryChanged = false;
        for (Map.Entry<Integer, ByteBuffer> each : added.entrySet()) {
            if (!acks.containsKey(each.getKey())) {
                isDirectoryChanged |= append(each.getKey(), each.getValue());
            }
        }
        for (Map.Entry<Integer, Set<Long>> each : acks.entrySet()) {
            rewrite(each.getKey(), each.getValue(), added.getOrDefault(each.getKey(), ByteBuffer.allocate(0)));
            isDirectoryChanged = true;
        }
        if (isDirectoryChanged) {
            try (FileChannel channel = FileChannel.open(directory)) {
                channel.force(true);
            }
        }
    }

    @Override
    public int list(int recipient, int most) throws IOException {
        return walk(read(recipient), most, (number, record) -> { });
    }

    @Override
    public int count(int recipient) throws IOException {
        return list(recipient, Integer.MAX_VALUE);
    }

    @Override
    public void close() {
        looked.clear(); // no file stays open
    }

    /** Whether the file is new. */
    private boolean append(int recipient, ByteBuffer records) throws IOException {
        Path file = file(recipient);
        boolean isNew = !Files.exists(file);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (looked.add(recipient) && !isNew) {
                ByteBuffer whole = read(recipient);
                walk(whole, Integer.MAX_VALUE, (number, record) -> { });
                channel.truncate(whole.position());
            }
            write(channel, records, channel.size());
            channel.force(false);
        }
        return isNew;
    }

    private void rewrite(int recipient, Set<Long> without, ByteBuffer more) throws IOException {
        ByteBuffer old = read(recipient);
        ByteBuffer kept = ByteBuffer.allocate(old.remaining() + more.remaining());
        walk(old, Integer.MAX_VALUE, (number, record) -> {
            if (!without.remove(number)) {
                kept.put(record);
            }
        });
        if (!without.isEmpty()) {
            throw new AssertionError("messages " + without + " are not there");
        }
        kept.put(more).flip();
        Path file = file(recipient);
        if (!kept.hasRemaining()) {
            Files.delete(file);
            return;
        }
        Path next = directory.resolve("next");
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            write(channel, kept, 0);
            channel.force(false);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        looked.add(recipient);
    }

    private ByteBuffer read(int recipient) throws IOException {
        Path file = file(recipient);
        return ByteBuffer.wrap(Files.exists(file) ? Files.readAllBytes(file) : new byte[0]);
    }

    private Path file(int recipient) {
        return directory.resolve("mailbox-" + recipient);
    }

    /** What is done with a record. */
    private interface Visitor {
        void visit(long number, ByteBuffer record);
    }

    /** Goes over whole records, and leaves the position behind the last one. How many there were. */
    private static int walk(ByteBuffer records, int most, Visitor visitor) {
        int found = 0;
        while (found < most && records.remaining() >= HEADER_BYTES) {
            int at = records.position();
            int bytes = records.getInt(at + Long.BYTES);
            if (bytes < 0 || bytes > records.remaining() - HEADER_BYTES) {
                break;
            }
            ByteBuffer record = records.slice(at, HEADER_BYTES + bytes);
            if (record.getInt(HEADER_BYTES - Integer.BYTES) != checksum(record)) {
                break;
            }
            visitor.visit(record.getLong(0), record);
            records.position(at + HEADER_BYTES + bytes);
            found++;
        }
        return found;
    }

    private static ByteBuffer record(Message message) {
        ByteBuffer record = ByteBuffer.allocate(HEADER_BYTES + message.body().length);
        record.putLong(message.number()).putInt(message.body().length).putInt(0).put(message.body()).flip();
        return record.putInt(HEADER_BYTES - Integer.BYTES, checksum(record));
    }

    private static int checksum(ByteBuffer record) {
        CRC32C checksum = new CRC32C();
        checksum.update(record.slice(0, HEADER_BYTES - Integer.BYTES));
        checksum.update(record.slice(HEADER_BYTES, record.limit() - HEADER_BYTES));
        return (int) checksum.getValue();
    }

    private static ByteBuffer join(ByteBuffer one, ByteBuffer other) {
        return ByteBuffer.allocate(one.remaining() + other.remaining()).put(one).put(other).flip();
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }
}
