package network.conet.edge.protocol;

/**
 * The hash of Ethereum: Keccak-256 with the original padding, which is not SHA3-256 of FIPS 202. The
 * protocol has no implementation of its own; {@code crypto} gives one. Implementations are safe for use by
 * many threads.
 */
@FunctionalInterface
public interface Keccak256 {
    /**
     * @param input any bytes
     * @return their hash
     */
    Hash256 hash(byte[] input);
}
