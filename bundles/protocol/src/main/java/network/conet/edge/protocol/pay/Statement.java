package network.conet.edge.protocol.pay;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.Keccak256;
import network.conet.edge.protocol.WalletAddress;

/**
 * What a node says that it did and is owed, since its ledger began. Signed by the node as EIP-712 data, domain
 * {@code ConetStatement}, version {@code 1}, of the settlement contract:
 *
 * <pre>
 *  Statement(address node,address owner,uint64 time,uint64 ledgerIndex,bytes32 ledgerRoot,uint256 relayBytes,
 *            uint256 storedByteSeconds,uint256 serviceFuel,uint256 egressBytes,uint256 uptimeEpochs,uint256 earned,
 *            uint256 owed,uint256 acknowledged,uint256 settled)
 * </pre>
 *
 * @param node whose
 * @param owner for whom
 * @param epochSeconds when
 * @param ledgerIndex last entry of the ledger that is in it
 * @param ledgerRoot hash of that entry
 * @param units of each resource
 * @param earned nanocredits charged to wallets that are the node's own
 * @param owed nanocredits of other nodes that were charged with them
 * @param acknowledged nanocredits that wallets promised in vouchers
 * @param settled nanocredits that the chain paid
 */
public record Statement(WalletAddress node, WalletAddress owner, long epochSeconds, long ledgerIndex,
        Hash256 ledgerRoot, Map<Resource, Long> units, long earned, long owed, long acknowledged, long settled) {
    private static final String TYPE = "Statement(address node,address owner,uint64 time,uint64 ledgerIndex,"
            + "bytes32 ledgerRoot,uint256 relayBytes,uint256 storedByteSeconds,uint256 serviceFuel,uint256 egressBytes,"
            + "uint256 uptimeEpochs,uint256 earned,uint256 owed,uint256 acknowledged,uint256 settled)";
    private static final String DOMAIN = "ConetStatement";

    /** Copies what can change; every resource has its units. */
    public Statement {
        Objects.requireNonNull(node);
        Objects.requireNonNull(owner);
        Objects.requireNonNull(ledgerRoot);
        Map<Resource, Long> all = new EnumMap<>(Resource.class);
        for (Resource resource : Resource.values()) {
            all.put(resource, units.getOrDefault(resource, 0L));
        }
        units = all;
    }

    /** What the node signs. */
    public Hash256 digest(SettlementId settlement, Keccak256 keccak) {
        Eip712 words = Eip712.of(TYPE, keccak).address(node).address(owner).number(epochSeconds).number(ledgerIndex)
                .hash(ledgerRoot);
        units.values().forEach(words::number);
        return words.number(earned).number(owed).number(acknowledged).number(settled)
                .digest(DOMAIN, settlement.chainId(), settlement.contract());
    }

    /** As it stands in an answer, without the signature. */
    public JsonValue.Builder json() {
        JsonValue.Builder counts = JsonValue.object();
        units.forEach((resource, amount) -> counts.put(resource.label(), amount));
        return JsonValue.object().put("node", node.toString()).put("owner", owner.toString())
                .put("time", epochSeconds)
                .put("ledger", JsonValue.object().put("index", ledgerIndex).put("root", ledgerRoot.toString()).build())
                .put("units", counts.build())
                .put("earned", earned).put("owed", owed).put("acknowledged", acknowledged).put("settled", settled);
    }

    /** Reads {@link #json}; empty when it is anything else. */
    public static Optional<Statement> parse(JsonValue json, Keccak256 keccak) {
        Optional<WalletAddress> node = json.string("node").flatMap(text -> WalletAddress.parse(text, keccak));
        Optional<WalletAddress> owner = json.string("owner").flatMap(text -> WalletAddress.parse(text, keccak));
        Optional<JsonValue> ledger = json.member("ledger");
        Optional<Hash256> root = ledger.flatMap(part -> part.string("root")).flatMap(Hash256::parse);
        Optional<JsonValue> counts = json.member("units");
        if (node.isEmpty() || owner.isEmpty() || root.isEmpty() || counts.isEmpty()) {
            return Optional.empty();
        }
        Map<Resource, Long> units = new EnumMap<>(Resource.class);
        for (Resource resource : Resource.values()) {
            units.put(resource, counts.get().integer(resource.label()).orElse(0));
        }
        return Optional.of(new Statement(node.get(), owner.get(), json.integer("time").orElse(0),
                ledger.get().integer("index").orElse(0), root.get(), units, json.integer("earned").orElse(0),
                json.integer("owed").orElse(0), json.integer("acknowledged").orElse(0),
                json.integer("settled").orElse(0)));
    }
}
