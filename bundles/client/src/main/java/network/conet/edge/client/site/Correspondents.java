package network.conet.edge.client.site;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import network.conet.edge.api.Clock;
import network.conet.edge.api.UserEntry;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.Directory;
import network.conet.edge.protocol.WalletAddress;

/** Keys of those we write to, remembered for a while, so that a page of forty files asks the directory once. */
final class Correspondents {
    private static final int REMEMBERED_MAX = 1024;
    private static final Duration REMEMBERED = Duration.ofSeconds(60);

    private final Directory directory;
    private final Clock clock;
    private final Map<WalletAddress, Known> known = new LinkedHashMap<>();

    private record Known(UserEntry user, long nanos) {}

    Correspondents(Directory directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    Optional<UserEntry> of(WalletAddress wallet) throws ClientException {
        long now = clock.monotonicNanos();
        synchronized (known) {
            Known found = known.get(wallet);
            if (found != null && now - found.nanos < REMEMBERED.toNanos()) {
                return Optional.of(found.user);
            }
        }
        Optional<UserEntry> user = directory.user(wallet);
        synchronized (known) {
            known.remove(wallet);
            user.ifPresent(entry -> known.put(wallet, new Known(entry, now)));
            if (known.size() > REMEMBERED_MAX) {
                known.remove(known.keySet().iterator().next());
            }
        }
        return user;
    }
}
