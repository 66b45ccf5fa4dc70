package network.conet.edge.services.proxy;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import network.conet.edge.api.Clock;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;

/** Open tunnels and the bytes of the day, of each wallet and of the node. Safe for use by many threads. */
final class Quotas {
    private static final long DAY_MILLIS = 24L * 3_600 * 1_000;

    private final ProxySettings settings;
    private final Clock clock;
    private final Map<WalletAddress, Use> wallets = new LinkedHashMap<>();
    private final Use node = new Use();
    private long day = Long.MIN_VALUE;

    Quotas(ProxySettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Opens a tunnel; {@link #close} must follow.
     *
     * @throws RefusedException TUNNELS_FULL; EGRESS_SPENT when the bytes of the day are used up
     */
    synchronized void open(WalletAddress wallet) throws RefusedException {
        beginDay();
        Use use = wallets.get(wallet);
        int open = use == null ? 0 : use.open;
        if (node.open >= settings.tunnelsMax() || open >= settings.tunnelsPerWalletMax()
                || use == null && !makeRoom()) {
            throw new RefusedException(RefuseReason.TUNNELS_FULL);
        }
        if (left(use) < 1) {
            throw new RefusedException(RefuseReason.EGRESS_SPENT);
        }
        wallets.computeIfAbsent(wallet, key -> new Use()).open++;
        node.open++;
    }

    /** A tunnel has ended. */
    synchronized void close(WalletAddress wallet) {
        Use use = wallets.get(wallet);
        use.open--;
        node.open--;
        if (use.open == 0 && use.bytes == 0) {
            wallets.remove(wallet);
        }
    }

    /**
     * Takes bytes of the day.
     *
     * @return how many may be moved
     */
    synchronized long take(WalletAddress wallet, long bytes) {
        beginDay();
        Use use = wallets.get(wallet);
        if (use == null) {
            // The last bytes of a tunnel whose target has ended.
            return 0;
        }
        long taken = Math.min(bytes, left(use));
        use.bytes += taken;
        node.bytes += taken;
        return taken;
    }

    synchronized int openTunnels() {
        return node.open;
    }

    private long left(Use use) {
        return Math.min(settings.bytesPerDay() - node.bytes,
                settings.bytesPerWalletDay() - (use == null ? 0 : use.bytes));
    }

    private void beginDay() {
        long today = Math.floorDiv(clock.epochMillis(), DAY_MILLIS);
        if (today != day) {
            day = today;
            node.bytes = 0;
            wallets.values().forEach(use -> use.bytes = 0);
            wallets.values().removeIf(use -> use.open == 0);
        }
    }

    /** Forgets the wallet that came first and has no tunnel open, when there are too many. */
    private boolean makeRoom() {
        if (wallets.size() < ProxyLimits.WALLETS_MAX) {
            return true;
        }
        Iterator<Use> oldest = wallets.values().iterator();
        while (oldest.hasNext()) {
            if (oldest.next().open == 0) {
                oldest.remove();
                return true;
            }
        }
        return false;
    }

    /** What is used. */
    private static final class Use {
        private int open;
        private long bytes;
    }
}
