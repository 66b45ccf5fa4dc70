package network.conet.edge.chain;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletName;

/**
 * The contract of names, typed: registry and resolver (EIP-137), reverse records (EIP-181), registration in two steps.
 * Nothing is remembered. Waits on the caller's thread; safe for use by many.
 */
public final class NameContract {
    private static final JsonValue LATEST = JsonValue.of("latest");

    private final JsonRpc rpc;
    private final WalletAddress contract;

    /**
     * @param rpc the chain
     * @param contract NameRegistry
     */
    public NameContract(JsonRpc rpc, WalletAddress contract) {
        this.rpc = rpc;
        this.contract = contract;
    }

    /** EIP-137: hash of a whole name. */
    public static Hash256 node(String name) {
        Hash256 node = Hash256.of(new byte[Hash256.BYTES]);
        String[] labels = name.split("\\.");
        for (int i = labels.length - 1; i >= 0; i--) {
            byte[] both = new byte[2 * Hash256.BYTES];
            System.arraycopy(node.bytes(), 0, both, 0, Hash256.BYTES);
            System.arraycopy(Keccak.text(labels[i]).bytes(), 0, both, Hash256.BYTES, Hash256.BYTES);
            node = Keccak.bytes(both);
        }
        return node;
    }

    /** The wallet that a name points to. */
    public Optional<WalletAddress> wallet(WalletName name) throws IOException {
        return address("addr(bytes32)", name);
    }

    /** Who may change a name. */
    public Optional<WalletAddress> owner(WalletName name) throws IOException {
        return address("owner(bytes32)", name);
    }

    private Optional<WalletAddress> address(String signature, WalletName name) throws IOException {
        AbiReader reader = new AbiReader(read(PaymentContracts.call(signature).hash(node(name.toString())).bytes()));
        return Optional.of(reader.address(0)).filter(address -> !address.isZero());
    }

    /** The name that a wallet says it has, when that name points to it. */
    public Optional<WalletName> nameOf(WalletAddress wallet) throws IOException {
        Hash256 reverse = node(wallet.toString().substring(2).toLowerCase(Locale.ROOT) + ".addr.reverse");
        String text = new AbiReader(read(PaymentContracts.call("name(bytes32)").hash(reverse).bytes())).text(0);
        Optional<WalletName> name = WalletName.parse(text);
        return name.isPresent() && wallet(name.get()).filter(wallet::equals).isPresent() ? name : Optional.empty();
    }

    /** Coin that registering a name takes, and gives back when it is given up. */
    public BigInteger depositWei(WalletName name) throws IOException {
        return new AbiReader(read(text("depositOf(string)", name.label()))).number(0);
    }

    /** What is committed to. */
    public Hash256 commitment(WalletName name, WalletAddress owner, Hash256 secret) throws IOException {
        byte[] call = PaymentContracts.call("commitmentOf(string,address,bytes32)").number(96).address(owner)
                .hash(secret).tail(name.label().getBytes(StandardCharsets.US_ASCII)).bytes();
        return Hash256.of(read(call));
    }

    /** When a commitment was made, in unix seconds; 0 for never. */
    public long committedAt(Hash256 commitment) throws IOException {
        return new AbiReader(read(PaymentContracts.call("commitments(bytes32)").hash(commitment).bytes())).number(0)
                .longValueExact();
    }

    /** Call data of the first step. */
    public static byte[] commit(Hash256 commitment) {
        return PaymentContracts.call("commit(bytes32)").hash(commitment).bytes();
    }

    /** Call data of the second step, at least a minute later; the deposit is sent along. */
    public static byte[] register(WalletName name, WalletAddress owner, Hash256 secret) {
        return PaymentContracts.call("register(string,address,bytes32)").number(96).address(owner).hash(secret)
                .tail(name.label().getBytes(StandardCharsets.US_ASCII)).bytes();
    }

    /** Call data: makes a name point to a wallet. */
    public static byte[] setWallet(WalletName name, WalletAddress wallet) {
        return PaymentContracts.call("setAddr(bytes32,address)").hash(node(name.toString())).address(wallet).bytes();
    }

    /** Call data: hands a name over. */
    public static byte[] setOwner(WalletName name, WalletAddress owner) {
        return PaymentContracts.call("setOwner(bytes32,address)").hash(node(name.toString())).address(owner).bytes();
    }

    /** Call data: gives a name up; its deposit goes to a wallet. */
    public static byte[] release(WalletName name, WalletAddress to) {
        return PaymentContracts.call("release(bytes32,address)").hash(node(name.toString())).address(to).bytes();
    }

    /** Call data: says that the sender goes by this name. */
    public static byte[] setReverse(WalletName name) {
        return text("setName(string)", name.toString());
    }

    private static byte[] text(String signature, String text) {
        return PaymentContracts.call(signature).number(32).tail(text.getBytes(StandardCharsets.US_ASCII)).bytes();
    }

    private byte[] read(byte[] call) throws IOException {
        return Quantity.readData(rpc.call("eth_call", PaymentContracts.params(contract, call, LATEST)));
    }
}
