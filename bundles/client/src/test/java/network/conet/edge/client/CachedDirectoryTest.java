package network.conet.edge.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.Optional;
import network.conet.edge.api.UserEntry;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;

class CachedDirectoryTest {
    private final SettableClock clock = new SettableClock(0);
    private final FakeDirectory directory = new FakeDirectory();
    private final CachedDirectory cached = new CachedDirectory(directory, clock);
    private final WalletAddress wallet = Wallet.generate(new SecureRandom()).address();

    private void register(String keyId) {
        directory.users.put(wallet, new UserEntry(wallet, KeyId.parse(keyId).orElseThrow(), "key", Optional.empty()));
    }

    private String keyId() throws ClientException {
        return cached.user(wallet).orElseThrow().keyId().toString();
    }

    @Test
    void remembersAUserUntilTheTimeIsOver() throws Exception {
        register("00000000000000AA");
        assertEquals("00000000000000AA", keyId());
        register("00000000000000BB");
        clock.advanceMillis(CachedDirectory.REMEMBERED.toMillis() - 1);
        assertEquals("00000000000000AA", keyId());
        clock.advanceMillis(1);
        assertEquals("00000000000000BB", keyId());
    }

    @Test
    void asksAgainForWhomItDidNotFind() throws Exception {
        assertTrue(cached.user(wallet).isEmpty());
        register("00000000000000AA");
        assertEquals("00000000000000AA", keyId());
    }

    @Test
    void forgetsTheOldestUserWhenItKnowsTooMany() throws Exception {
        register("00000000000000AA");
        keyId();
        UserEntry other = directory.users.get(wallet);
        for (int i = 0; i < CachedDirectory.USERS_MAX; i++) {
            WalletAddress another = Wallet.generate(new SecureRandom()).address();
            directory.users.put(another, other);
            cached.user(another);
        }
        register("00000000000000BB");
        assertEquals("00000000000000BB", keyId());
    }
}
