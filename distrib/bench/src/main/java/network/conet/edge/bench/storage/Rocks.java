package network.conet.edge.bench.storage;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB, one batch a group, its log forced. Deleting a message that is not there costs it no look. */
final class Rocks implements Store {
    private final Options options = new Options().setCreateIfMissing(true);
    private final WriteOptions forced = new WriteOptions().setSync(true);
    private final RocksDB store;

    Rocks(Path directory) throws Exception {
        Files.createDirectories(directory);
        store = RocksDB.open(options, directory.toString());
    }

    @Override
    public void commit(List<Message> messages, List<Message> acknowledged) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            for (Message message : acknowledged) {
                batch.delete(key(message.recipient(), message.number()));
            }
            for (Message message : messages) {
                batch.put(key(message.recipient(), message.number()), message.body());
            }
            store.write(forced, batch);
        }
    }

    @Override
    public int list(int recipient, int most) {
        int found = 0;
        try (RocksIterator rows = store.newIterator()) {
            for (rows.seek(key(recipient, 0)); found < most && rows.isValid(); rows.next()) {
                if (ByteBuffer.wrap(rows.key()).getLong() != recipient) {
                    break;
                }
                rows.value();
                found++;
            }
        }
        return found;
    }

    @Override
    public int count(int recipient) {
        return list(recipient, Integer.MAX_VALUE);
    }

    @Override
    public void close() {
        store.close();
        forced.close();
        options.close();
    }

    private static byte[] key(long recipient, long number) {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(recipient).putLong(number).array();
    }
}
