package network.conet.edge.chain;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import org.web3j.abi.DefaultFunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.Bool;
import org.web3j.abi.datatypes.DynamicArray;
import org.web3j.abi.datatypes.DynamicStruct;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.Utf8String;
import org.web3j.abi.datatypes.generated.Uint256;

/**
 * A chain in memory with the two contracts of the existing network, answering in real ABI bytes (written by web3j,
 * read by our own reader). Tests change it and make it fail. Safe for use by many threads.
 */
public final class ScriptedChain implements JsonRpc {
    public static final long CHAIN_ID = 224422;
    public static final WalletAddress REGISTRY = wallet(0xA1);
    public static final WalletAddress TABLE = wallet(0xA2);
    public static final WalletAddress EPOCH_INFO = wallet(0xA3);
    public static final String ARMOR =
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n";

    public long chainId = CHAIN_ID;
    public long head = 1000;
    public final Set<WalletAddress> code = new HashSet<>(List.of(REGISTRY, TABLE, EPOCH_INFO));
    public final List<Node> nodes = new ArrayList<>();
    private final Map<Hash256, WalletAddress> nodeWallets = new HashMap<>();
    public final Map<WalletAddress, User> users = new HashMap<>();
    public final Map<String, WalletAddress> walletOfKey = new HashMap<>();
    public final List<JsonValue> logs = new ArrayList<>();
    public final List<String> asked = new ArrayList<>();
    /** Thrown at every request while it is there. */
    public IOException outage;
    /** Thrown by single methods, or by {@code eth_call} with a selector. */
    public final Map<String, IOException> failures = new HashMap<>();
    /** Answers to methods that this chain does not know. */
    public final Map<String, JsonValue> answers = new HashMap<>();
    /** Raw transactions that were sent. */
    public final List<String> sent = new ArrayList<>();
    public final Map<String, Boolean> mined = new LinkedHashMap<>();

    /** An entry of the registry, as text. */
    public record Node(String publicKey, String keyId, String endpoint, String region) {}

    /** An entry of the table, as text. */
    public record User(String keyId, String publicKey, String route) {}

    public static WalletAddress wallet(int last) {
        byte[] bytes = new byte[WalletAddress.BYTES];
        bytes[0] = 1;
        bytes[18] = (byte) (last >> 8);
        bytes[19] = (byte) last;
        return WalletAddress.of(bytes);
    }

    public static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Lists a node with a wallet. */
    public synchronized void addNode(KeyId keyId, WalletAddress wallet) {
        nodes.add(new Node(base64(ARMOR), keyId.toString(), "h" + keyId.value() + ":8080", "US.x"));
        putNodeWallet(keyId.toString(), wallet);
    }

    /** Says whose the node with this text as key id is. */
    public synchronized void putNodeWallet(String keyId, WalletAddress wallet) {
        nodeWallets.put(Keccak.text(keyId), wallet);
    }

    /** Enters or changes a user, without an event. */
    public synchronized void putUser(WalletAddress wallet, KeyId keyId, String route) {
        users.put(wallet, new User(keyId.toString(), base64(ARMOR), route));
        walletOfKey.put(keyId.toString(), wallet);
    }

    public synchronized long count(String method) {
        return asked.stream().filter(method::equals).count();
    }

    @Override
    public synchronized JsonValue call(String method, JsonValue params) throws IOException {
        asked.add(method);
        if (outage != null) {
            throw outage;
        }
        if (failures.containsKey(method)) {
            throw failures.get(method);
        }
        return switch (method) {
            case "eth_chainId" -> Quantity.of(chainId);
            case "eth_blockNumber" -> Quantity.of(head);
            case "eth_getCode" -> JsonValue.of(
                    code.contains(address(params.elements().get(0).asString().orElseThrow())) ? "0x6001" : "0x");
            case "eth_getLogs" -> logs(params.elements().get(0));
            case "eth_call" -> JsonValue.of("0x" + contract(params.elements().get(0)));
            case "eth_sendRawTransaction" -> {
                sent.add(params.elements().get(0).asString().orElseThrow());
                yield JsonValue.of("0x00");
            }
            case "eth_getTransactionReceipt" -> receipt(params.elements().get(0).asString().orElseThrow());
            default -> answers.get(method);
        };
    }

    private JsonValue receipt(String hash) {
        if (!mined.containsKey(hash)) {
            return JsonValue.Literal.NULL;
        }
        return JsonValue.object().put("blockNumber", Quantity.of(head))
                .put("status", mined.get(hash) ? "0x1" : "0x0").build();
    }

    private JsonValue logs(JsonValue filter) throws IOException {
        long from = Quantity.readLong(filter.member("fromBlock").orElseThrow());
        long to = Quantity.readLong(filter.member("toBlock").orElseThrow());
        List<JsonValue> found = new ArrayList<>();
        for (JsonValue log : logs) {
            long block = Quantity.readLong(log.member("blockNumber").orElseThrow());
            if (block >= from && block <= to) {
                found.add(log);
            }
        }
        return JsonValue.array(found);
    }

    private String contract(JsonValue transaction) throws IOException {
        String data = transaction.string("data").orElseThrow();
        String selector = data.substring(2, 10);
        if (failures.containsKey(selector)) {
            throw failures.get(selector);
        }
        AbiReader arguments = new AbiReader(HexFormat.of().parseHex(data, 10, data.length()));
        return switch (selector) {
            case Calls.GET_ALL_NODES -> page(arguments.number(0).intValue(), arguments.number(1).intValue());
            case Calls.NODE_WALLET_OF_HASH -> nodeWallet(HexFormat.of().parseHex(data, 10, 74));
            case Calls.ROUTE_OF_KEY -> route(arguments.text(0));
            case Calls.WALLET_OF_KEY -> encode(address(
                    walletOfKey.getOrDefault(arguments.text(0), WalletAddress.zero())));
            case Calls.SEARCH_KEY -> searchKey(arguments.address(0));
            case Calls.CURRENT_INFO -> encode(new Uint256(7), new Uint256(55),
                    new Uint256(new BigInteger("1500000000000000000")), new Uint256(66));
            case Calls.PGP_NONCES, Calls.ROUTER_NONCES -> encode(new Uint256(3));
            default -> "";
        };
    }

    private String page(int start, int length) {
        List<DynamicStruct> rows = new ArrayList<>();
        for (int i = start; i < Math.min(nodes.size(), start + length); i++) {
            Node node = nodes.get(i);
            rows.add(new DynamicStruct(new Uint256(100 + i), new Utf8String(node.publicKey()),
                    new Utf8String(node.keyId()), new Utf8String(node.endpoint()), new Utf8String(node.region())));
        }
        return encode(new DynamicArray<>(DynamicStruct.class, rows));
    }

    private String nodeWallet(byte[] hash) {
        return encode(address(nodeWallets.getOrDefault(Hash256.of(hash), WalletAddress.zero())));
    }

    private String route(String keyId) throws RpcException {
        WalletAddress wallet = walletOfKey.get(keyId);
        if (wallet == null) {
            throw new RpcException(3, "execution reverted: user not found", "0x08c379a0");
        }
        return encode(new Utf8String(users.get(wallet).route()));
    }

    private String searchKey(WalletAddress wallet) {
        User user = users.getOrDefault(wallet, new User("", "", ""));
        return encode(new Utf8String(user.keyId()), new Utf8String(user.publicKey()), new Utf8String(user.route()),
                new Utf8String(""), new Bool(false));
    }

    /** Adds a log in a block; another {@code fork} is another version of that block. */
    public synchronized JsonValue addLog(long block, int fork, String data, Hash256... topics) {
        JsonValue log = JsonValue.object()
                .put("blockNumber", Quantity.of(block))
                .put("blockHash", Keccak.text("block " + block + " " + fork).toString())
                .put("logIndex", Quantity.of(logs.size()))
                .put("topics", JsonValue.array(List.of(topics).stream()
                        .map(topic -> JsonValue.of(topic.toString())).collect(Collectors.toList())))
                .put("data", "0x" + data)
                .build();
        logs.add(log);
        return log;
    }

    /** The log of a user's new route. */
    public JsonValue addRouteSet(long block, int fork, WalletAddress user) {
        return addLog(block, fork, encode(new Utf8String("x")),
                Keccak.text("RouteSet(address,bytes32,string)"), topic(user), Keccak.text("x"));
    }

    /** The log of a user's new key. */
    public JsonValue addKeySet(long block, WalletAddress user, KeyId keyId) {
        return addLog(block, 0, encode(new Utf8String(keyId.toString())),
                Keccak.text("PGPKeySet(address,string)"), topic(user));
    }

    public JsonValue addNodeRegistered(long block, WalletAddress wallet, KeyId keyId) {
        return addLog(block, 0, encode(new Utf8String(keyId.toString()), new Utf8String("h")),
                Keccak.text("NodeRegistered(bytes32,address,string,string)"), Calls.keyHash(keyId), topic(wallet));
    }

    public JsonValue addNodeRemoved(long block, WalletAddress wallet, KeyId keyId) {
        return addLog(block, 0, encode(new Utf8String(keyId.toString())),
                Keccak.text("NodeRemoved(bytes32,address,string)"), Calls.keyHash(keyId), topic(wallet));
    }

    static Hash256 topic(WalletAddress wallet) {
        byte[] bytes = new byte[Hash256.BYTES];
        System.arraycopy(wallet.bytes(), 0, bytes, 12, WalletAddress.BYTES);
        return Hash256.of(bytes);
    }

    static Address address(WalletAddress wallet) {
        return new Address(new BigInteger(1, wallet.bytes()));
    }

    private static WalletAddress address(String text) {
        return WalletAddress.of(HexFormat.of().parseHex(text, 2, text.length()));
    }

    @SuppressWarnings("rawtypes") // web3j's own signatures are raw
    static String encode(Type... values) {
        List<Type> list = List.of(values);
        return new DefaultFunctionEncoder().encodeParameters(list);
    }
}
