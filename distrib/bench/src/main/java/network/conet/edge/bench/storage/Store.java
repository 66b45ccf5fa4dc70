package network.conet.edge.bench.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * The least that a mailbox has to do. Every store keeps the same promise: when {@link #commit} returns, its messages
 * survive a power cut. Constructors open what the directory holds. For one thread.
 *
 * <p>Peers run with their makers' defaults except for what that promise needs. They may name a message by the small
 * number that we give them, where ours has to find it by its 32-byte hash: an advantage that they have.
 */
interface Store extends AutoCloseable {
    /**
     * Stores messages and forgets others, in one transaction where the store has such a thing. Acknowledgements ride
     * with the messages, as in our engine: they never cost a force of their own when a message comes with them.
     */
    void commit(List<Message> messages, List<Message> acknowledged) throws Exception;

    /** Reads the oldest messages of a mailbox, at most so many. How many there were. */
    int list(int recipient, int most) throws Exception;

    /** Messages that wait in a mailbox. */
    int count(int recipient) throws Exception;

    /** A clean stop. */
    @Override
    void close() throws IOException, SQLException;

    /** Opens a store by the name that it has in the table. */
    static Store open(String name, Path directory) throws Exception {
        return switch (name) {
            case "ours" -> new Ours(directory);
            case "sqlite" -> new Sqlite(directory);
            case "mvstore" -> new MvStore(directory);
            case "rocksdb" -> new Rocks(directory);
            case "files" -> new FilePerMailbox(directory);
            default -> throw new IOException("no such store: " + name);
        };
    }
}
