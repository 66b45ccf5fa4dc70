package network.conet.edge.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.KeyProof;
import network.conet.edge.protocol.RegistrationRequest;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import org.junit.jupiter.api.Test;
import org.web3j.abi.datatypes.Utf8String;
import org.web3j.abi.datatypes.generated.Uint256;

final class RoutingContractsTest {
    private static final KeyId NODE = new KeyId(0x0123456789ABCDEFL);
    private static final KeyId USER_KEY = KeyId.parse("B3F7E3EFF3B1C5ED").orElseThrow();
    private static final WalletAddress USER = ScriptedChain.wallet(7);

    private final ScriptedChain chain = new ScriptedChain();
    private final RoutingContracts contracts =
            new RoutingContracts(chain, ScriptedChain.REGISTRY, ScriptedChain.TABLE);

    static JsonValue vectors() throws IOException, JsonException {
        try (InputStream in = RoutingContractsTest.class.getResourceAsStream("/selectors.json")) {
            return JsonValue.parse(in.readAllBytes());
        }
    }

    @Test
    void selectorsAreThoseOfTheExistingContracts() throws Exception {
        JsonValue selectors = vectors().member("selectors").orElseThrow();
        Map<String, String> table = Map.of(
                Calls.SEARCH_KEY, "searchKey(address)",
                Calls.ROUTE_OF_KEY, "getRouteKeyIDByUserPgpKeyID(string)",
                Calls.WALLET_OF_KEY, "getUserByPgpKeyID(string)",
                Calls.NODE_WALLET_OF_HASH, "nodeKeyHash2Wallet(bytes32)",
                Calls.PGP_NONCES, "pgpNonces(address)",
                Calls.ROUTER_NONCES, "routerNonces(address)",
                Calls.SET_ROUTE_BY_SIG, "setRouteBySig(address,string,uint256,bytes)");
        table.forEach((selector, signature) -> {
            assertEquals("0x" + selector,
                    selectors.member("AddressPGP").orElseThrow().string(signature).orElseThrow());
            assertEquals(selector, Calls.selector(signature));
        });
        assertEquals("0x" + Calls.GET_ALL_NODES, selectors.member("Guardian").orElseThrow()
                .string("getAllNodes(uint256,uint256)").orElseThrow());
        assertEquals("0x" + Calls.CURRENT_INFO, selectors.member("EpochInfo").orElseThrow()
                .string("currentInfo()").orElseThrow());
        assertEquals(Calls.REGISTRY_NONCES, Calls.selector("nonces(address)"));
    }

    /** Selectors as ethers 6.17.0 computes them. */
    @Test
    void selectorsOfOurOwnContractsAreThoseThatEthersComputes() {
        assertEquals("4a0c8512", Calls.REGISTER_KEY_BY_SIG);
        assertEquals("b2c77313", Calls.REGISTER_NODE);
        assertEquals("6cece163", Calls.UPDATE_ENDPOINT);
        assertEquals("d0d3f5ba", Calls.REMOVE_NODE);
    }

    @Test
    void keyHashIsThatOfTheVector() throws Exception {
        assertEquals(vectors().member("nodeKeyHash").orElseThrow().string("keccak256").orElseThrow(),
                Calls.keyHash(USER_KEY).toString());
    }

    /** Call data written by ethers 6.17.0 from the ABI of RoutingTable. */
    @Test
    void registrationIsEncodedAsEthersDoes() throws Exception {
        byte[] body = new byte[KeyProof.SUBKEY_BODY_BYTES];
        Arrays.fill(body, (byte) 0xAB);
        byte[] signature = new byte[WalletSignature.BYTES];
        Arrays.fill(signature, (byte) 0x11);
        signature[64] = 27;
        KeyProof proof = new KeyProof(body, BigInteger.ONE, BigInteger.TWO, BigInteger.valueOf(3),
                BigInteger.valueOf(4));
        RegistrationRequest request = new RegistrationRequest(
                WalletAddress.of(HexFormat.of().parseHex("7e5f4552091a69125d5dfcb7b8c2659029395bdf")),
                Optional.of(new RegistrationRequest.Key(USER_KEY, "cHVi", "c2Vj", proof)), NODE, 1_800_000_000L,
                WalletSignature.of(signature));
        try (InputStream in = getClass().getResourceAsStream("/registerKeyBySig.hex")) {
            assertEquals(new String(in.readAllBytes()).trim(),
                    Quantity.data(RoutingContracts.registration(request)));
        }
    }

    @Test
    void topicsAreThoseOfTheExistingContracts() throws Exception {
        JsonValue topics = vectors().member("topics").orElseThrow();
        Hash256 set = Hash256.parse(topics.string("RouteSet(address,bytes32,string)").orElseThrow()).orElseThrow();
        Hash256 cleared = Hash256.parse(topics.string("RouteCleared(address)").orElseThrow()).orElseThrow();
        Hash256 key = Hash256.parse(topics.string("PGPKeySet(address,string)").orElseThrow()).orElseThrow();
        Hash256 bound = Hash256.parse(topics.string("NodeWalletBound(bytes32,address)").orElseThrow()).orElseThrow();
        Hash256 user = ScriptedChain.topic(USER);
        ChainEvent changed = new ChainEvent.UserChanged(USER, Optional.empty());
        assertEquals(changed, RoutingContracts.event(List.of(set, user, set), new byte[0]));
        assertEquals(changed, RoutingContracts.event(List.of(cleared, user), new byte[0]));
        byte[] text = HexFormat.of().parseHex(ScriptedChain.encode(new Utf8String(USER_KEY.toString())));
        assertEquals(new ChainEvent.UserChanged(USER, Optional.of(USER_KEY)),
                RoutingContracts.event(List.of(key, user), text));
        assertEquals(new ChainEvent.NodesChanged(Optional.empty()),
                RoutingContracts.event(List.of(bound, set, user), new byte[0]));
        Hash256 domain = Hash256.parse(topics.string("EIP712DomainChanged()").orElseThrow()).orElseThrow();
        assertEquals(new ChainEvent.Irrelevant(), RoutingContracts.event(List.of(domain), new byte[0]));
        assertEquals(new ChainEvent.Irrelevant(), RoutingContracts.event(List.of(), new byte[0]));
        assertThrows(IOException.class, () -> RoutingContracts.event(List.of(cleared), new byte[0]));
        assertThrows(IOException.class, () -> RoutingContracts.event(List.of(key, user), new byte[31]));
    }

    @Test
    void readsNodesPageByPage() throws Exception {
        for (int i = 1; i <= 201; i++) {
            chain.addNode(new KeyId(i), ScriptedChain.wallet(i));
        }
        NodeList list = contracts.nodes();
        assertEquals(201, list.nodes().size());
        assertEquals(new KeyId(201), list.nodes().get(200).keyId());
        assertEquals(ScriptedChain.wallet(201), list.nodes().get(200).wallet());
        assertEquals("h201:8080", list.nodes().get(200).endpoint().toString());
        assertEquals(ScriptedChain.ARMOR, list.nodes().get(200).publicKeyArmored());
        assertEquals(1, chain.count("eth_blockNumber"));
    }

    @Test
    void countsNodesThatCannotBeUsed() throws Exception {
        String armor = ScriptedChain.base64(ScriptedChain.ARMOR);
        chain.addNode(new KeyId(1), ScriptedChain.wallet(1));
        chain.nodes.add(new ScriptedChain.Node(armor, "not a key id", "h", "US"));
        chain.nodes.add(new ScriptedChain.Node(armor, new KeyId(2).toString(), "", "US"));
        chain.nodes.add(new ScriptedChain.Node("AAAA", new KeyId(2).toString(), "h", "US"));
        chain.nodes.add(new ScriptedChain.Node(armor, new KeyId(1).toString(), "h", "US"));
        chain.nodes.add(new ScriptedChain.Node(armor, new KeyId(3).toString(), "h", "US"));
        chain.nodes.add(new ScriptedChain.Node(ScriptedChain.ARMOR, " abcdef0123456789 ", "h2", "US"));
        chain.putNodeWallet(" abcdef0123456789 ", ScriptedChain.wallet(9));
        NodeList list = contracts.nodes();
        assertEquals(4, list.malformed());
        assertEquals(1, list.withoutWallet());
        assertEquals(List.of(new KeyId(1), KeyId.parse("ABCDEF0123456789").orElseThrow()),
                list.nodes().stream().map(node -> node.keyId()).toList());
        assertEquals(ScriptedChain.ARMOR, list.nodes().get(1).publicKeyArmored());
    }

    @Test
    void keepsNodesUpToTheBound() throws Exception {
        for (int i = 1; i <= ChainLimits.NODES_MAX; i++) {
            chain.addNode(new KeyId(i), ScriptedChain.wallet(i));
        }
        assertFalse(contracts.nodes().beyondMax());
        chain.addNode(new KeyId(-1), ScriptedChain.wallet(1));
        assertTrue(contracts.nodes().beyondMax());
        assertEquals(ChainLimits.NODES_MAX, contracts.nodes().nodes().size());
    }

    @Test
    void tellsUnknownFromFailed() throws Exception {
        chain.putUser(USER, USER_KEY, NODE.toString());
        assertEquals(Optional.of(NODE), contracts.routeOf(USER_KEY));
        assertEquals(Optional.of(USER), contracts.walletOfKeyId(USER_KEY));
        assertEquals(Optional.empty(), contracts.routeOf(NODE));
        assertEquals(Optional.empty(), contracts.walletOfKeyId(NODE));
        assertEquals(USER_KEY, contracts.userByWallet(USER).orElseThrow().keyId());
        assertEquals(Optional.of(NODE), contracts.userByWallet(USER).orElseThrow().mailboxNode());
        assertEquals(Optional.empty(), contracts.userByWallet(ScriptedChain.wallet(8)));
        assertEquals(3, contracts.keyNonce(USER));
        chain.failures.put(Calls.ROUTE_OF_KEY, new RpcException(-32000, "out of gas", ""));
        assertThrows(RpcException.class, () -> contracts.routeOf(USER_KEY));
        assertEquals(false, contracts.routes(List.of(USER_KEY)).get(0).failure() == null);
    }

    @Test
    void readsTheEpochInfo() throws Exception {
        var epoch = contracts.currentInfo(ScriptedChain.EPOCH_INFO, 1012);
        assertEquals(1012, epoch.number());
        assertEquals(1.5, epoch.rate());
        assertEquals(55, epoch.minersTotal());
        assertEquals(66, epoch.usersTotal());
    }

    @Test
    void revertsAreToldFromOtherErrors() {
        assertTrue(new RpcException(3, "whatever", "0x").isRevert());
        assertTrue(new RpcException(-32000, "execution reverted", "").isRevert());
        assertTrue(new RpcException(-32603, "VM Exception while processing transaction: revert x", "").isRevert());
        assertTrue(new RpcException(-32015, "VM execution error.", "Reverted 0x08c379a0").isRevert());
        assertFalse(new RpcException(-32015, "VM execution error.", "out of gas").isRevert());
        assertFalse(new RpcException(-32000, "header not found", "").isRevert());
        assertFalse(new RpcException(-32005, "limit exceeded", "").isRevert());
        assertEquals("-1 a.b", new RpcException(-1, "a\nb", "").getMessage());
    }

    @Test
    void malformedAnswersAreNotBelieved() throws Exception {
        for (String answer : List.of("00", "20".repeat(32), "ff".repeat(64),
                ScriptedChain.encode(new Uint256(32), new Uint256(BigInteger.ONE.shiftLeft(200))),
                ScriptedChain.encode(new Uint256(32), new Uint256(33)),
                ScriptedChain.encode(new Uint256(64), new Uint256(0)))) {
            AbiReader reader = new AbiReader(HexFormat.of().parseHex(answer));
            assertThrows(IOException.class, () -> reader.text(0), answer);
            assertThrows(IOException.class, () -> reader.count(0), answer);
            assertThrows(IOException.class, () -> reader.struct(0, 1).text(0), answer);
        }
        AbiReader dirty = new AbiReader(HexFormat.of().parseHex("01".repeat(32)));
        assertThrows(IOException.class, () -> dirty.address(0));
    }
}
