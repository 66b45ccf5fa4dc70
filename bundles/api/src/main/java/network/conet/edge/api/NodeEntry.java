package network.conet.edge.api;

import java.util.Objects;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;

/**
 * A node as the directory knows it.
 *
 * @param keyId its routing address
 * @param wallet its wallet, which signs hops and epoch frames
 * @param endpoint where it listens
 * @param publicKeyArmored its OpenPGP key, ASCII-armored
 * @param region free text, possibly empty
 */
public record NodeEntry(KeyId keyId, WalletAddress wallet, Endpoint endpoint, String publicKeyArmored, String region) {
    /** Refuses missing parts. */
    public NodeEntry {
        Objects.requireNonNull(keyId);
        Objects.requireNonNull(wallet);
        Objects.requireNonNull(endpoint);
        Objects.requireNonNull(publicKeyArmored);
        Objects.requireNonNull(region);
    }
}
