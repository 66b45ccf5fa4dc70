package network.conet.edge.services.internal;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import network.conet.edge.api.ValueStore;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;

/**
 * What wallets may spend here, in nanotokens. A call sets the most that it can cost aside, runs, and pays what it cost.
 * The balance is durable before a reply says what was charged; a crash in between is in favour of the caller. Safe for
 * use by many threads; waits for the storage.
 */
final class Credits {
    /** Largest balance: far below where sums of them could overflow. */
    static final long BALANCE_MAX = 1L << 52;
    private static final String SPACE = "services.credit";

    private final ValueStore store;
    /** Set aside by calls that run now; without entries of zero. */
    private final Map<WalletAddress, Long> reserved = new HashMap<>();

    Credits(ValueStore store) {
        this.store = store;
    }

    /** What a wallet has, what is set aside included. */
    long balance(WalletAddress wallet) throws RefusedException {
        Optional<byte[]> value = Waiting.on(store.get(SPACE, wallet.toString()));
        return value.map(bytes -> Long.parseLong(new String(bytes, StandardCharsets.US_ASCII))).orElse(0L);
    }

    /** @throws RefusedException PAYMENT_REQUIRED when too little is free */
    void reserve(WalletAddress wallet, long amount) throws RefusedException {
        synchronized (this) {
            long free = balance(wallet) - reserved.getOrDefault(wallet, 0L);
            if (free < amount) {
                throw new RefusedException(RefuseReason.PAYMENT_REQUIRED);
            }
            reserved.merge(wallet, amount, Long::sum);
        }
    }

    /**
     * Pays for a call that has ended.
     *
     * @param amount what was reserved for it
     * @param cost what it cost, at most that
     */
    void settle(WalletAddress wallet, long amount, long cost) throws RefusedException {
        synchronized (this) {
            try {
                if (cost > 0) {
                    put(wallet, balance(wallet) - cost);
                }
            } finally {
                reserved.computeIfPresent(wallet, (key, sum) -> sum == amount ? null : sum - amount);
            }
        }
    }

    /** Adds to a balance, up to {@link #BALANCE_MAX}; returns the new one. */
    long grant(WalletAddress wallet, long amount) throws RefusedException {
        synchronized (this) {
            long sum = Math.min(BALANCE_MAX, balance(wallet) + amount);
            put(wallet, sum);
            return sum;
        }
    }

    private void put(WalletAddress wallet, long balance) throws RefusedException {
        Waiting.on(store.put(SPACE, wallet.toString(), Long.toString(balance).getBytes(StandardCharsets.US_ASCII)));
    }
}
