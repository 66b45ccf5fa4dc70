package network.conet.edge.relay.internal;

import java.util.concurrent.Executor;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.Signatures;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/** {@link FakeSignatures} and {@link FakeSeal} for a simulated network. */
final class FakeSimKeys implements SimKeys {
    private final FakeSignatures signatures = new FakeSignatures();

    @Override
    public Signatures signatures() {
        return signatures;
    }

    @Override
    public Holder make(String name) {
        WalletAddress wallet = signatures.wallet(name);
        KeyId keyId = new KeyId(signatures.hash(wallet.bytes()).prefix());
        return new Holder() {
            @Override
            public WalletAddress wallet() {
                return wallet;
            }

            @Override
            public KeyId keyId() {
                return keyId;
            }

            @Override
            public WalletSignature signPersonal(byte[] text) {
                return signatures.signPersonal(text, wallet);
            }

            @Override
            public byte[] seal(byte[] plaintext) {
                return FakeSeal.seal(keyId, plaintext);
            }

            @Override
            public byte[] open(byte[] armor) throws RefusedException {
                return FakeSeal.open(keyId, armor);
            }

            @Override
            public KeyRing ring(Executor pool) {
                return new FakeKeyRing(signatures, wallet, keyId, pool);
            }
        };
    }
}
