package network.conet.edge.relay.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import network.conet.edge.api.Signatures;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/**
 * Signatures that are no secret: whoever knows an address can sign for it. They behave as real ones do where the relay
 * looks: a changed text or signature recovers to some stranger, one out of range to nobody.
 *
 * <pre>
 *  0                    32        44        64  65
 *  +--------------------+---------+---------+---+
 *  | hash(digest, addr) |  zeros  | address | v |
 *  +--------------------+---------+---------+---+
 * </pre>
 */
final class FakeSignatures implements Signatures {
    private static final int S_BEGIN = 32;
    private static final int ADDRESS_BEGIN = 44;
    private static final byte V = 27;

    @Override
    public Hash256 hash(byte[] input) {
        try {
            return Hash256.of(MessageDigest.getInstance("SHA-256").digest(input));
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError(missing);
        }
    }

    @Override
    public Optional<WalletAddress> recoverPersonal(byte[] text, WalletSignature signature) {
        return recoverDigest(personalDigest(text), signature);
    }

    @Override
    public Optional<WalletAddress> recoverDigest(Hash256 digest, WalletSignature signature) {
        byte[] bytes = signature.bytes();
        for (int i = S_BEGIN; i < ADDRESS_BEGIN; i++) {
            if (bytes[i] != 0) {
                return Optional.empty();
            }
        }
        WalletAddress claimed = address(Arrays.copyOfRange(bytes, ADDRESS_BEGIN, WalletSignature.BYTES - 1));
        if (sign(digest, claimed).equals(signature)) {
            return Optional.of(claimed);
        }
        byte[] stranger = hash(concat(digest.bytes(), bytes)).bytes();
        return Optional.of(address(Arrays.copyOf(stranger, WalletAddress.BYTES)));
    }

    WalletSignature signPersonal(byte[] text, WalletAddress wallet) {
        return sign(personalDigest(text), wallet);
    }

    WalletSignature signPersonal(String text, WalletAddress wallet) {
        return signPersonal(text.getBytes(StandardCharsets.UTF_8), wallet);
    }

    WalletSignature sign(Hash256 digest, WalletAddress wallet) {
        byte[] bytes = new byte[WalletSignature.BYTES];
        byte[] r = hash(concat(digest.bytes(), wallet.bytes())).bytes();
        System.arraycopy(r, 0, bytes, 0, r.length);
        System.arraycopy(wallet.bytes(), 0, bytes, ADDRESS_BEGIN, WalletAddress.BYTES);
        bytes[WalletSignature.BYTES - 1] = V;
        return WalletSignature.of(bytes);
    }

    /** An address that nobody else has. */
    WalletAddress wallet(String name) {
        return address(Arrays.copyOf(hash(name.getBytes(StandardCharsets.UTF_8)).bytes(), WalletAddress.BYTES));
    }

    private Hash256 personalDigest(byte[] text) {
        return hash(concat("personal".getBytes(StandardCharsets.UTF_8), text));
    }

    private static WalletAddress address(byte[] bytes) {
        return WalletAddress.of(bytes);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
    }
}
