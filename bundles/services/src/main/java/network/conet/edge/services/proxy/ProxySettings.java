package network.conet.edge.services.proxy;

/**
 * What an operator decides about the proxy.
 *
 * @param tunnelsMax open tunnels, all wallets together
 * @param tunnelsPerWalletMax open tunnels of one wallet
 * @param bytesPerDay bytes of all tunnels in a day (UTC), both ways
 * @param bytesPerWalletDay the same of one wallet
 * @param isUntimedAllowed whether commands without a timestamp are run; existing clients send none
 */
public record ProxySettings(int tunnelsMax, int tunnelsPerWalletMax, long bytesPerDay, long bytesPerWalletDay,
        boolean isUntimedAllowed) {
    /** @throws IllegalArgumentException when a number is less than 1 */
    public ProxySettings {
        if (tunnelsMax < 1 || tunnelsPerWalletMax < 1 || bytesPerDay < 1 || bytesPerWalletDay < 1) {
            throw new IllegalArgumentException("a bound of the proxy is less than 1");
        }
    }
}
