package network.conet.edge.bench.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;

/** H2's MVStore, committed and forced; its background thread tidies up as it does by default. */
final class MvStore implements Store {
    /** Recipient and number make one key: a mailbox is a range. */
    private static final int NUMBER_BITS = 40;

    private final MVStore store;
    private final MVMap<Long, byte[]> messages;

    MvStore(Path directory) throws Exception {
        Files.createDirectories(directory);
        store = new MVStore.Builder().fileName(directory.resolve("mail.mv").toString()).open();
        messages = store.openMap("message", new MVMap.Builder<Long, byte[]>()
                .keyType(LongDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
    }

    @Override
    public void commit(List<Message> added, List<Message> acknowledged) {
        for (Message message : acknowledged) {
            if (messages.remove(key(message.recipient(), message.number())) == null) {
                throw new AssertionError("message " + message.number() + " is not there");
            }
        }
        for (Message message : added) {
            messages.put(key(message.recipient(), message.number()), message.body());
        }
        store.commit();
        store.sync();
    }

    @Override
    public int list(int recipient, int most) {
        int found = 0;
        Iterator<Long> keys = messages.keyIterator(key(recipient, 0));
        while (found < most && keys.hasNext()) {
            long key = keys.next();
            if (key >= key(recipient + 1, 0)) {
                break;
            }
            messages.get(key);
            found++;
        }
        return found;
    }

    @Override
    public int count(int recipient) {
        Long first = messages.ceilingKey(key(recipient, 0));
        Long behind = messages.ceilingKey(key(recipient + 1, 0));
        if (first == null) {
            return 0;
        }
        long end = behind == null ? messages.sizeAsLong() : messages.getKeyIndex(behind);
        return (int) (end - messages.getKeyIndex(first));
    }

    @Override
    public void close() {
        store.close();
    }

    private static long key(int recipient, long number) {
        return (long) recipient << NUMBER_BITS | number;
    }
}
