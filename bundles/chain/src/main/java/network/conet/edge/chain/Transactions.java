package network.conet.edge.chain;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import network.conet.edge.api.Clock;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/**
 * Builds, signs and sends transactions of one wallet: EIP-1559 where blocks have a base fee, else EIP-155. Waits on
 * the caller's thread. Callers that send must take turns: the nonce is asked of the server.
 *
 * <pre>
 *  EIP-1559: 0x02 | rlp(chainId, nonce, tip, maxFee, gas, to, value, data, [], yParity, r, s)
 *  EIP-155:         rlp(nonce, gasPrice, gas, to, value, data, chainId * 2 + 35 + yParity, r, s)
 * </pre>
 */
public final class Transactions {
    private static final int V_BASE = 27;
    private static final int EIP155_BASE = 35;
    private static final byte EIP1559_TYPE = 2;
    private static final int PERCENT = 100;

    private final JsonRpc rpc;
    private final long chainId;
    private final WalletAddress from;
    private final Function<Hash256, WalletSignature> signer;
    private final Clock clock;

    /**
     * @param rpc the chain
     * @param chainId goes into each signature
     * @param from the wallet
     * @param signer signs a digest as it is, with that wallet
     * @param clock measures how long a receipt is waited for
     */
    public Transactions(
            JsonRpc rpc, long chainId, WalletAddress from, Function<Hash256, WalletSignature> signer, Clock clock) {
        this.rpc = rpc;
        this.chainId = chainId;
        this.from = from;
        this.signer = signer;
        this.clock = clock;
    }

    /**
     * What gas may cost, in wei.
     *
     * @param tip for the block's maker; with the legacy form, the whole price
     * @param max at most, tip and base fee together
     * @param legacy whether blocks have no base fee
     */
    public record Fees(BigInteger tip, BigInteger max, boolean legacy) {}

    /** What to do: a call when {@code to} is there, else a new contract. Value in wei. */
    public record Call(Optional<WalletAddress> to, BigInteger value, byte[] data) {
        /** A call without value. */
        public static Call of(WalletAddress to, byte[] data) {
            return new Call(Optional.of(to), BigInteger.ZERO, data);
        }
    }

    /** A transaction ready to be sent. */
    public record Signed(Hash256 hash, byte[] raw) {}

    /**
     * A transaction that is in a block.
     *
     * @param contract the contract it made, if any
     */
    public record Receipt(Hash256 hash, long blockNumber, boolean succeeded, Optional<WalletAddress> contract) {}

    /**
     * Runs the call without sending it.
     *
     * @throws RpcException with {@link RpcException#isRevert()} when it would fail
     */
    public void rehearse(Call call) throws IOException {
        rpc.call("eth_call", JsonValue.array(List.of(json(call), JsonValue.of("latest"))));
    }

    /** Gas that the call needs, with a margin, bounded by {@link ChainLimits#TRANSACTION_GAS_MAX}. */
    public BigInteger estimateGas(Call call) throws IOException {
        BigInteger estimate = Quantity.read(rpc.call("eth_estimateGas", JsonValue.array(List.of(json(call)))));
        BigInteger gas = estimate.multiply(BigInteger.valueOf(PERCENT + ChainLimits.GAS_MARGIN_PERCENT))
                .divide(BigInteger.valueOf(PERCENT));
        if (gas.compareTo(BigInteger.valueOf(ChainLimits.TRANSACTION_GAS_MAX)) > 0) {
            throw new IOException("the chain's server asks for " + gas + " gas");
        }
        return gas;
    }

    /** The wallet's next nonce, counting transactions that wait to be mined. */
    public BigInteger pendingNonce() throws IOException {
        return Quantity.read(rpc.call("eth_getTransactionCount",
                JsonValue.array(List.of(JsonValue.of(from.toString()), JsonValue.of("pending")))));
    }

    /** The wallet's next nonce as the newest block has it: those below are spent. */
    public BigInteger minedNonce() throws IOException {
        return Quantity.read(rpc.call("eth_getTransactionCount",
                JsonValue.array(List.of(JsonValue.of(from.toString()), JsonValue.of("latest")))));
    }

    /**
     * What a transaction has to offer to take the place of one that offered this: an eighth more, as servers ask
     * for, and no less than gas costs now.
     *
     * @throws IOException also when that is above {@link ChainLimits#FEE_PER_GAS_WEI_MAX}
     */
    public Fees raised(Fees before) throws IOException {
        Fees now = fees();
        return bounded(new Fees(raised(before.tip()).max(now.tip()), raised(before.max()).max(now.max()),
                before.legacy()));
    }

    private static BigInteger raised(BigInteger price) {
        return price.add(price.shiftRight(3)).add(BigInteger.ONE);
    }

    /**
     * What gas costs now: the server's price, of which what exceeds the base fee is the tip. The most that is paid
     * is twice the base fee and the tip, which lasts for six full blocks (EIP-1559 raises by an eighth each).
     *
     * @throws IOException also when the price is above {@link ChainLimits#FEE_PER_GAS_WEI_MAX}
     */
    public Fees fees() throws IOException {
        BigInteger price = Quantity.read(rpc.call("eth_gasPrice", JsonValue.array(List.of())));
        JsonValue block = rpc.call("eth_getBlockByNumber",
                JsonValue.array(List.of(JsonValue.of("latest"), JsonValue.of(false))));
        Optional<JsonValue> baseFee = block.member("baseFeePerGas").filter(fee -> fee.asString().isPresent());
        if (baseFee.isEmpty()) {
            return bounded(new Fees(price, price, true));
        }
        BigInteger base = Quantity.read(baseFee.get());
        BigInteger tip = price.subtract(base).max(BigInteger.ZERO);
        return bounded(new Fees(tip, base.shiftLeft(1).add(tip), false));
    }

    private static Fees bounded(Fees fees) throws IOException {
        if (fees.max().compareTo(BigInteger.valueOf(ChainLimits.FEE_PER_GAS_WEI_MAX)) > 0) {
            throw new IOException("gas costs more than is paid: " + fees.max() + " wei");
        }
        return fees;
    }

    /** Builds and signs. */
    public Signed sign(Call call, BigInteger nonce, BigInteger gas, Fees fees) {
        List<RlpType> fields = new ArrayList<>();
        if (!fees.legacy()) {
            fields.add(RlpString.create(chainId));
        }
        fields.add(RlpString.create(nonce));
        fields.add(RlpString.create(fees.tip()));
        if (!fees.legacy()) {
            fields.add(RlpString.create(fees.max()));
        }
        fields.add(RlpString.create(gas));
        fields.add(RlpString.create(call.to().map(WalletAddress::bytes).orElse(new byte[0])));
        fields.add(RlpString.create(call.value()));
        fields.add(RlpString.create(call.data()));
        return fees.legacy() ? signLegacy(fields) : sign1559(fields);
    }

    private Signed sign1559(List<RlpType> fields) {
        fields.add(new RlpList());
        byte[] signature = signer.apply(Keccak.bytes(typed(fields))).bytes();
        fields.add(RlpString.create(BigInteger.valueOf(signature[WalletSignature.BYTES - 1] - V_BASE)));
        addPoint(fields, signature);
        byte[] raw = typed(fields);
        return new Signed(Keccak.bytes(raw), raw);
    }

    private Signed signLegacy(List<RlpType> fields) {
        List<RlpType> unsigned = new ArrayList<>(fields);
        unsigned.add(RlpString.create(chainId));
        unsigned.add(RlpString.create(BigInteger.ZERO));
        unsigned.add(RlpString.create(BigInteger.ZERO));
        byte[] signature = signer.apply(Keccak.bytes(RlpEncoder.encode(new RlpList(unsigned)))).bytes();
        BigInteger parity = BigInteger.valueOf(EIP155_BASE + signature[WalletSignature.BYTES - 1] - V_BASE);
        fields.add(RlpString.create(BigInteger.valueOf(chainId).shiftLeft(1).add(parity)));
        addPoint(fields, signature);
        byte[] raw = RlpEncoder.encode(new RlpList(fields));
        return new Signed(Keccak.bytes(raw), raw);
    }

    private static void addPoint(List<RlpType> fields, byte[] signature) {
        fields.add(RlpString.create(new BigInteger(1, Arrays.copyOfRange(signature, 0, 32))));
        fields.add(RlpString.create(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64))));
    }

    private static byte[] typed(List<RlpType> fields) {
        byte[] list = RlpEncoder.encode(new RlpList(fields));
        byte[] typed = new byte[1 + list.length];
        typed[0] = EIP1559_TYPE;
        System.arraycopy(list, 0, typed, 1, list.length);
        return typed;
    }

    /**
     * Sends. A server that has the transaction already is no failure.
     *
     * @throws RpcException when the server refuses it
     */
    public void submit(Signed transaction) throws IOException {
        try {
            rpc.call("eth_sendRawTransaction",
                    JsonValue.array(List.of(JsonValue.of(Quantity.data(transaction.raw())))));
        } catch (RpcException refused) {
            if (!refused.getMessage().toLowerCase(Locale.ROOT).contains("already known")) {
                throw refused;
            }
        }
    }

    /** Estimates, signs and sends; does not wait for the block. */
    public Hash256 send(Call call) throws IOException {
        BigInteger gas = estimateGas(call);
        Signed signed = sign(call, pendingNonce(), gas, fees());
        submit(signed);
        return signed.hash();
    }

    /** The receipt, or empty while the transaction is in no block. */
    public Optional<Receipt> receipt(Hash256 hash) throws IOException {
        JsonValue answer = rpc.call("eth_getTransactionReceipt",
                JsonValue.array(List.of(JsonValue.of(hash.toString()))));
        if (!answer.isObject()) {
            return Optional.empty();
        }
        Optional<JsonValue> block = answer.member("blockNumber").filter(number -> number.asString().isPresent());
        if (block.isEmpty()) {
            return Optional.empty();
        }
        boolean succeeded = "0x1".equals(answer.string("status").orElse(""));
        Optional<WalletAddress> contract = Optional.empty();
        Optional<JsonValue> made = answer.member("contractAddress").filter(text -> text.asString().isPresent());
        if (made.isPresent()) {
            byte[] bytes = Quantity.readData(made.get());
            if (bytes.length != WalletAddress.BYTES) {
                throw new IOException("the chain's server answered no address");
            }
            contract = Optional.of(WalletAddress.of(bytes));
        }
        return Optional.of(new Receipt(hash, Quantity.readLong(block.get()), succeeded, contract));
    }

    /**
     * Waits for the receipt.
     *
     * @param hash the transaction
     * @param timeout how long to wait at most
     * @param pause between two looks, more than zero
     * @throws IOException also when the time is up
     * @throws InterruptedException when the waiting thread is interrupted
     */
    public Receipt await(Hash256 hash, Duration timeout, Duration pause) throws IOException, InterruptedException {
        long deadline = clock.monotonicNanos() + timeout.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            Optional<Receipt> receipt = receipt(hash);
            if (receipt.isPresent()) {
                return receipt.get();
            }
            if (clock.monotonicNanos() - deadline >= 0) {
                throw new IOException("the transaction is in no block after " + timeout.toSeconds() + " s");
            }
            never.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private JsonValue json(Call call) {
        JsonValue.Builder object = JsonValue.object().put("from", from.toString())
                .put("data", Quantity.data(call.data()));
        call.to().ifPresent(to -> object.put("to", to.toString()));
        if (call.value().signum() != 0) {
            object.put("value", Quantity.of(call.value()));
        }
        return object.build();
    }
}
