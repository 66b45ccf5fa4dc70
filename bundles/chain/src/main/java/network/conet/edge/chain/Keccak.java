package network.conet.edge.chain;

import java.nio.charset.StandardCharsets;
import network.conet.edge.protocol.Hash256;
import org.web3j.crypto.Hash;

/** Keccak-256 as web3j gives it (over Bouncy Castle), so that who only asks the chain needs no other service. */
final class Keccak {
    private Keccak() {}

    static Hash256 bytes(byte[] input) {
        return Hash256.of(Hash.sha3(input));
    }

    static Hash256 text(String input) {
        return bytes(input.getBytes(StandardCharsets.UTF_8));
    }
}
