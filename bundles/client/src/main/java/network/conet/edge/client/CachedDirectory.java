package network.conet.edge.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.conet.edge.api.Clock;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.UserEntry;
import network.conet.edge.protocol.WalletAddress;

/**
 * Remembers for a while what a directory said, so that a page of forty files asks it once. Who moved since is still
 * reached: the mailbox node of before sends mail on. Registrations are always read anew. Safe for use by many threads.
 */
public final class CachedDirectory implements Directory {
    static final Duration REMEMBERED = Duration.ofSeconds(60);
    static final int USERS_MAX = 1024;

    private final Directory directory;
    private final Clock clock;
    private final Map<WalletAddress, Known<UserEntry>> users = new LinkedHashMap<>();
    private Known<List<NodeEntry>> nodes;

    private record Known<T>(T value, long nanos) {}

    /**
     * @param directory is asked
     * @param clock tells how long ago
     */
    public CachedDirectory(Directory directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    @Override
    public List<NodeEntry> nodes() throws ClientException {
        Known<List<NodeEntry>> known;
        synchronized (this) {
            known = nodes;
        }
        if (isFresh(known)) {
            return known.value;
        }
        Known<List<NodeEntry>> read = new Known<>(directory.nodes(), clock.monotonicNanos());
        synchronized (this) {
            nodes = read;
        }
        return read.value;
    }

    /** A wallet that is not known is asked for again at once: it may register this moment. */
    @Override
    public Optional<UserEntry> user(WalletAddress wallet) throws ClientException {
        Known<UserEntry> known;
        synchronized (this) {
            known = users.get(wallet);
        }
        if (isFresh(known)) {
            return Optional.of(known.value);
        }
        Optional<UserEntry> read = directory.user(wallet);
        synchronized (this) {
            users.remove(wallet);
            read.ifPresent(user -> users.put(wallet, new Known<>(user, clock.monotonicNanos())));
            if (users.size() > USERS_MAX) {
                users.remove(users.keySet().iterator().next());
            }
        }
        return read;
    }

    private boolean isFresh(Known<?> known) {
        return known != null && clock.monotonicNanos() - known.nanos < REMEMBERED.toNanos();
    }

    @Override
    public long keyNonce(WalletAddress wallet) throws ClientException {
        return directory.keyNonce(wallet);
    }

    @Override
    public long routeNonce(WalletAddress wallet) throws ClientException {
        return directory.routeNonce(wallet);
    }

    @Override
    public long chainId() throws ClientException {
        return directory.chainId();
    }

    @Override
    public WalletAddress routingTable() throws ClientException {
        return directory.routingTable();
    }
}
