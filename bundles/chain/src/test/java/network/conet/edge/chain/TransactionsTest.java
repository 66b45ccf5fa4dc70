package network.conet.edge.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;

final class TransactionsTest {
    private static final WalletAddress TO =
            WalletAddress.of(HexFormat.of().parseHex("3535353535353535353535353535353535353535"));

    private final ScriptedChain chain = new ScriptedChain();
    private final SettableClock clock = new SettableClock(0);

    private Transactions of(long chainId, byte[] privateKey) {
        Wallet wallet = Wallet.of(privateKey);
        return new Transactions(chain, chainId, wallet.address(), wallet::signDigest, clock);
    }

    private static byte[] one() {
        byte[] key = new byte[32];
        key[31] = 1;
        return key;
    }

    private static BigInteger number(long value) {
        return BigInteger.valueOf(value);
    }

    /** Signed by ethers 6.17.0. */
    @Test
    void signsEip1559AsEthersDoes() {
        Transactions.Fees fees = new Transactions.Fees(number(1_500_000_000L), number(30_000_000_000L), false);
        byte[] data = HexFormat.of().parseHex("deadbeef00");
        Transactions.Signed signed = of(224422, one()).sign(
                new Transactions.Call(Optional.of(TO), number(12345), data), number(7), number(21000), fees);
        assertEquals("0x02f87583036ca6078459682f008506fc23ac0082520894353535353535353535353535353535353535353582303985"
                + "deadbeef00c080a0d06f63e255b5022a9b777f8ed18938c0c581827f10cf1ac3b5dccde1f00b3097a02a8a15b7ec8395198e"
                + "bd4e64dc7c1e84d190247468eb0c5aa6ea3b930527825c", Quantity.data(signed.raw()));
        assertEquals("0xaadc60b796ea926d08fcdedb8c8dbfc03cf7dacd3c3b1fecbef8fa75b72f00fe", signed.hash().toString());
        Transactions.Signed creation = of(224422, one()).sign(
                new Transactions.Call(Optional.empty(), BigInteger.ZERO, data), number(0), number(21000), fees);
        assertEquals("0x02f85f83036ca6808459682f008506fc23ac00825208808085deadbeef00c080a0b69c78ab48c90b45aec1a03e31ea"
                + "eaaadf20822861a693b10ff302d6b235da57a02568f6d814cc4527da266ec1fea4563dfd0bc2cc02da5db3c3125c01c7dc03"
                + "df", Quantity.data(creation.raw()));
    }

    /** The example of EIP-155. */
    @Test
    void signsLegacyAsEip155Shows() {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 0x46);
        Transactions.Fees fees = new Transactions.Fees(number(20_000_000_000L), number(20_000_000_000L), true);
        Transactions.Signed signed = of(1, key).sign(
                new Transactions.Call(Optional.of(TO), new BigInteger("1000000000000000000"), new byte[0]),
                number(9), number(21000), fees);
        assertEquals("0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a7640000"
                + "8025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3"
                + "800ccf555c9f3dc64214b297fb1966a3b6d83", Quantity.data(signed.raw()));
    }

    @Test
    void feesFollowTheBaseFee() throws Exception {
        chain.answers.put("eth_gasPrice", Quantity.of(130));
        chain.answers.put("eth_getBlockByNumber", JsonValue.object().put("baseFeePerGas", Quantity.of(100)).build());
        assertEquals(new Transactions.Fees(number(30), number(230), false), of(1, one()).fees());
        chain.answers.put("eth_gasPrice", Quantity.of(90));
        assertEquals(new Transactions.Fees(number(0), number(200), false), of(1, one()).fees());
    }

    @Test
    void withoutBaseFeeTheLegacyFormIsUsed() throws Exception {
        chain.answers.put("eth_gasPrice", Quantity.of(130));
        chain.answers.put("eth_getBlockByNumber", JsonValue.object().put("number", "0x1").build());
        assertEquals(new Transactions.Fees(number(130), number(130), true), of(1, one()).fees());
    }

    @Test
    void refusesAPriceOneAboveTheBound() throws Exception {
        chain.answers.put("eth_getBlockByNumber", JsonValue.object().put("number", "0x1").build());
        chain.answers.put("eth_gasPrice", Quantity.of(ChainLimits.FEE_PER_GAS_WEI_MAX));
        assertEquals(number(ChainLimits.FEE_PER_GAS_WEI_MAX), of(1, one()).fees().max());
        chain.answers.put("eth_gasPrice", Quantity.of(ChainLimits.FEE_PER_GAS_WEI_MAX + 1));
        assertThrows(IOException.class, () -> of(1, one()).fees());
    }

    @Test
    void addsAMarginToTheGasAndBoundsIt() throws Exception {
        Transactions.Call call = Transactions.Call.of(TO, new byte[0]);
        chain.answers.put("eth_estimateGas", Quantity.of(100_000));
        assertEquals(number(120_000), of(1, one()).estimateGas(call));
        chain.answers.put("eth_estimateGas", Quantity.of(ChainLimits.TRANSACTION_GAS_MAX));
        assertThrows(IOException.class, () -> of(1, one()).estimateGas(call));
    }

    @Test
    void waitsForTheReceiptAndNotForEver() throws Exception {
        Hash256 hash = Keccak.text("t");
        Transactions transactions = of(1, one());
        JsonRpc slow = (method, params) -> {
            clock.advanceMillis(400);
            return chain.call(method, params);
        };
        Transactions slowly = new Transactions(slow, 1, TO, digest -> null, clock);
        assertThrows(IOException.class, () -> slowly.await(hash, Duration.ofSeconds(1), Duration.ofNanos(1)));
        assertEquals(3, chain.count("eth_getTransactionReceipt"));
        chain.mined.put(hash.toString(), true);
        assertTrue(transactions.await(hash, Duration.ofSeconds(1), Duration.ofNanos(1)).succeeded());
    }

    @Test
    void whatTheServerHasAlreadyIsSent() throws Exception {
        Transactions.Signed signed = new Transactions.Signed(Keccak.text("t"), new byte[1]);
        chain.failures.put("eth_sendRawTransaction", new RpcException(-32000, "already known", ""));
        of(1, one()).submit(signed);
        chain.failures.put("eth_sendRawTransaction", new RpcException(-32000, "nonce too low", ""));
        assertThrows(RpcException.class, () -> of(1, one()).submit(signed));
    }
}
