package network.conet.edge.chain;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import network.conet.edge.api.Settlements;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import network.conet.edge.protocol.pay.PriceList;

/**
 * Settlement, CloudCredit and what NodeRegistry knows of money, typed. Nothing is remembered. Waits on the caller's
 * thread; safe for use by many. Amounts are nanocredits, coin is wei.
 */
public final class PaymentContracts {
    private static final int WORD = 32;
    private static final JsonValue LATEST = JsonValue.of("latest");

    private final JsonRpc rpc;
    private final WalletAddress nodeRegistry;
    private final WalletAddress settlement;

    /**
     * @param rpc the chain
     * @param nodeRegistry the contract that lists nodes
     * @param settlement the contract that holds channels
     */
    public PaymentContracts(JsonRpc rpc, WalletAddress nodeRegistry, WalletAddress settlement) {
        this.rpc = rpc;
        this.nodeRegistry = nodeRegistry;
        this.settlement = settlement;
    }

    // ---- reads

    /**
     * How a channel stands at a block; all zero when there was no contract at that block.
     *
     * @throws IOException also when the contract answers amounts that no channel can have
     */
    public Settlements.Channel channel(WalletAddress payer, WalletAddress payee, long block) throws IOException {
        return channel(payer, payee, Quantity.of(block));
    }

    /** How a channel stands at the newest block. */
    public Settlements.Channel channelNow(WalletAddress payer, WalletAddress payee) throws IOException {
        return channel(payer, payee, LATEST);
    }

    private Settlements.Channel channel(WalletAddress payer, WalletAddress payee, JsonValue block) throws IOException {
        byte[] answer = read(settlement, call("channel(address,address)").address(payer).address(payee), block);
        if (answer.length == 0) {
            return new Settlements.Channel(0, 0, 0);
        }
        AbiReader reader = new AbiReader(answer);
        long leaving = reader.number(3).signum() == 0 ? 0 : amount(reader, 2);
        return new Settlements.Channel(amount(reader, 0), amount(reader, 1), leaving);
    }

    /** The token that the contract settles in. */
    public WalletAddress credit() throws IOException {
        return reader(settlement, call("credit()")).address(0);
    }

    /** What a wallet has. */
    public long balanceOf(WalletAddress wallet) throws IOException {
        return amount(reader(credit(), call("balanceOf(address)").address(wallet)), 0);
    }

    /** What the settlement contract may take of a wallet. */
    public BigInteger allowance(WalletAddress wallet) throws IOException {
        return reader(credit(), call("allowance(address,address)").address(wallet).address(settlement)).number(0);
    }

    /** Nanocredits that a coin of bond stands for. */
    public BigInteger nanocreditsPerCoin() throws IOException {
        return reader(credit(), call("nanocreditsPerCoin()")).number(0);
    }

    /** Where what a node earns is paid; the node itself while it has named no owner. */
    public WalletAddress payoutOf(WalletAddress node) throws IOException {
        return reader(settlement, call("payoutOf(address)").address(node)).address(0);
    }

    /** Coin that a node puts down when it enters the list; nothing for a registry that knows no bonds. */
    public static BigInteger bondWei(JsonRpc rpc, WalletAddress nodeRegistry) throws IOException {
        try {
            byte[] answer = Quantity.readData(
                    rpc.call("eth_call", params(nodeRegistry, call("bondWei()").bytes(), LATEST)));
            return answer.length == 0 ? BigInteger.ZERO : new AbiReader(answer).number(0);
        } catch (RpcException answered) {
            if (answered.isRevert()) {
                return BigInteger.ZERO;
            }
            throw answered;
        }
    }

    /** The owner that a node has named on the chain, if it has. */
    public Optional<WalletAddress> ownerOf(WalletAddress node) throws IOException {
        WalletAddress owner = reader(nodeRegistry, call("ownerOf(address)").address(node)).address(0);
        return Optional.of(owner).filter(each -> !each.isZero());
    }

    /** The price list of a node on the chain. */
    public PriceList pricesOf(WalletAddress node) throws IOException {
        AbiReader reader = reader(nodeRegistry, call("pricesOf(address)").address(node));
        return new PriceList(amount(reader, 0), amount(reader, 1), amount(reader, 2), amount(reader, 3));
    }

    // ---- call data

    /** For the settlement contract: redeems vouchers of different payers for one payee. */
    public static byte[] redeem(WalletAddress payee, List<Settlements.Signed> vouchers) {
        // payee | offset of the array: count | offset of each | payer, cumulative, root, offset, length, signature
        int structBytes = 5 * WORD + (WalletSignature.BYTES + WORD - 1) / WORD * WORD;
        Words words = call("redeem(address,(address,uint128,bytes32,bytes)[])").address(payee).number(2L * WORD)
                .number(vouchers.size());
        for (int i = 0; i < vouchers.size(); i++) {
            words.number((long) vouchers.size() * WORD + (long) i * structBytes);
        }
        for (Settlements.Signed signed : vouchers) {
            words.address(signed.voucher().payer()).number(signed.voucher().cumulative())
                    .hash(signed.voucher().ledgerRoot()).number(4L * WORD).tail(signed.signature().bytes());
        }
        return words.bytes();
    }

    /** For the settlement contract: sets credits of the sender aside. */
    public static byte[] deposit(WalletAddress payer, WalletAddress payee, long amount) {
        return call("deposit(address,address,uint128)").address(payer).address(payee).number(amount).bytes();
    }

    /** For the settlement contract: asks back. */
    public static byte[] requestExit(WalletAddress payee, long amount) {
        return call("requestExit(address,uint128)").address(payee).number(amount).bytes();
    }

    /** For the settlement contract: takes back what was asked for. */
    public static byte[] exit(WalletAddress payer, WalletAddress payee) {
        return call("exit(address,address)").address(payer).address(payee).bytes();
    }

    /** For the token: lets the settlement contract take so much of the sender. */
    public static byte[] approve(WalletAddress settlement, long amount) {
        return call("approve(address,uint256)").address(settlement).number(amount).bytes();
    }

    /** For the token: sends credits to another wallet. */
    public static byte[] transfer(WalletAddress to, long amount) {
        return call("transfer(address,uint256)").address(to).number(amount).bytes();
    }

    /** For the token: makes credits against the bond of a node that the sender owns; coin is sent along. */
    public static byte[] mint(WalletAddress node, WalletAddress to, long amount) {
        return call("mint(address,address,uint256)").address(node).address(to).number(amount).bytes();
    }

    /** For the registry: names the owner of the sender's node. */
    public static byte[] setOwner(WalletAddress node, WalletAddress owner) {
        return call("setOwner(address,address)").address(node).address(owner).bytes();
    }

    /** For the registry: publishes the sender's prices. */
    public static byte[] setPrices(PriceList prices) {
        return call("setPrices((uint64,uint64,uint64,uint64))").number(prices.relayMiB()).number(prices.storedMiBDay())
                .number(prices.gigafuel()).number(prices.egressMiB()).bytes();
    }

    // ---- words

    private AbiReader reader(WalletAddress contract, Words call) throws IOException {
        return new AbiReader(read(contract, call, LATEST));
    }

    private byte[] read(WalletAddress contract, Words call, JsonValue block) throws IOException {
        return Quantity.readData(rpc.call("eth_call", params(contract, call.bytes(), block)));
    }

    static JsonValue params(WalletAddress contract, byte[] data, JsonValue block) {
        return JsonValue.array(List.of(
                JsonValue.object().put("to", contract.toString()).put("data", Quantity.data(data)).build(), block));
    }

    private static long amount(AbiReader reader, int word) throws IOException {
        BigInteger number = reader.number(word);
        if (number.bitLength() >= Long.SIZE) {
            throw new IOException("the contract answered an amount that there cannot be");
        }
        return number.longValue();
    }

    static Words call(String signature) {
        return new Words(Calls.selector(signature));
    }

    /** Call data of words and of what stands behind them. */
    static final class Words {
        private final StringBuilder hex;

        private Words(String selector) {
            hex = new StringBuilder(selector);
        }

        Words address(WalletAddress address) {
            hex.append("0".repeat(2 * (WORD - WalletAddress.BYTES))).append(address.toString(), 2, 42);
            return this;
        }

        Words number(long number) {
            hex.append(String.format("%064x", number));
            return this;
        }

        Words hash(Hash256 hash) {
            hex.append(hash.toString(), 2, 2 + 2 * WORD);
            return this;
        }

        /** Length and bytes, filled up to whole words. */
        Words tail(byte[] bytes) {
            number(bytes.length);
            hex.append(HexFormat.of().formatHex(ByteBuffer.allocate((bytes.length + WORD - 1) / WORD * WORD).put(bytes)
                    .array()));
            return this;
        }

        byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }
    }
}
