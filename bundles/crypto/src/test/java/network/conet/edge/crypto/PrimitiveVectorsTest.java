package network.conet.edge.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Optional;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors that the reference's own libraries made: ethers 6 and openpgp.js 6. */
class PrimitiveVectorsTest {
    private static final JsonValue VECTORS = Vectors.json("primitives.json");
    private static final WalletSignatures SIGNATURES = new WalletSignatures();
    private static final Wallet WALLET = Wallet.of(HexFormat.of().parseHex(at("wallet", "privateKey").substring(2)));

    private static String at(String... path) {
        return Vectors.text(VECTORS, path);
    }

    private static WalletSignature signature(String... path) {
        return WalletSignature.parse(at(path)).orElseThrow();
    }

    @Test
    void derivesAddressWithChecksum() {
        assertEquals(at("wallet", "address"), WALLET.address().toChecksumString(SIGNATURES));
        assertEquals(Optional.of(WALLET.address()), WalletAddress.parse(at("wallet", "address"), SIGNATURES));
        String wrongCase = at("wallet", "address").replace("7E5F", "7e5F");
        assertEquals(Optional.empty(), WalletAddress.parse(wrongCase, SIGNATURES));
    }

    @Test
    void hashesArmor() {
        String armor = at("armorHash", "armor");
        assertEquals(at("armorHash", "keccak256"), SIGNATURES.hash(armor.getBytes(UTF_8)).toString());
        assertEquals(at("armorHash", "keccak256_trimmedNoNewline"),
                SIGNATURES.hash(armor.stripTrailing().getBytes(UTF_8)).toString());
        assertEquals(at("nodeKeyHash", "keccak256"),
                SIGNATURES.hash(at("nodeKeyHash", "keyId").getBytes(UTF_8)).toString());
    }

    @ParameterizedTest
    @CsvSource({"hop,payload,signature", "epoch,message,hash", "epoch,message,minerResponseHash_signOverHexString",
        "command,message,eip191", "notify,message,signature"})
    void signsAndRecoversPersonalText(String group, String text, String signature) {
        byte[] signed = (signature.startsWith("miner") ? at("epoch", "hash") : at(group, text)).getBytes(UTF_8);
        assertEquals(Optional.of(WALLET.address()),
                SIGNATURES.recoverPersonal(signed, signature(group, signature)));
        assertEquals(signature(group, signature), WALLET.signPersonal(signed));
    }

    @Test
    void signsEpochNumberAsDecimalText() {
        assertEquals(signature("epoch", "handshakeHash_signOverDecimalString_1012"),
                WALLET.signPersonal("1012".getBytes(UTF_8)));
    }

    @Test
    void signsAndRecoversBareDigest() {
        Hash256 digest = SIGNATURES.hash(at("command", "message").getBytes(UTF_8));
        assertEquals(at("command", "rawKeccakDigest"), digest.toString());
        assertEquals(signature("command", "rawKeccak"), WALLET.signDigest(digest));
        assertEquals(Optional.of(WALLET.address()),
                SIGNATURES.recoverDigest(digest, signature("command", "rawKeccak")));
    }

    @Test
    void digestsHopAsPersonalText() {
        assertEquals(at("hop", "eip191Hash"), "0x" + HexFormat.of().formatHex(
                WalletSignatures.personalDigest(at("hop", "payload").getBytes(UTF_8))));
    }

    @Test
    void digestsAndSignsSetRoute() {
        WalletAddress contract = WalletAddress.parse(
                at("eip712SetRoute", "domain", "verifyingContract"), SIGNATURES).orElseThrow();
        TypedData.Domain domain = TypedData.Domain.addressPgp(224422, contract);
        assertEquals(at("eip712SetRoute", "domainSeparator"),
                "0x" + HexFormat.of().formatHex(TypedData.separator(domain)));
        TypedData.SetRoute wish = new TypedData.SetRoute(
                WALLET.address(), KeyId.parse(at("nodeKeyHash", "keyId")), 0, 1_800_000_000);
        Hash256 digest = TypedData.digest(domain, wish);
        assertEquals(at("eip712SetRoute", "digest"), digest.toString());
        assertEquals(signature("eip712SetRoute", "signature"), WALLET.signDigest(digest));
    }

    @ParameterizedTest
    @ValueSource(strings = {"msgZlib", "msgUncompressed", "msgSEIPDv2_PKESKv6"})
    void opensMessagesOfOpenpgpJs(String message) throws Exception {
        PgpPrivateKey key = PgpPrivateKey.load(at("pgp", "privateKeyArmored"), null);
        assertArrayEquals(at("pgp", "plaintext").getBytes(UTF_8), key.decrypt(at("pgp", message).getBytes(UTF_8)));
    }

    @Test
    void readsIdsOfOpenpgpJsKey() throws Exception {
        PgpPrivateKey key = PgpPrivateKey.load(at("pgp", "privateKeyArmored"), null);
        PgpPublicKey publicKey = PgpPublicKey.parse(at("pgp", "publicKeyArmored"));
        assertEquals(at("pgp", "theKeyId"), key.keyId().toString());
        assertEquals(at("pgp", "theKeyId"), publicKey.keyId().toString());
        assertEquals(at("pgp", "fingerprint"), publicKey.fingerprint());
        assertEquals(at("pgp", "fingerprint"), key.publicKey().fingerprint());
        assertEquals(at("pgp", "subkeyFingerprint"),
                HexFormat.of().formatHex(KeyPackets.fingerprint(publicKey.subkeyBody())));
        assertArrayEquals(publicKey.subkeyBody(), key.publicKey().subkeyBody());
    }

    @Test
    void loadsProtectedKeysOfNodes() throws Exception {
        int count = 0;
        for (JsonValue node : Vectors.json("node-keys.json").member("nodes").orElseThrow().elements()) {
            PgpPrivateKey key = PgpPrivateKey.load(
                    Vectors.text(node, "pgpPrivate"), Vectors.text(node, "passphrase").toCharArray());
            assertEquals(Vectors.text(node, "keyID"), key.keyId().toString());
            assertEquals(Vectors.text(node, "keyID"),
                    PgpPublicKey.parse(Vectors.text(node, "pgpPublic")).keyId().toString());
            Wallet wallet = Wallet.of(HexFormat.of().parseHex(Vectors.text(node, "walletKey").substring(2)));
            assertEquals(Vectors.text(node, "address"), wallet.address().toChecksumString(SIGNATURES));
            byte[] sealed = key.publicKey().encrypt(BigInteger.TEN.toByteArray(), Vectors.seeded(1));
            assertArrayEquals(BigInteger.TEN.toByteArray(), key.decrypt(sealed));
            count++;
        }
        assertTrue(count > 0);
    }
}
