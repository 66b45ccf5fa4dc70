package network.conet.edge.crypto;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import org.bouncycastle.util.BigIntegers;

/**
 * EIP-712 digests of the two structures that the routing table lets a wallet sign (section 1.5):
 *
 * <pre>
 *  AddPublicPGP(address to,bytes32 pgpKeyIDHash,bytes32 publicKeyArmoredHash,bytes32 encrypKeyArmoredHash,
 *               bytes32 routePgpKeyIDHash,uint256 nonce,uint256 deadline)
 *  SetRoute(address to,bytes32 routePgpKeyIDHash,uint256 nonce,uint256 deadline)
 * </pre>
 *
 * Hashes are Keccak-256 of the UTF-8 texts; a key id's text is its 16 upper-case digits; no route is 32 zero bytes.
 * The digest goes to {@link Wallet#signDigest}. Stateless.
 */
public final class TypedData {
    private static final byte[] DOMAIN_TYPE = hash(
            "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    private static final byte[] ADD_PUBLIC_PGP_TYPE = hash("AddPublicPGP(address to,bytes32 pgpKeyIDHash,"
            + "bytes32 publicKeyArmoredHash,bytes32 encrypKeyArmoredHash,bytes32 routePgpKeyIDHash,"
            + "uint256 nonce,uint256 deadline)");
    private static final byte[] SET_ROUTE_TYPE = hash(
            "SetRoute(address to,bytes32 routePgpKeyIDHash,uint256 nonce,uint256 deadline)");
    private static final byte[] SIGNED_DATA = {0x19, 0x01};

    private TypedData() {}

    /**
     * What a signature is bound to.
     *
     * @param name of the contract's domain
     * @param version of the contract's domain
     * @param chainId of the chain; not negative
     * @param contract that checks the signature
     */
    public record Domain(String name, String version, long chainId, WalletAddress contract) {
        /** Refuses missing parts and a negative chain id. */
        public Domain {
            Objects.requireNonNull(name);
            Objects.requireNonNull(version);
            Objects.requireNonNull(contract);
            requireNatural(chainId);
        }

        /** The domain of the routing table: name {@code AddressPGP}, version {@code 1}. */
        public static Domain addressPgp(long chainId, WalletAddress contract) {
            return new Domain("AddressPGP", "1", chainId, contract);
        }
    }

    /**
     * The wish to be found under a key and at a mailbox node.
     *
     * @param to the wallet, who also signs
     * @param keyId the key's id
     * @param publicKeyText the text that is stored as public key, exactly (by custom base64 of the armor)
     * @param encryptedPrivateKeyText the text that is stored as private key backup, exactly; may be empty
     * @param route the mailbox node's id, if any
     * @param nonce the table's present counter for this wallet and structure; not negative
     * @param deadlineSeconds last unix second at which the table accepts it; not negative
     */
    public record AddPublicPgp(WalletAddress to, KeyId keyId, String publicKeyText, String encryptedPrivateKeyText,
            Optional<KeyId> route, long nonce, long deadlineSeconds) {
        /** Refuses missing parts and negative numbers. */
        public AddPublicPgp {
            Objects.requireNonNull(to);
            Objects.requireNonNull(keyId);
            Objects.requireNonNull(publicKeyText);
            Objects.requireNonNull(encryptedPrivateKeyText);
            Objects.requireNonNull(route);
            requireNatural(nonce);
            requireNatural(deadlineSeconds);
        }
    }

    /**
     * The wish to move to another mailbox node, or to none.
     *
     * @param to the wallet, who also signs
     * @param route the mailbox node's id, if any
     * @param nonce the table's present counter for this wallet and structure; not negative
     * @param deadlineSeconds last unix second at which the table accepts it; not negative
     */
    public record SetRoute(WalletAddress to, Optional<KeyId> route, long nonce, long deadlineSeconds) {
        /** Refuses missing parts and negative numbers. */
        public SetRoute {
            Objects.requireNonNull(to);
            Objects.requireNonNull(route);
            requireNatural(nonce);
            requireNatural(deadlineSeconds);
        }
    }

    /** The digest that the wallet signs. */
    public static Hash256 digest(Domain domain, AddPublicPgp wish) {
        return digest(domain, Secp256k1.keccak(ADD_PUBLIC_PGP_TYPE, word(wish.to), hash(wish.keyId.toString()),
                hash(wish.publicKeyText), hash(wish.encryptedPrivateKeyText), routeHash(wish.route),
                word(wish.nonce), word(wish.deadlineSeconds)));
    }

    /** The digest that the wallet signs. */
    public static Hash256 digest(Domain domain, SetRoute wish) {
        return digest(domain, Secp256k1.keccak(SET_ROUTE_TYPE, word(wish.to), routeHash(wish.route),
                word(wish.nonce), word(wish.deadlineSeconds)));
    }

    private static Hash256 digest(Domain domain, byte[] structHash) {
        return Hash256.of(Secp256k1.keccak(SIGNED_DATA, separator(domain), structHash));
    }

    static byte[] separator(Domain domain) {
        return Secp256k1.keccak(DOMAIN_TYPE, hash(domain.name), hash(domain.version), word(domain.chainId),
                word(domain.contract));
    }

    private static byte[] routeHash(Optional<KeyId> route) {
        return route.map(id -> hash(id.toString())).orElseGet(() -> new byte[Hash256.BYTES]);
    }

    private static byte[] hash(String text) {
        return Secp256k1.keccak(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] word(WalletAddress address) {
        return BigIntegers.asUnsignedByteArray(Hash256.BYTES, new BigInteger(1, address.bytes()));
    }

    static byte[] word(long number) {
        return BigIntegers.asUnsignedByteArray(Hash256.BYTES, BigInteger.valueOf(number));
    }

    private static void requireNatural(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("negative: " + number);
        }
    }
}
