package network.conet.edge.services.internal;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import network.conet.edge.api.Clock;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.services.guest.GuestHost;

/** The host of a self-test: time and chance are there, everything else is empty or refused. */
final class LonelyHost implements GuestHost {
    private final Clock clock;
    private final SecureRandom random;

    LonelyHost(Clock clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    @Override
    public WalletAddress caller() {
        return WalletAddress.zero();
    }

    @Override
    public long epochMillis() {
        return clock.epochMillis();
    }

    @Override
    public void random(byte[] into) {
        random.nextBytes(into);
    }

    @Override
    public void log(String line) {
        // A self-test says what it has to say by its result.
    }

    @Override
    public void reply(byte[] part) {
        // Nobody listens.
    }

    @Override
    public Optional<byte[]> value(String key) {
        return Optional.empty();
    }

    @Override
    public void keep(String key, byte[] value) throws RefusedException {
        throw new RefusedException(RefuseReason.VALUES_FULL);
    }

    @Override
    public void forget(String key) {
        // There is nothing to forget.
    }

    @Override
    public List<String> keys() {
        return List.of();
    }

    @Override
    public Optional<byte[]> oldValue(String key) {
        return Optional.empty();
    }

    @Override
    public List<String> oldKeys() {
        return List.of();
    }

    @Override
    public void send(WalletAddress to, byte[] text) throws RefusedException {
        throw new RefusedException(RefuseReason.EGRESS_SPENT);
    }

    @Override
    public byte[] fetch(byte[] request) throws RefusedException {
        throw new RefusedException(RefuseReason.TARGET_FORBIDDEN);
    }

    @Override
    public void tunnel(String host, int port, int idleSeconds, long bytesMax) {
        // Nobody is there to be joined.
    }
}
