package network.conet.edge.chain;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.UserEntry;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.KeyProof;
import network.conet.edge.protocol.RegistrationRequest;
import network.conet.edge.protocol.WalletAddress;

/**
 * The node registry and the routing table, typed (sections 1.4 and 1.5). Reads work on the contracts of the existing
 * network as well as on those in {@code provisioning/contracts}; the selectors are the same. Nothing is remembered.
 * Waits on the caller's thread; safe for use by many.
 */
public final class RoutingContracts {
    private static final JsonValue LATEST = JsonValue.of("latest");
    private static final int RATE_DECIMALS = 18;

    /** What each log of the two contracts means; keccak256 of its signature is its first topic. */
    private static final Map<Hash256, Kind> KINDS = Map.ofEntries(
            kind("PGPKeySet(address,string)", Kind.USER_KEY),
            kind("RouteSet(address,bytes32,string)", Kind.USER),
            kind("RouteCleared(address)", Kind.USER),
            kind("NodePublicKeyRecorded(bytes32,string)", Kind.NODES),
            kind("NodeWalletBound(bytes32,address)", Kind.NODES),
            kind("NodePublicKeyRemoved(bytes32,string)", Kind.NODE_REMOVED),
            kind("NodeRegistered(bytes32,address,string,string)", Kind.NODES),
            kind("NodeUpdated(bytes32,address,string,string)", Kind.NODES),
            kind("NodeRemoved(bytes32,address,string)", Kind.NODE_REMOVED),
            kind("deleteIPAddr(bytes32,bytes32)", Kind.NODES));

    private enum Kind {
        USER,
        USER_KEY,
        NODES,
        NODE_REMOVED
    }

    private final JsonRpc rpc;
    private final WalletAddress nodeRegistry;
    private final WalletAddress routingTable;

    /**
     * @param rpc the chain
     * @param nodeRegistry the contract that lists nodes (GuardianNodesInfoV6 or NodeRegistry)
     * @param routingTable the contract that knows users (AddressPGP or RoutingTable)
     */
    public RoutingContracts(JsonRpc rpc, WalletAddress nodeRegistry, WalletAddress routingTable) {
        this.rpc = rpc;
        this.nodeRegistry = nodeRegistry;
        this.routingTable = routingTable;
    }

    /** What the table says of a key; the parts can be of two blocks that follow each other. */
    public record KeyRoute(Optional<KeyId> mailboxNode, Optional<WalletAddress> wallet) {}

    /**
     * What became of one of several lookups.
     *
     * @param value the answer, null when there is none
     * @param failure why there is none, else null
     */
    public record Lookup<T>(T value, RpcException failure) {}

    /** All nodes, read page by page at one block. */
    public NodeList nodes() throws IOException {
        JsonValue block = Quantity.of(blockNumber());
        NodeCollector collector = new NodeCollector();
        int start = 0;
        while (true) {
            List<NodeCollector.Row> page = page(start, block);
            if (page.isEmpty()) {
                return collector.result(false);
            }
            collector.add(page, wallets(page, block));
            start += page.size();
            if (start >= ChainLimits.NODES_MAX) {
                return collector.result(!page(start, block).isEmpty());
            }
        }
    }

    private List<NodeCollector.Row> page(int start, JsonValue block) throws IOException {
        byte[] call = Calls.ofNumbers(Calls.GET_ALL_NODES, start, ChainLimits.NODES_PER_PAGE);
        byte[] answer = Quantity.readData(rpc.call("eth_call", callOf(nodeRegistry, call, block)));
        if (answer.length == 0) {
            return List.of();
        }
        AbiReader reader = new AbiReader(answer);
        List<NodeCollector.Row> rows = new ArrayList<>();
        int count = reader.count(0);
        if (count > ChainLimits.NODES_PER_PAGE) {
            throw new IOException("the registry answered a longer page than it was asked for");
        }
        for (int i = 0; i < count; i++) {
            AbiReader row = reader.struct(0, i);
            rows.add(new NodeCollector.Row(row.text(1), row.text(2), row.text(3), row.text(4)));
        }
        return rows;
    }

    private List<JsonRpc.Answer> wallets(List<NodeCollector.Row> page, JsonValue block) throws IOException {
        List<JsonRpc.Question> questions = new ArrayList<>();
        for (NodeCollector.Row row : page) {
            byte[] call = Calls.ofHash(Calls.NODE_WALLET_OF_HASH, Keccak.text(row.keyId()));
            questions.add(new JsonRpc.Question("eth_call", callOf(routingTable, call, block)));
        }
        return rpc.batch(questions);
    }

    /** Builds the list from the rows of all pages. */
    private static final class NodeCollector {
        private final List<NodeEntry> nodes = new ArrayList<>();
        private final Set<KeyId> keyIds = new HashSet<>();
        private int malformed;
        private int withoutWallet;

        record Row(String publicKey, String keyId, String endpoint, String region) {}

        void add(List<Row> page, List<JsonRpc.Answer> wallets) throws IOException {
            for (int i = 0; i < page.size(); i++) {
                Row row = page.get(i);
                Optional<WalletAddress> wallet = addressIn(wallets.get(i));
                Optional<KeyId> keyId = KeyId.parse(row.keyId().trim());
                Optional<Endpoint> endpoint = Endpoint.parse(row.endpoint());
                Optional<String> publicKey = PublicKeys.read(row.publicKey());
                if (keyId.isEmpty() || endpoint.isEmpty() || publicKey.isEmpty()) {
                    malformed++;
                } else if (wallet.isEmpty()) {
                    withoutWallet++;
                } else if (!keyIds.add(keyId.get())) {
                    malformed++;
                } else {
                    String region = row.region();
                    nodes.add(new NodeEntry(keyId.get(), wallet.get(), endpoint.get(), publicKey.get(),
                            region.substring(0, Math.min(region.length(), ChainLimits.REGION_CHARS_MAX))));
                }
            }
        }

        NodeList result(boolean beyondMax) {
            return new NodeList(nodes, malformed, withoutWallet, beyondMax);
        }
    }

    /** What is known of a user, or empty. */
    public Optional<UserEntry> userByWallet(WalletAddress wallet) throws IOException {
        try {
            byte[] answer = read(routingTable, Calls.ofAddress(Calls.SEARCH_KEY, wallet));
            if (answer.length == 0) {
                return Optional.empty();
            }
            AbiReader reader = new AbiReader(answer);
            Optional<KeyId> keyId = KeyId.parse(reader.text(0).trim());
            Optional<String> publicKey = PublicKeys.read(reader.text(1));
            if (keyId.isEmpty() || publicKey.isEmpty()) {
                return Optional.empty();
            }
            Optional<KeyId> mailboxNode = KeyId.parse(reader.text(2).trim());
            return Optional.of(new UserEntry(wallet, keyId.get(), publicKey.get(), mailboxNode));
        } catch (RpcException failed) {
            return emptyIfReverted(failed);
        }
    }

    /** The mailbox node of a user key, or empty when the table knows none. */
    public Optional<KeyId> routeOf(KeyId userKeyId) throws IOException {
        try {
            return keyIdIn(read(routingTable, Calls.ofText(Calls.ROUTE_OF_KEY, userKeyId.toString())));
        } catch (RpcException failed) {
            return emptyIfReverted(failed);
        }
    }

    /** The wallet of a user key, or empty. */
    public Optional<WalletAddress> walletOfKeyId(KeyId userKeyId) throws IOException {
        return addressOf(Calls.ofText(Calls.WALLET_OF_KEY, userKeyId.toString()));
    }

    /** The wallet of a node, or empty. */
    public Optional<WalletAddress> nodeWallet(KeyId nodeKeyId) throws IOException {
        return addressOf(Calls.ofHash(Calls.NODE_WALLET_OF_HASH, Calls.keyHash(nodeKeyId)));
    }

    /**
     * Route and wallet of several keys in one request.
     *
     * @param keys at most {@link ChainLimits#QUESTIONS_PER_REQUEST}
     * @return one answer for each key, in their order
     */
    public List<Lookup<KeyRoute>> routes(List<KeyId> keys) throws IOException {
        List<JsonRpc.Question> questions = new ArrayList<>(2 * keys.size());
        for (KeyId key : keys) {
            for (String selector : List.of(Calls.ROUTE_OF_KEY, Calls.WALLET_OF_KEY)) {
                byte[] call = Calls.ofText(selector, key.toString());
                questions.add(new JsonRpc.Question("eth_call", callOf(routingTable, call, LATEST)));
            }
        }
        List<JsonRpc.Answer> answers = rpc.batch(questions);
        List<Lookup<KeyRoute>> lookups = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            lookups.add(lookup(answers.get(2 * i), answers.get(2 * i + 1)));
        }
        return lookups;
    }

    private static Lookup<KeyRoute> lookup(JsonRpc.Answer route, JsonRpc.Answer wallet) throws IOException {
        try {
            Optional<KeyId> node = isRevert(route) ? Optional.empty() : keyIdIn(Quantity.readData(route.get()));
            return new Lookup<>(new KeyRoute(node, addressIn(wallet)), null);
        } catch (RpcException failed) {
            return new Lookup<>(null, failed);
        }
    }

    /** The nonce of the next registration of a key. */
    public long keyNonce(WalletAddress wallet) throws IOException {
        return nonce(routingTable, Calls.PGP_NONCES, wallet);
    }

    /** The nonce of the next change of route. */
    public long routeNonce(WalletAddress wallet) throws IOException {
        return nonce(routingTable, Calls.ROUTER_NONCES, wallet);
    }

    private long nonce(WalletAddress contract, String selector, WalletAddress wallet) throws IOException {
        BigInteger nonce = new AbiReader(read(contract, Calls.ofAddress(selector, wallet))).number(0);
        if (nonce.bitLength() >= Long.SIZE) {
            throw new IOException("the contract answered no nonce");
        }
        return nonce.longValue();
    }

    /**
     * The rate and totals of the present epoch (section 6.1).
     *
     * @param epochInfo the contract that publishes them
     * @param number the epoch to attach them to
     */
    public Epoch currentInfo(WalletAddress epochInfo, long number) throws IOException {
        AbiReader info = new AbiReader(read(epochInfo, Calls.noArguments(Calls.CURRENT_INFO)));
        double rate = new BigDecimal(info.number(2), RATE_DECIMALS).doubleValue();
        return new Epoch(number, rate, total(info.number(1)), total(info.number(3)));
    }

    /** The chain's number. */
    public long chainId() throws IOException {
        return Quantity.readLong(rpc.call("eth_chainId", JsonValue.array(List.of())));
    }

    /** The newest block. */
    public long blockNumber() throws IOException {
        return rpc.blockNumber();
    }

    /**
     * A log of one of the two contracts.
     *
     * @param blockHash which version of the block, should there be several
     * @param index place of the log in the block
     */
    public record Log(long block, Hash256 blockHash, long index, ChainEvent event) {}

    /**
     * The logs of the two contracts.
     *
     * @param from first block
     * @param to last block
     * @throws RpcException also when a log does not have the form of its interface
     */
    public List<Log> logs(long from, long to) throws IOException {
        JsonValue contracts = JsonValue.array(List.of(
                JsonValue.of(nodeRegistry.toString()), JsonValue.of(routingTable.toString())));
        JsonValue filter = JsonValue.object().put("fromBlock", Quantity.of(from)).put("toBlock", Quantity.of(to))
                .put("address", contracts).build();
        List<Log> logs = new ArrayList<>();
        for (JsonValue log : rpc.call("eth_getLogs", JsonValue.array(List.of(filter))).elements()) {
            logs.add(log(log));
        }
        return logs;
    }

    private static Log log(JsonValue log) throws RpcException {
        JsonValue nothing = JsonValue.of("");
        List<Hash256> topics = new ArrayList<>();
        for (JsonValue topic : log.member("topics").map(JsonValue::elements).orElse(List.of())) {
            topic.asString().flatMap(Hash256::parse).ifPresent(topics::add);
        }
        try {
            return new Log(
                    Quantity.readLong(log.member("blockNumber").orElse(nothing)),
                    Hash256.of(Quantity.readData(log.member("blockHash").orElse(nothing))),
                    Quantity.readLong(log.member("logIndex").orElse(nothing)),
                    event(topics, Quantity.readData(log.member("data").orElse(nothing))));
        } catch (IOException | IllegalArgumentException malformed) {
            throw new RpcException(RpcException.MALFORMED, "a log cannot be read: " + malformed.getMessage(), "");
        }
    }

    /** Whether there is a contract at an address. */
    public boolean hasCode(WalletAddress contract) throws IOException {
        JsonValue params = JsonValue.array(List.of(JsonValue.of(contract.toString()), LATEST));
        return Quantity.readData(rpc.call("eth_getCode", params)).length > 0;
    }

    /**
     * Call data of {@code registerKeyBySig}, or of {@code setRouteBySig} when the request has no key.
     *
     * @param request the wallet's own signed wish
     */
    public static byte[] registration(RegistrationRequest request) {
        return request.key().map(key -> Calls.registerKeyBySig(request, key))
                .orElseGet(() -> Calls.setRouteBySig(request));
    }

    /**
     * Call data of {@code registerNode}, to be sent by the node's own wallet to the registry.
     *
     * @param publicKeyBase64 base64 of the armored key
     * @param endpoint where the node listens; in lower case
     * @param region 1 to 64 printable characters
     * @param proof made for the registry and the sending wallet
     */
    public static byte[] registerNode(String publicKeyBase64, Endpoint endpoint, String region, KeyProof proof) {
        return Calls.registerNode(publicKeyBase64, endpoint.toString(), region, proof);
    }

    /** Call data of {@code updateEndpoint}, to be sent by the node's own wallet to the registry. */
    public static byte[] updateEndpoint(Endpoint endpoint, String region) {
        return Calls.ofTexts(Calls.UPDATE_ENDPOINT, endpoint.toString(), region);
    }

    /** Call data of {@code removeNode}, to be sent by the node's own wallet to the registry. */
    public static byte[] removeNode() {
        return Calls.noArguments(Calls.REMOVE_NODE);
    }

    /**
     * What a log of one of the two contracts means.
     *
     * @param topics the log's topics, the first of which names the event
     * @param data the log's data
     * @throws IOException when a known event does not have the form of its interface
     */
    public static ChainEvent event(List<Hash256> topics, byte[] data) throws IOException {
        Kind kind = topics.isEmpty() ? null : KINDS.get(topics.get(0));
        if (kind == null) {
            return new ChainEvent.Irrelevant();
        }
        return switch (kind) {
            case USER -> new ChainEvent.UserChanged(indexedAddress(topics), Optional.empty());
            case USER_KEY -> new ChainEvent.UserChanged(
                    indexedAddress(topics), KeyId.parse(new AbiReader(data).text(0).trim()));
            case NODES -> new ChainEvent.NodesChanged(Optional.empty());
            case NODE_REMOVED -> new ChainEvent.NodesChanged(KeyId.parse(new AbiReader(data).text(0).trim()));
        };
    }

    private static WalletAddress indexedAddress(List<Hash256> topics) throws IOException {
        if (topics.size() < 2) {
            throw new IOException("a log has fewer topics than its interface says");
        }
        return new AbiReader(topics.get(1).bytes()).address(0);
    }

    private static Map.Entry<Hash256, Kind> kind(String signature, Kind kind) {
        return Map.entry(Keccak.text(signature), kind);
    }

    private byte[] read(WalletAddress contract, byte[] call) throws IOException {
        return Quantity.readData(rpc.call("eth_call", callOf(contract, call, LATEST)));
    }

    private Optional<WalletAddress> addressOf(byte[] call) throws IOException {
        return addressIn(new JsonRpc.Answer(rpc.call("eth_call", callOf(routingTable, call, LATEST)), null));
    }

    private static Optional<WalletAddress> addressIn(JsonRpc.Answer answer) throws IOException {
        if (isRevert(answer)) {
            return Optional.empty();
        }
        byte[] bytes = Quantity.readData(answer.get());
        return bytes.length == 0
                ? Optional.empty()
                : Optional.of(new AbiReader(bytes).address(0)).filter(address -> !address.isZero());
    }

    private static Optional<KeyId> keyIdIn(byte[] answer) throws IOException {
        return answer.length == 0 ? Optional.empty() : KeyId.parse(new AbiReader(answer).text(0).trim());
    }

    private static boolean isRevert(JsonRpc.Answer answer) {
        return answer.failure() != null && answer.failure().isRevert();
    }

    private static <T> Optional<T> emptyIfReverted(RpcException failed) throws RpcException {
        if (failed.isRevert()) {
            return Optional.empty();
        }
        throw failed;
    }

    private static long total(BigInteger number) {
        return number.bitLength() < Long.SIZE ? number.longValue() : Long.MAX_VALUE;
    }

    private static JsonValue callOf(WalletAddress contract, byte[] call, JsonValue block) {
        JsonValue transaction = JsonValue.object().put("to", contract.toString()).put("data", Quantity.data(call))
                .build();
        return JsonValue.array(List.of(transaction, block));
    }
}
