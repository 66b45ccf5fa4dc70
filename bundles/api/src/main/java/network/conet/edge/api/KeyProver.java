package network.conet.edge.api;

import network.conet.edge.protocol.KeyProof;
import network.conet.edge.protocol.WalletAddress;

/** Proves that the node's routing address is its own, for its registration. Safe for use by many threads. */
public interface KeyProver {
    /**
     * Proves that {@link KeyRing#keyId()} belongs to {@link KeyRing#wallet()}.
     *
     * @param chainId the chain that the proof is for
     * @param contract the contract that checks it
     */
    KeyProof proveKeyId(long chainId, WalletAddress contract);
}
