package network.conet.edge.protocol;

import static network.conet.edge.protocol.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandCodecTest {
    private static final String WALLET = "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf";
    private static final String HASH = Vectors.primitive("armorHash", "keccak256");
    private static final String SIGNATURE = Vectors.primitive("hop", "signature");

    @ParameterizedTest
    @CsvSource({
        "07-cmd-unknown, OfService", "08-cmd-bad-signature, Listen", "09-cmd-sock5-no-passport, OfService",
        "12-ack-live, DeliveryAck", "13-ack-again, DeliveryAck", "16-online-query-online, OnlineQuery",
        "22-listen-direct, Listen", "30-mining-validator, MiningValidator", "33-flush-into-dead-reader, Listen",
        "35-listen-mining, Listen", "36-l0-connect, OfService", "37-l0-listen, OfService"})
    void readsRecordedCommands(String id, String kind) throws RefusedException {
        assertEquals(kind, recorded(id).getClass().getSimpleName());
    }

    @Test
    void readsTheMembersOfRecordedCommands() throws RefusedException {
        Command.DeliveryAck ack = assertInstanceOf(Command.DeliveryAck.class, recorded("12-ack-live"));
        assertEquals(Vectors.keccak(Vectors.utf8(Vectors.armor("11-send-live"))), ack.armorHash());
        assertEquals(OptionalLong.of(1_795_385_476), ack.header().timestampSeconds());
        assertEquals("0x7f473501e33422a1e23d4e993ad845b0bcfa54fc", ack.header().wallet().toString());
        Command.OnlineQuery query = assertInstanceOf(Command.OnlineQuery.class, recorded("16-online-query-online"));
        assertEquals(ack.header().wallet(), query.target().orElseThrow());
        Command.MiningValidator validator =
                assertInstanceOf(Command.MiningValidator.class, recorded("30-mining-validator"));
        assertEquals(692, validator.frame().epoch());
        assertEquals(Vectors.Keys.NODE_B, validator.frame().nodeKeyId().toString());
        assertTrue(validator.minerResponse().toString().startsWith("0xbd63c502"));
        String answer = new String(Vectors.stream(Vectors.recorded("30-mining-validator.res")),
                StandardCharsets.UTF_8);
        assertTrue(answer.startsWith(validator.requestData().toString()), "echoed as the existing node does");
    }

    /** Each row is a whole set of members beside walletAddress; none is a command. */
    @ParameterizedTest
    @ValueSource(strings = {
        "\"x\":1", "\"command\":null", "\"command\":1", "\"command\":[\"mining\"]",
        "\"command\":\"mining\",\"billingWallet\":\"x\"", "\"command\":\"mining\",\"billingWallet\":\"0x7E5F\"",
        "\"command\":\"mining_validator\"", "\"command\":\"mining_validator\",\"requestData\":null",
        "\"command\":\"mining_validator\",\"requestData\":[]", "\"command\":\"mining_validator\",\"requestData\":{}",
        "\"command\":\"gossip_delivery_ack\"", "\"command\":\"gossip_delivery_ack\",\"timestamp\":1",
        "\"command\":\"gossip_delivery_ack\",\"timestamp\":1,\"armorHash\":\"\"",
        "\"command\":\"gossip_delivery_ack\",\"timestamp\":1,\"armorHash\":1",
        "\"command\":\"gossip_delivery_ack\",\"timestamp\":1,\"armorHash\":\"0x00\"",
        "\"command\":\"route_register\"", "\"command\":\"route_register\",\"timestamp\":1"})
    void refusesCommandsWithMalformedMembers(String members) {
        assertRefused(RefuseReason.COMMAND_MALFORMED,
                () -> parse("{\"walletAddress\":\"" + WALLET + "\"," + members + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "\"1700000000\"", "1.5", "[]", "1e300", "9007199254740992"})
    void refusesAcknowledgementsWithoutAWholeTimestamp(String timestamp) {
        String member = timestamp.isEmpty() ? "" : ",\"timestamp\":" + timestamp;
        assertRefused(RefuseReason.COMMAND_MALFORMED, () -> parse("{\"command\":\"gossip_delivery_ack\","
                + "\"walletAddress\":\"" + WALLET + "\",\"armorHash\":\"" + HASH + "\"" + member + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mining", "mailbox_listen", "mining_validator", "gossip_delivery_ack",
        "wallet_online_query", "route_register", "nope", ""})
    void refusesEveryCommandWithoutAWallet(String name) {
        for (String wallet : new String[] {"null", "1", "\"\"", "\"0x00\"",
            "\"0x7e5F4552091A69125d5DfCb7b8C2659029395Bdf\"", "[\"" + WALLET + "\"]"}) {
            assertRefused(RefuseReason.COMMAND_MALFORMED,
                    () -> parse("{\"command\":\"" + name + "\",\"walletAddress\":" + wallet + "}"));
        }
        assertRefused(RefuseReason.COMMAND_MALFORMED, () -> parse("{\"command\":\"" + name + "\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "1", "[]", "\"mining\"", "{", "mining", "{\"command\":\"mining\"} x"})
    void refusesTextThatIsNoObject(String text) {
        assertRefused(RefuseReason.COMMAND_MALFORMED, () -> parse(text));
    }

    /** Each row replaces one member of a good request. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "epoch; null", "epoch; \"\"", "epoch; \"-2\"", "epoch; -2", "epoch; 1.5", "epoch; \"1e3\"", "epoch; \" 12\"",
        "epoch; \"1234567890123456789\"", "epoch; []", "hash; null", "hash; \"0x00\"", "nodeWallet; null",
        "nodeWallet; \"0x00\"", "nodeDomain; null", "nodeDomain; \"17C0\"", "nodeDomain; 1",
        "minerResponseHash; null", "minerResponseHash; \"\"", "minerResponseHash; \"0x00\""})
    void refusesValidatorRequestsWithAMalformedMember(String name, String value) throws RefusedException {
        assertInstanceOf(Command.MiningValidator.class, parse(validator("x", "1")));
        String text = validator(name, value);
        assertRefused(RefuseReason.COMMAND_MALFORMED, () -> parse(text));
    }

    @Test
    void readsEpochsWrittenEitherWay() throws RefusedException {
        for (String epoch : new String[] {"692", "\"692\"", "\"00692\"", "692.0"}) {
            Command.MiningValidator command = (Command.MiningValidator) parse(validator("epoch", epoch));
            assertEquals(692, command.frame().epoch());
        }
    }

    @Test
    void onlyTrueMakesAUser() throws RefusedException {
        assertTrue(((Command.MiningValidator) parse(validator("isUser", "true"))).isUser());
        for (String other : new String[] {"false", "null", "1", "\"true\""}) {
            assertFalse(((Command.MiningValidator) parse(validator("isUser", other))).isUser());
        }
    }

    @Test
    void readsListenKinds() throws RefusedException {
        for (String kind : new String[] {"\"chat\"", "\"mining\"", "\"\"", "null", "1"}) {
            assertInstanceOf(Command.Listen.class, parse(command("mining", "\"listenKind\":" + kind)));
        }
        assertInstanceOf(Command.Listen.class, parse(command("mining", "\"x\":1")));
        assertInstanceOf(Command.Listen.class, parse(command("mailbox_listen", "\"listenKind\":\"udp\"")));
        for (String kind : new String[] {"udp", "udp_server", "l0", "Chat"}) {
            Command.OfService unknown = assertInstanceOf(
                    Command.OfService.class, parse(command("mining", "\"listenKind\":\"" + kind + "\"")));
            assertEquals("mining." + kind, unknown.name());
        }
    }

    @Test
    void readsTheBillingWallet() throws RefusedException {
        String other = "0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF";
        assertEquals(Optional.empty(), billing("null"));
        assertEquals(Optional.empty(), billing("\"\""));
        assertEquals(WALLET, billing("\"" + WALLET + "\"").orElseThrow().toString());
        assertEquals(other.toLowerCase(Locale.ROOT), billing("\"" + other + "\"").orElseThrow().toString());
    }

    @Test
    void readsTheReplyKeyOrRefusesIt() throws RefusedException {
        String key = "A".repeat(43) + "=";
        assertEquals(key, parse(command("mining", "\"replyKey\":\"" + key + "\"")).header().replyKey()
                .orElseThrow().base64());
        assertEquals(Optional.empty(), parse(command("mining", "\"x\":1")).header().replyKey());
        for (String bad : List.of("null", "1", "\"\"", "\"" + "A".repeat(42) + "==\"", "\"" + "A".repeat(44) + "\"",
                "\"" + "*".repeat(44) + "\"")) {
            Refusals.assertRefused(RefuseReason.COMMAND_MALFORMED,
                    () -> parse(command("mining", "\"replyKey\":" + bad)));
        }
    }

    @Test
    void readsQueriesWithoutATarget() throws RefusedException {
        for (String target : new String[] {"null", "1", "\"\"", "\"0x00\""}) {
            Command.OnlineQuery query = assertInstanceOf(Command.OnlineQuery.class,
                    parse(command("wallet_online_query", "\"targetWallet\":" + target)));
            assertEquals(Optional.empty(), query.target());
            assertEquals(OptionalLong.empty(), query.header().timestampSeconds());
        }
    }

    @Test
    void countsTheLastOfTwoMembersAsJavaScriptDoes() throws RefusedException {
        assertInstanceOf(Command.Listen.class, parse(command("nope", "\"command\":\"mining\"")));
    }

    @Test
    void namesAreExact() throws RefusedException {
        for (String name : List.of("Mining", "mining ", "constructor", "__proto__")) {
            assertEquals(name, assertInstanceOf(Command.OfService.class, parse(command(name, "\"x\":1"))).name());
        }
    }

    private static Optional<WalletAddress> billing(String value) throws RefusedException {
        return parse(command("mining", "\"billingWallet\":" + value)).header().billingWallet();
    }

    private static String command(String name, String members) {
        return "{\"command\":\"" + name + "\",\"walletAddress\":\"" + WALLET + "\"," + members + "}";
    }

    private static String validator(String name, String value) {
        String data = "{\"epoch\":\"692\",\"hash\":\"" + SIGNATURE + "\",\"nodeWallet\":\"" + WALLET
                + "\",\"nodeDomain\":\"17C021A6BA2CFEEE\",\"minerResponseHash\":\"" + SIGNATURE + "\",\"" + name
                + "\":" + value + "}";
        return command("mining_validator", "\"requestData\":" + data);
    }

    private static Command recorded(String id) throws RefusedException {
        Plaintext.Signed signed = (Plaintext.Signed) Plaintext.parse(Vectors.plaintext(id));
        return parse(signed.message());
    }

    private static Command parse(String text) throws RefusedException {
        return CommandCodec.parse(text, Vectors::keccak);
    }
}
