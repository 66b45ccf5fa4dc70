package network.conet.edge.relay.internal;

/**
 * What an operator decides about the relay.
 *
 * @param listenersMax open listeners at a time, 1 or more
 * @param isBillingWalletTrusted whether a command may be signed by its {@code billingWallet} alone, as existing nodes
 *     allow; then whoever pays can act for any wallet (9, W1)
 */
public record RelaySettings(int listenersMax, boolean isBillingWalletTrusted) {
    /** @throws IllegalArgumentException when a number is out of range */
    public RelaySettings {
        if (listenersMax < 1) {
            throw new IllegalArgumentException("listenersMax must be 1 or more, not " + listenersMax);
        }
    }
}
