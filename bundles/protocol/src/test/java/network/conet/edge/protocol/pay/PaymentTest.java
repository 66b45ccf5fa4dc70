package network.conet.edge.protocol.pay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.Keccak256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.junit.jupiter.api.Test;

/** Prices, vouchers, statements and entries of the ledger; digests are those that ethers made. */
class PaymentTest {
    private static final Keccak256 KECCAK = input -> {
        KeccakDigest digest = new KeccakDigest(256);
        digest.update(input, 0, input.length);
        byte[] hash = new byte[Hash256.BYTES];
        digest.doFinal(hash, 0);
        return Hash256.of(hash);
    };

    private static JsonValue vectors() throws Exception {
        try (InputStream in = PaymentTest.class.getResourceAsStream("../vectors/payment.json")) {
            return JsonValue.parse(in.readAllBytes());
        }
    }

    private static WalletAddress wallet(JsonValue json, String name) {
        return WalletAddress.parse(json.string(name).orElseThrow(), KECCAK).orElseThrow();
    }

    private static SettlementId settlement(JsonValue json) {
        return new SettlementId(json.integer("chainId").orElseThrow(), wallet(json, "settlement"));
    }

    @Test
    void voucherDigestsAreThoseOfOtherSoftware() throws Exception {
        List<JsonValue> vectors = vectors().member("vouchers").orElseThrow().elements();
        assertEquals(4, vectors.size());
        for (JsonValue vector : vectors) {
            Voucher voucher = new Voucher(wallet(vector, "payer"), wallet(vector, "payee"),
                    vector.integer("cumulative").orElseThrow(),
                    Hash256.parse(vector.string("ledgerRoot").orElseThrow()).orElseThrow());
            assertEquals(vector.string("digest").orElseThrow(), voucher.digest(settlement(vector), KECCAK).toString());
        }
    }

    @Test
    void voucherOfAnotherChainContractPayeeOrAmountHasAnotherDigest() {
        WalletAddress one = WalletAddress.of(filled(20, 1));
        WalletAddress two = WalletAddress.of(filled(20, 2));
        Hash256 root = Hash256.of(filled(32, 3));
        Hash256 digest = new Voucher(one, two, 5, root).digest(new SettlementId(1, one), KECCAK);
        assertFalse(digest.equals(new Voucher(one, two, 5, root).digest(new SettlementId(2, one), KECCAK)));
        assertFalse(digest.equals(new Voucher(one, two, 5, root).digest(new SettlementId(1, two), KECCAK)));
        assertFalse(digest.equals(new Voucher(one, one, 5, root).digest(new SettlementId(1, one), KECCAK)));
        assertFalse(digest.equals(new Voucher(one, two, 6, root).digest(new SettlementId(1, one), KECCAK)));
        assertThrows(IllegalArgumentException.class, () -> new Voucher(one, two, -1, root));
    }

    @Test
    void statementDigestIsThatOfOtherSoftwareAndItsJsonIsRead() throws Exception {
        JsonValue vector = vectors().member("statement").orElseThrow();
        Map<Resource, Long> units = new EnumMap<>(Resource.class);
        for (Resource resource : Resource.values()) {
            units.put(resource, vector.integer(resource.label()).orElseThrow());
        }
        Statement statement = new Statement(wallet(vector, "node"), wallet(vector, "owner"),
                vector.integer("time").orElseThrow(), vector.integer("ledgerIndex").orElseThrow(),
                Hash256.parse(vector.string("ledgerRoot").orElseThrow()).orElseThrow(), units,
                vector.integer("earned").orElseThrow(), vector.integer("owed").orElseThrow(),
                vector.integer("acknowledged").orElseThrow(), vector.integer("settled").orElseThrow());
        assertEquals(vector.string("digest").orElseThrow(), statement.digest(settlement(vector), KECCAK).toString());
        assertEquals(statement, Statement.parse(statement.json().build(), KECCAK).orElseThrow());
        assertTrue(Statement.parse(JsonValue.object().put("node", "0x").build(), KECCAK).isEmpty());
    }

    @Test
    void labelsAreThoseOfReports() {
        assertEquals("[relayBytes, storedByteSeconds, serviceFuel, egressBytes, uptimeEpochs]",
                Arrays.stream(Resource.values()).map(Resource::label).toList().toString());
    }

    @Test
    void costIsRoundedDownAndDoesNotOverflow() {
        assertEquals(0, Resource.RELAY_BYTES.cost((1 << 20) - 1, 1));
        assertEquals(1, Resource.RELAY_BYTES.cost(1 << 20, 1));
        assertEquals(976_562L * 1024, PriceList.PAR.cost(Resource.RELAY_BYTES, 1L << 30));
        // A TiB for 30 days at par: 2^40 * 2592000 * 32552 does not fit 63 bits.
        assertEquals(32_552L * 30 * (1 << 20),
                PriceList.PAR.cost(Resource.STORED_BYTE_SECONDS, (1L << 40) * 2_592_000));
        assertThrows(IllegalArgumentException.class, () -> Resource.RELAY_BYTES.cost(-1, 1));
        assertThrows(ArithmeticException.class, () -> Resource.UPTIME_EPOCHS.cost(Long.MAX_VALUE, 2));
    }

    @Test
    void unitsForAnAmountNeverCostMoreThanIt() {
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            long amount = random.nextLong(1L << 40);
            long price = 1 + random.nextLong(1_000_000);
            long units = Resource.EGRESS_BYTES.unitsFor(amount, price);
            assertTrue(Resource.EGRESS_BYTES.cost(units, price) <= amount);
        }
    }

    @Test
    void aCreditBuysAGibibyteAtPar() {
        assertTrue(PriceList.PAR.cost(Resource.RELAY_BYTES, 1L << 30) <= 1_000_000_000);
        assertTrue(PriceList.PAR.cost(Resource.STORED_BYTE_SECONDS, (1L << 30) * 86_400 * 30) <= 1_000_000_000);
        assertTrue(PriceList.PAR.isWithinPar());
        assertFalse(new PriceList(976_563, 0, 0, 0).isWithinPar());
        assertEquals(PriceList.PAR, PriceList.parse(PriceList.PAR.json()).orElseThrow());
        assertTrue(PriceList.parse(JsonValue.object().put("relayMiB", -1).build()).isEmpty());
    }

    static List<LedgerEntry> entries() {
        WalletAddress one = WalletAddress.of(filled(20, 1));
        WalletAddress two = WalletAddress.of(filled(20, 2));
        Hash256 hash = Hash256.of(filled(32, 9));
        WalletSignature signature = WalletSignature.of(signature());
        return List.of(
                new LedgerEntry.Mail(1, one, new KeyId(77), hash, 1024, List.of()),
                new LedgerEntry.Mail(2, one, new KeyId(77), hash, 1024, List.of(two, one, two)),
                new LedgerEntry.Stored(3, List.of(new LedgerEntry.Stored.Share(one, 5),
                        new LedgerEntry.Stored.Share(two, Long.MAX_VALUE))),
                new LedgerEntry.Called(4, one, 1_000_000, 17),
                new LedgerEntry.Egress(5, one, 99),
                new LedgerEntry.Uptime(6, 1000, 1010, 6),
                new LedgerEntry.Terms(7, PriceList.PAR, 1, 2, 3, 4),
                new LedgerEntry.Granted(8, two, 1L << 52),
                new LedgerEntry.Promised(9, new Voucher(one, two, 12, hash), signature, true),
                new LedgerEntry.Paid(10, one, 12, hash),
                new LedgerEntry.Given(11, two, 13));
    }

    @Test
    void everyKindOfEntryIsReadAsItWasWritten() throws Exception {
        for (LedgerEntry entry : entries()) {
            LedgerEntry read = LedgerEntry.parse(entry.encode());
            assertEquals(entry, read);
            assertArrayEquals(entry.encode(), read.encode());
        }
        assertEquals(75, entries().get(0).encode().length, "bytes that a message costs the ledger");
    }

    @Test
    void entryThatIsCutLongerOrOfAnotherKindIsRefused() {
        List<byte[]> wrong = new ArrayList<>();
        for (LedgerEntry entry : entries()) {
            byte[] bytes = entry.encode();
            for (int length = 0; length < bytes.length; length++) {
                wrong.add(Arrays.copyOf(bytes, length));
            }
            wrong.add(Arrays.copyOf(bytes, bytes.length + 1));
            for (int kind : new int[] {0, 11, 127, -1}) {
                byte[] other = bytes.clone();
                other[1] = (byte) kind;
                wrong.add(other);
            }
            byte[] version = bytes.clone();
            version[0] = 2;
            wrong.add(version);
        }
        for (byte[] bytes : wrong) {
            assertEquals(RefuseReason.RECEIPT_MALFORMED,
                    assertThrows(RefusedException.class, () -> LedgerEntry.parse(bytes)).reason());
        }
    }

    @Test
    void whateverBytesGiveAnEntryOrTheOneRefusal() {
        Random random = new Random(11);
        List<LedgerEntry> samples = entries();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = samples.get(random.nextInt(samples.size())).encode();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                assertArrayEquals(bytes, LedgerEntry.parse(bytes).encode());
            } catch (RefusedException refused) {
                assertEquals(RefuseReason.RECEIPT_MALFORMED, refused.reason());
            }
        }
    }

    @Test
    void paymentNamesItsPayeeAndHasAllItsParts() throws Exception {
        WalletAddress payer = WalletAddress.of(filled(20, 1));
        WalletAddress payee = WalletAddress.of(filled(20, 2));
        Voucher voucher = new Voucher(payer, payee, 5, Hash256.of(filled(32, 3)));
        WalletSignature signature = WalletSignature.of(signature());
        JsonValue message = AccountCommands.pay(
                AccountCommands.begin(AccountCommands.PAY, payer, 1, "n"), voucher, signature).build();
        AccountCommands.Payment payment = AccountCommands.Payment.parse(message, payer, payee);
        assertEquals(voucher, payment.voucher());
        assertEquals(signature, payment.signature());
        assertEquals(RefuseReason.VOUCHER_FOREIGN, assertThrows(RefusedException.class,
                () -> AccountCommands.Payment.parse(message, payer, payer)).reason());
        for (String member : List.of("cumulative", "ledgerRoot", "signature")) {
            JsonValue.Builder without = JsonValue.object();
            ((JsonValue.Obj) message).members().forEach((name, value) -> {
                if (!name.equals(member)) {
                    without.put(name, value);
                }
            });
            assertEquals(RefuseReason.COMMAND_MALFORMED, assertThrows(RefusedException.class,
                    () -> AccountCommands.Payment.parse(without.build(), payer, payee)).reason(), member);
        }
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] signature() {
        byte[] bytes = filled(WalletSignature.BYTES, 4);
        bytes[WalletSignature.BYTES - 1] = 27;
        return bytes;
    }
}
