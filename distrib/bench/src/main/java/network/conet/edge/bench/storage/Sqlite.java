package network.conet.edge.bench.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** SQLite, write-ahead log, forced at each commit. */
final class Sqlite implements Store {
    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement delete;
    private final PreparedStatement select;
    private final PreparedStatement count;

    Sqlite(Path directory) throws Exception {
        Files.createDirectories(directory);
        connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("mail.db"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("CREATE TABLE IF NOT EXISTS message"
                    + "(number INTEGER PRIMARY KEY, recipient INTEGER NOT NULL, body BLOB NOT NULL)");
            statement.execute("CREATE INDEX IF NOT EXISTS message_recipient ON message(recipient)");
        }
        connection.setAutoCommit(false);
        insert = connection.prepareStatement("INSERT INTO message VALUES(?, ?, ?)");
        delete = connection.prepareStatement("DELETE FROM message WHERE number = ?");
        select = connection.prepareStatement("SELECT body FROM message WHERE recipient = ? ORDER BY number LIMIT ?");
        count = connection.prepareStatement("SELECT count(*) FROM message WHERE recipient = ?");
    }

    @Override
    public void commit(List<Message> messages, List<Message> acknowledged) throws SQLException {
        for (Message message : acknowledged) {
            delete.setLong(1, message.number());
            if (delete.executeUpdate() != 1) {
                throw new AssertionError("message " + message.number() + " is not there");
            }
        }
        for (Message message : messages) {
            insert.setLong(1, message.number());
            insert.setInt(2, message.recipient());
            insert.setBytes(3, message.body());
            insert.executeUpdate();
        }
        connection.commit();
    }

    @Override
    public int list(int recipient, int most) throws SQLException {
        select.setInt(1, recipient);
        select.setInt(2, most);
        int found = 0;
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                rows.getBytes(1);
                found++;
            }
        }
        connection.commit(); // a reader that stays would keep the log from being emptied
        return found;
    }

    @Override
    public int count(int recipient) throws SQLException {
        count.setInt(1, recipient);
        int found;
        try (ResultSet rows = count.executeQuery()) {
            found = rows.getInt(1);
        }
        connection.commit();
        return found;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
