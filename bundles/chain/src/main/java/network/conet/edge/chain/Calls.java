package network.conet.edge.chain;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.KeyProof;
import network.conet.edge.protocol.RegistrationRequest;
import network.conet.edge.protocol.WalletAddress;
import org.web3j.abi.DefaultFunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.DynamicStruct;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.Utf8String;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;

/** Call data of the contracts: the selector (sections 1.4 and 1.5) and the ABI-encoded arguments. */
final class Calls {
    static final String GET_ALL_NODES = "4272c81e";
    static final String SEARCH_KEY = "052f2778";
    static final String ROUTE_OF_KEY = "cccad292";
    static final String WALLET_OF_KEY = "06f2e886";
    static final String NODE_WALLET_OF_HASH = "9acc1d8f";
    static final String PGP_NONCES = "064c92df";
    static final String ROUTER_NONCES = "d41da02c";
    static final String REGISTRY_NONCES = "7ecebe00";
    static final String CURRENT_INFO = "c4fc78c3";
    static final String SET_ROUTE_BY_SIG = "ba69b649";
    static final String REGISTER_KEY_BY_SIG =
            selector("registerKeyBySig(address,string,string,string,string,"
                    + "(bytes,uint256,uint256,uint256,uint256),uint256,bytes)");
    static final String REGISTER_NODE =
            selector("registerNode(string,string,string,(bytes,uint256,uint256,uint256,uint256))");
    static final String UPDATE_ENDPOINT = selector("updateEndpoint(string,string)");
    static final String REMOVE_NODE = selector("removeNode()");

    private static final int SELECTOR_DIGITS = 8;

    private Calls() {}

    static String selector(String signature) {
        return HexFormat.of().formatHex(Keccak.text(signature).bytes()).substring(0, SELECTOR_DIGITS);
    }

    @SuppressWarnings("rawtypes") // web3j's own signatures are raw
    private static byte[] encode(String selector, Type... arguments) {
        List<Type> list = List.of(arguments);
        return HexFormat.of().parseHex(selector + new DefaultFunctionEncoder().encodeParameters(list));
    }

    static byte[] noArguments(String selector) {
        return HexFormat.of().parseHex(selector);
    }

    static byte[] ofNumbers(String selector, long first, long second) {
        return encode(selector, new Uint256(first), new Uint256(second));
    }

    static byte[] ofAddress(String selector, WalletAddress address) {
        return encode(selector, address(address));
    }

    static byte[] ofText(String selector, String text) {
        return encode(selector, new Utf8String(text));
    }

    static byte[] ofTexts(String selector, String first, String second) {
        return encode(selector, new Utf8String(first), new Utf8String(second));
    }

    static byte[] ofHash(String selector, Hash256 hash) {
        return encode(selector, new Bytes32(hash.bytes()));
    }

    static byte[] registerKeyBySig(RegistrationRequest request, RegistrationRequest.Key key) {
        return encode(REGISTER_KEY_BY_SIG,
                address(request.wallet()),
                new Utf8String(key.keyId().toString()),
                new Utf8String(key.publicKeyBase64()),
                new Utf8String(key.encryptedPrivateKey()),
                new Utf8String(request.mailboxNode().toString()),
                proof(key.proof()),
                new Uint256(request.deadlineSeconds()),
                new DynamicBytes(request.signature().bytes()));
    }

    static byte[] setRouteBySig(RegistrationRequest request) {
        return encode(SET_ROUTE_BY_SIG,
                address(request.wallet()),
                new Utf8String(request.mailboxNode().toString()),
                new Uint256(request.deadlineSeconds()),
                new DynamicBytes(request.signature().bytes()));
    }

    static byte[] registerNode(String publicKeyBase64, String endpoint, String region, KeyProof proof) {
        return encode(REGISTER_NODE,
                new Utf8String(publicKeyBase64), new Utf8String(endpoint), new Utf8String(region), proof(proof));
    }

    /** keccak256 of the key id's text, by which contracts know nodes. */
    static Hash256 keyHash(KeyId keyId) {
        return Keccak.text(keyId.toString());
    }

    private static Address address(WalletAddress address) {
        return new Address(new BigInteger(1, address.bytes()));
    }

    private static DynamicStruct proof(KeyProof proof) {
        return new DynamicStruct(
                new DynamicBytes(proof.subkeyBody()), new Uint256(proof.keyX()), new Uint256(proof.nonceX()),
                new Uint256(proof.nonceY()), new Uint256(proof.s()));
    }
}
