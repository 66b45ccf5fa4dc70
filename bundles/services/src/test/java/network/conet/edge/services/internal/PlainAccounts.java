package network.conet.edge.services.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.Accounts;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;

/** Accounts in memory, with what a test gave. */
public final class PlainAccounts implements Accounts {
    private final Map<WalletAddress, Long> balances = new HashMap<>();
    private final Map<WalletAddress, Long> reserved = new HashMap<>();
    private long fuel;

    /** Gives. */
    public synchronized void grant(WalletAddress wallet, long amount) {
        balances.merge(wallet, amount, Long::sum);
    }

    /** Fuel that was charged for. */
    synchronized long fuel() {
        return fuel;
    }

    /** What is left. */
    public synchronized long balance(WalletAddress wallet) {
        return balances.getOrDefault(wallet, 0L);
    }

    @Override
    public synchronized void reserve(WalletAddress wallet, long amount) throws RefusedException {
        if (amount > balance(wallet) - reserved.getOrDefault(wallet, 0L)) {
            throw new RefusedException(RefuseReason.PAYMENT_REQUIRED);
        }
        reserved.merge(wallet, amount, Long::sum);
    }

    @Override
    public synchronized CompletionStage<Void> charge(WalletAddress wallet, long set, long used, long amount) {
        reserved.merge(wallet, -set, Long::sum);
        balances.merge(wallet, -amount, Long::sum);
        fuel += used;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public long egressBytes(WalletAddress wallet) {
        return balance(wallet);
    }

    @Override
    public void egressEnded(WalletAddress wallet, long bytes) {
        charge(wallet, 0, 0, bytes);
    }

    @Override
    public JsonValue.Builder quote(WalletAddress wallet) {
        return JsonValue.object().put("unit", "nanocredit").put("balance", balance(wallet));
    }
}
