package network.conet.edge.relay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import network.conet.edge.protocol.Command;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.Plaintext;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;

class CommandCheckTest {
    private static final long NOW = 1_700_000_000L;

    private final FakeSignatures signatures = new FakeSignatures();
    private final SettableClock clock = new SettableClock(NOW * 1000 + 999);
    private final WalletAddress wallet = signatures.wallet("wallet");
    private final WalletAddress payer = signatures.wallet("payer");
    private final Set<WalletAddress> listening = new HashSet<>();
    private final CommandCheck check = new CommandCheck(signatures, clock, false, listening::contains);
    private final CommandCheck trusting = new CommandCheck(signatures, clock, true, listening::contains);

    @Test
    void acceptsPersonalSignAndBareHash() throws RefusedException {
        String text = command("mining").build().toString();
        assertInstanceOf(Command.Listen.class, check.check(signed(text, wallet)).command());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        WalletSignature bare = signatures.sign(signatures.hash(bytes), wallet);
        Command command = check.check(new Plaintext.Signed(text, bare)).command();
        assertEquals(wallet, command.header().wallet());
    }

    @Test
    void verifiesTheTextExactlyAsItCame() throws RefusedException {
        String spaced = "{ \"walletAddress\" : \"" + wallet + "\",\r\n\"command\":\"mining\" , \"x\":\"\u00fc\"}";
        assertInstanceOf(Command.Listen.class, check.check(signed(spaced, wallet)).command());
        WalletSignature ofOther = signatures.signPersonal(spaced + " ", wallet);
        assertRefused(RefuseReason.SIGNER_FOREIGN, check, new Plaintext.Signed(spaced, ofOther));
    }

    @Test
    void refusesAForeignSignerAndAnImpossibleSignature() {
        String text = command("mining").build().toString();
        assertRefused(RefuseReason.SIGNER_FOREIGN, check, signed(text, payer));
        byte[] bytes = signatures.signPersonal(text, wallet).bytes();
        bytes[40] = 1;
        assertRefused(RefuseReason.SIGNATURE_MALFORMED, check,
                new Plaintext.Signed(text, WalletSignature.of(bytes)));
    }

    @Test
    void refusesWhatIsNoCommand() {
        assertRefused(RefuseReason.COMMAND_MALFORMED, check, signed("{}", wallet));
        assertRefused(RefuseReason.COMMAND_MALFORMED, check, signed("mining", wallet));
    }

    @Test
    void lastsOnTheWalletAloneUnlessTheBillingWalletIsTrusted() throws RefusedException {
        String text = command("mining").put("billingWallet", payer.toString()).build().toString();
        assertRefused(RefuseReason.SIGNER_FOREIGN, check, signed(text, payer));
        assertEquals(wallet, check.check(signed(text, wallet)).command().header().wallet());
        assertEquals(wallet, trusting.check(signed(text, payer)).command().header().wallet());
        assertRefused(RefuseReason.SIGNER_FOREIGN, trusting, signed(text, wallet));
        String own = command("mining").build().toString();
        assertEquals(wallet, trusting.check(signed(own, wallet)).command().header().wallet());
    }

    @Test
    void acceptsTimesUpToTheWindowAndNotASecondMore() throws RefusedException {
        for (String name : new String[] {"mining", "mailbox_listen", "gossip_delivery_ack"}) {
            for (long edge : new long[] {NOW - 600, NOW + 600}) {
                check.check(signed(timed(name, edge), wallet));
            }
            for (long outside : new long[] {NOW - 601, NOW + 601, 0, -1, -(1L << 52)}) {
                assertRefused(RefuseReason.TIMESTAMP_OUTSIDE_WINDOW, check, signed(timed(name, outside), wallet));
            }
        }
    }

    @Test
    void asksNoTimeOfCommandsThatNeedNone() throws RefusedException {
        check.check(signed(command("mining").build().toString(), wallet));
        check.check(signed(timed("mining", NOW * 1000), wallet));
        check.check(signed(timed("mining", RelayLimits.SECONDS_PLAUSIBLE_MAX + 1), wallet));
        assertRefused(RefuseReason.TIMESTAMP_OUTSIDE_WINDOW, check,
                signed(timed("mining", RelayLimits.SECONDS_PLAUSIBLE_MAX), wallet));
        assertRefused(RefuseReason.TIMESTAMP_OUTSIDE_WINDOW, check,
                signed(timed("gossip_delivery_ack", NOW * 1000), wallet));
        assertRefused(RefuseReason.COMMAND_MALFORMED, check,
                signed(command("gossip_delivery_ack").put("armorHash", hash()).build().toString(), wallet));
    }

    @Test
    void leavesTheTimeOfAnOnlineQueryToItsAnswer() throws RefusedException {
        check.check(signed(timed("wallet_online_query", NOW - 601), wallet));
        assertTrue(check.isTimely(OptionalLong.of(NOW - 600)));
        assertFalse(check.isTimely(OptionalLong.of(NOW - 601)));
        assertTrue(check.isTimely(OptionalLong.of(NOW + 600)));
        assertFalse(check.isTimely(OptionalLong.of(NOW + 601)));
        assertFalse(check.isTimely(OptionalLong.empty()));
        assertFalse(check.isTimely(OptionalLong.of(Long.MAX_VALUE)));
        assertFalse(check.isTimely(OptionalLong.of(Long.MIN_VALUE)));
    }

    @Test
    void runsASignedCommandOnce() throws RefusedException {
        Plaintext.Signed listen = signed(timed("mining", NOW), wallet);
        check.check(listen);
        assertRefused(RefuseReason.COMMAND_REPLAYED, check, listen);
        check.check(signed(command("mining").put("n", 2).build().toString(), wallet));
    }

    @Test
    void letsTheSameListenComeAgainOnlyWhileNobodyListens() throws RefusedException {
        Plaintext.Signed listen = signed(command("mining").build().toString(), wallet);
        check.check(listen);
        check.check(listen);
        listening.add(wallet);
        assertRefused(RefuseReason.COMMAND_REPLAYED, check, listen);
        check.check(signed(command("mining").put("n", 2).build().toString(), wallet));
        listening.remove(wallet);
        check.check(listen);
    }

    @Test
    void letsAnAcknowledgementComeThroughSeveralEntries() throws RefusedException {
        Plaintext.Signed ack = signed(timed("gossip_delivery_ack", NOW), wallet);
        check.check(ack);
        check.check(ack);
    }

    @Test
    void letsTheTwoLegsOfATunnelBeOneCommandAndNoThird() throws RefusedException {
        Plaintext.Signed legs = signed(command("SaaS_Sock5_v2").build().toString(), wallet);
        check.check(legs);
        check.check(legs);
        assertRefused(RefuseReason.COMMAND_REPLAYED, check, legs);
        Plaintext.Signed other = signed(command("SaaS_Sock5").build().toString(), wallet);
        check.check(other);
        assertRefused(RefuseReason.COMMAND_REPLAYED, check, other);
    }

    @Test
    void remembersServicesCommandsWhateverElseComes() throws RefusedException {
        Plaintext.Signed call = signed(timed("service_call", NOW), wallet);
        Plaintext.Signed legs = signed(timed("SaaS_Sock5_v2", NOW), wallet);
        check.check(call);
        check.check(legs);
        for (int i = 0; i < RelayLimits.REPLAY_MEMORY_COMMANDS; i++) {
            check.check(signed(command("mining").put("n", i).build().toString(), wallet));
        }
        assertRefused(RefuseReason.COMMAND_REPLAYED, check, call);
        assertRefused(RefuseReason.COMMAND_REPLAYED, check, legs);
        assertRefused(RefuseReason.TIMESTAMP_OUTSIDE_WINDOW, check, signed(timed("service_call", NOW - 1), wallet));
    }

    @Test
    void doesNotRememberWhatItRefused() throws RefusedException {
        String text = timed("mining", NOW + 601);
        assertRefused(RefuseReason.TIMESTAMP_OUTSIDE_WINDOW, check, signed(text, wallet));
        clock.advanceMillis(1000);
        check.check(signed(text, wallet));
        assertRefused(RefuseReason.COMMAND_REPLAYED, check, signed(text, wallet));
    }

    private JsonValue.Builder command(String name) {
        return JsonValue.object().put("command", name).put("walletAddress", wallet.toString());
    }

    private String timed(String name, long seconds) {
        return command(name).put("timestamp", seconds).put("armorHash", hash()).build().toString();
    }

    private String hash() {
        return signatures.hash(new byte[0]).toString();
    }

    private Plaintext.Signed signed(String text, WalletAddress signer) {
        return new Plaintext.Signed(text, signatures.signPersonal(text, signer));
    }

    private static void assertRefused(RefuseReason reason, CommandCheck check, Plaintext.Signed signed) {
        assertEquals(reason, assertThrows(RefusedException.class, () -> check.check(signed)).reason());
    }
}
