package network.conet.edge.relay.internal;

import java.util.concurrent.Executor;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.Signatures;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/** The keys of everybody in a simulated network: real ones, or fakes that cost nothing. */
interface SimKeys {
    /** Checks what they sign. */
    Signatures signatures();

    /** Makes somebody's keys. */
    Holder make(String name);

    /** A wallet and an OpenPGP key. */
    interface Holder {
        WalletAddress wallet();

        KeyId keyId();

        WalletSignature signPersonal(byte[] text);

        /** Seals a message to this holder. */
        byte[] seal(byte[] plaintext);

        /** Opens a message that is sealed to this holder. */
        byte[] open(byte[] armor) throws RefusedException;

        /** The same keys as a node has them; opens on the given executor. */
        KeyRing ring(Executor pool);
    }
}
