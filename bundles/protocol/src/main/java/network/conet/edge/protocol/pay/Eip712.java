package network.conet.edge.protocol.pay;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.Keccak256;
import network.conet.edge.protocol.WalletAddress;

/** The words that EIP-712 digests are made of. */
final class Eip712 {
    private static final String DOMAIN_TYPE =
            "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";

    private final Keccak256 keccak;
    private final ByteArrayOutputStream words = new ByteArrayOutputStream(8 * Hash256.BYTES);

    private Eip712(Keccak256 keccak) {
        this.keccak = keccak;
    }

    /** Begins a structure of a type. */
    static Eip712 of(String type, Keccak256 keccak) {
        return new Eip712(keccak).text(type);
    }

    /** A string, as its hash. */
    Eip712 text(String text) {
        return hash(keccak.hash(text.getBytes(StandardCharsets.UTF_8)));
    }

    Eip712 hash(Hash256 word) {
        words.writeBytes(word.bytes());
        return this;
    }

    Eip712 address(WalletAddress address) {
        words.writeBytes(new byte[Hash256.BYTES - WalletAddress.BYTES]);
        words.writeBytes(address.bytes());
        return this;
    }

    /** An unsigned number of any width. */
    Eip712 number(long number) {
        byte[] bytes = BigInteger.valueOf(number).toByteArray();
        words.writeBytes(new byte[Hash256.BYTES - bytes.length]);
        words.writeBytes(bytes);
        return this;
    }

    /** What is signed: the structure within the domain of a contract (EIP-712). */
    Hash256 digest(String domainName, long chainId, WalletAddress contract) {
        Hash256 separator = keccak.hash(of(DOMAIN_TYPE, keccak).text(domainName).text("1").number(chainId)
                .address(contract).words.toByteArray());
        ByteArrayOutputStream signed = new ByteArrayOutputStream(2 + 2 * Hash256.BYTES);
        signed.write(0x19);
        signed.write(0x01);
        signed.writeBytes(separator.bytes());
        signed.writeBytes(keccak.hash(words.toByteArray()).bytes());
        return keccak.hash(signed.toByteArray());
    }
}
