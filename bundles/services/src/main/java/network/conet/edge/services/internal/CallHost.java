package network.conet.edge.services.internal;

import java.util.List;
import java.util.Optional;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.services.guest.GuestHost;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one call of a service reaches on this node. Used by the call's thread only. */
final class CallHost implements GuestHost {
    private static final Logger LOG = LoggerFactory.getLogger("network.conet.edge.services.guest");

    private final CallParts parts;
    private final Installed version;
    private final WalletAddress caller;
    private final Reply reply;
    private final Optional<ServiceState> old;
    private Optional<TunnelPlan> tunnel = Optional.empty();
    private boolean hadEffects;

    /** Where the reply goes. */
    @FunctionalInterface
    interface Reply {
        void part(byte[] bytes) throws RefusedException;
    }

    /**
     * @param reply takes what the guest writes
     * @param old the state before, while it is carried over
     */
    CallHost(CallParts parts, Installed version, WalletAddress caller, Reply reply, Optional<ServiceState> old) {
        this.parts = parts;
        this.version = version;
        this.caller = caller;
        this.reply = reply;
        this.old = old;
    }

    /** Whether anything outside of the guest was changed, so that the call must not be made a second time. */
    boolean hadEffects() {
        return hadEffects;
    }

    /** The target that the guest allowed. */
    Optional<TunnelPlan> tunnel() {
        return tunnel;
    }

    @Override
    public WalletAddress caller() {
        return caller;
    }

    @Override
    public long epochMillis() {
        return parts.clock().epochMillis();
    }

    @Override
    public void random(byte[] into) {
        parts.random().nextBytes(into);
    }

    @Override
    public void log(String line) {
        LOG.debug("{}: {}", version.manifest().title(), line);
    }

    @Override
    public void reply(byte[] part) throws RefusedException {
        hadEffects = true;
        reply.part(part);
    }

    @Override
    public Optional<byte[]> value(String key) throws RefusedException {
        return version.state().value(key);
    }

    @Override
    public void keep(String key, byte[] value) throws RefusedException {
        hadEffects = true;
        version.state().keep(key, value);
    }

    @Override
    public void forget(String key) throws RefusedException {
        hadEffects = true;
        version.state().forget(key);
    }

    @Override
    public List<String> keys() {
        return version.state().keys();
    }

    @Override
    public Optional<byte[]> oldValue(String key) throws RefusedException {
        return old.isPresent() ? old.get().value(key) : Optional.empty();
    }

    @Override
    public List<String> oldKeys() {
        return old.map(ServiceState::keys).orElse(List.of());
    }

    @Override
    public void send(WalletAddress to, byte[] text) throws RefusedException {
        hadEffects = true;
        if (!version.mail().take(1)) {
            throw new RefusedException(RefuseReason.EGRESS_SPENT);
        }
        Waiting.on(parts.outbox().send(to, text));
    }

    @Override
    public byte[] fetch(byte[] request) throws RefusedException {
        hadEffects = true;
        return parts.fetcher().fetch(request, version.manifest().hosts(), version.fetched());
    }

    @Override
    public void tunnel(String host, int port, int idleSeconds, long bytesMax) {
        tunnel = Optional.of(new TunnelPlan(host, port, idleSeconds, bytesMax));
    }
}
