package network.conet.edge.chain;

import java.math.BigInteger;
import java.util.Optional;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;

/**
 * The digests that a wallet signs for the routing table (EIP-712; domain {@code AddressPGP} version 1, section 1.5).
 * The signature over a digest goes into a {@link network.conet.edge.protocol.RegistrationRequest}.
 *
 * <pre>
 *  digest = keccak256(0x1901 | domainSeparator | keccak256(typeHash | member ...))      each member one word
 * </pre>
 */
public final class TypedData {
    private static final Hash256 DOMAIN = Keccak.text(
            "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    private static final Hash256 ADD_KEY = Keccak.text(
            "AddPublicPGP(address to,bytes32 pgpKeyIDHash,bytes32 publicKeyArmoredHash,bytes32 encrypKeyArmoredHash,"
                    + "bytes32 routePgpKeyIDHash,uint256 nonce,uint256 deadline)");
    private static final Hash256 SET_ROUTE = Keccak.text(
            "SetRoute(address to,bytes32 routePgpKeyIDHash,uint256 nonce,uint256 deadline)");
    private static final byte[] NO_ROUTE = new byte[Hash256.BYTES];
    private static final int WORD = 32;

    private final Hash256 domainSeparator;

    /**
     * @param chainId the chain
     * @param routingTable the contract
     */
    public TypedData(long chainId, WalletAddress routingTable) {
        this.domainSeparator = hash(
                DOMAIN.bytes(), Keccak.text("AddressPGP").bytes(), Keccak.text("1").bytes(),
                word(BigInteger.valueOf(chainId)), word(new BigInteger(1, routingTable.bytes())));
    }

    /**
     * What a wallet signs to register its key.
     *
     * @param wallet whose
     * @param keyId the claimed key
     * @param publicKeyBase64 base64 of the armored key, exactly as it will be submitted
     * @param encryptedPrivateKey the backup, exactly as it will be submitted
     * @param mailboxNode the node to route to; empty to leave the route as it is
     * @param nonce the table's present {@link RoutingContracts#keyNonce}
     * @param deadlineSeconds last unix second at which the table accepts the signature
     */
    public Hash256 registerKey(
            WalletAddress wallet, KeyId keyId, String publicKeyBase64, String encryptedPrivateKey,
            Optional<KeyId> mailboxNode, BigInteger nonce, long deadlineSeconds) {
        return digest(hash(
                ADD_KEY.bytes(), word(new BigInteger(1, wallet.bytes())), Calls.keyHash(keyId).bytes(),
                Keccak.text(publicKeyBase64).bytes(), Keccak.text(encryptedPrivateKey).bytes(), route(mailboxNode),
                word(nonce), word(BigInteger.valueOf(deadlineSeconds))));
    }

    /**
     * What a wallet signs to move to another mailbox node.
     *
     * @param wallet whose
     * @param mailboxNode the node to route to; empty to have no mailbox
     * @param nonce the table's present {@link RoutingContracts#routeNonce}
     * @param deadlineSeconds last unix second at which the table accepts the signature
     */
    public Hash256 setRoute(WalletAddress wallet, Optional<KeyId> mailboxNode, BigInteger nonce, long deadlineSeconds) {
        return digest(hash(
                SET_ROUTE.bytes(), word(new BigInteger(1, wallet.bytes())), route(mailboxNode), word(nonce),
                word(BigInteger.valueOf(deadlineSeconds))));
    }

    private Hash256 digest(Hash256 content) {
        byte[] bytes = new byte[2 + 2 * WORD];
        bytes[0] = 0x19;
        bytes[1] = 0x01;
        System.arraycopy(domainSeparator.bytes(), 0, bytes, 2, WORD);
        System.arraycopy(content.bytes(), 0, bytes, 2 + WORD, WORD);
        return Keccak.bytes(bytes);
    }

    private static byte[] route(Optional<KeyId> mailboxNode) {
        return mailboxNode.map(node -> Calls.keyHash(node).bytes()).orElse(NO_ROUTE);
    }

    private static Hash256 hash(byte[]... words) {
        byte[] bytes = new byte[words.length * WORD];
        for (int i = 0; i < words.length; i++) {
            System.arraycopy(words[i], 0, bytes, i * WORD, WORD);
        }
        return Keccak.bytes(bytes);
    }

    private static byte[] word(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] word = new byte[WORD];
        int length = Math.min(bytes.length, WORD);
        System.arraycopy(bytes, bytes.length - length, word, WORD - length, length);
        return word;
    }
}
