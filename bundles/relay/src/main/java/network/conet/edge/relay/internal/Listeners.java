package network.conet.edge.relay.internal;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;

/** All open listeners: at most one a wallet, bounded in total. Safe for use by many threads. */
final class Listeners {
    private final ConcurrentMap<WalletAddress, Listener> byWallet = new ConcurrentHashMap<>();
    private final ConcurrentMap<KeyId, Listener> byMailbox = new ConcurrentHashMap<>();
    private final int max;

    /** @param max listeners at a time */
    Listeners(int max) {
        this.max = max;
    }

    /** Whether one more wallet may listen; a wallet that listens already may always listen anew. */
    boolean hasRoomFor(WalletAddress wallet) {
        return byWallet.size() < max || byWallet.containsKey(wallet);
    }

    /** What became of a listener that was to be added. */
    enum Added {
        /** It is there. */
        YES,
        /** There is no room. */
        FULL,
        /** The wallet has a listener, which was not to be replaced. */
        TAKEN
    }

    /**
     * Adds a listener if there is room. The wallet's previous one, if any, is closed.
     *
     * @param mayReplace whether there may be a previous one
     */
    Added add(Listener listener, boolean mayReplace) {
        Listener previous;
        synchronized (this) {
            if (!hasRoomFor(listener.wallet())) {
                return Added.FULL;
            }
            if (!mayReplace && byWallet.containsKey(listener.wallet())) {
                return Added.TAKEN;
            }
            previous = byWallet.put(listener.wallet(), listener);
            listener.mailbox().ifPresent(mailbox -> byMailbox.put(mailbox, listener));
        }
        if (previous != null) {
            previous.close();
        }
        return Added.YES;
    }

    /** Forgets a listener; a newer one of the same wallet stays. */
    void remove(Listener listener) {
        byWallet.remove(listener.wallet(), listener);
        listener.mailbox().ifPresent(mailbox -> byMailbox.remove(mailbox, listener));
    }

    /** The listener of a mailbox. */
    Optional<Listener> ofMailbox(KeyId mailbox) {
        return Optional.ofNullable(byMailbox.get(mailbox));
    }

    /** The listener of a wallet. */
    Optional<Listener> ofWallet(WalletAddress wallet) {
        return Optional.ofNullable(byWallet.get(wallet));
    }

    /** A snapshot of all. */
    Collection<Listener> all() {
        return List.copyOf(byWallet.values());
    }
}
