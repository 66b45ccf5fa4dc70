package network.conet.edge.services.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Counter;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.service.ServiceCommands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallsTest {
    private static final String ABLE = ",\"capabilities\":{\"clock\":{},\"random\":{},\"caller\":{},"
            + "\"kv\":{\"quotaBytes\":20},\"stream\":{},"
            + "\"mail\":{\"messagesPerHour\":2},\"http\":{\"hosts\":[\"example.org\"]},\"tunnel\":{}}";
    private final ServicesBench bench = new ServicesBench();
    private final WalletAddress caller = ServicesBench.wallet().address();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void callIsAnsweredSealedWithItsOutcome() throws Exception {
        bench.install("echo", "1.0.0", "", ServicesBench.module("moody"));
        SealedExchange.Answer answer = bench.call("echo", "ehello");
        assertTrue(answer.isOk());
        assertEquals("hello", answer.text());
        assertEquals("1.0.0", answer.outcome().string("version").orElseThrow());
        assertTrue(answer.outcome().integer("fuel").orElseThrow() > 0);
        assertEquals(0, answer.outcome().integer("charged").orElseThrow());
        assertEquals(1, bench.counters.value(Counter.SERVICE_CALLS));
    }

    @Test
    void faultIsToldCountedAndItsFuelToo() throws Exception {
        bench.install("echo", "1.0.0", ",\"limits\":{\"fuel\":100000}", ServicesBench.module("moody"));
        SealedExchange.Answer answer = bench.call("echo", "l");
        assertEquals("fuel_spent", answer.reason());
        assertEquals(100_000, answer.outcome().integer("fuel").orElseThrow());
        assertEquals(1, bench.counters.refusals(RefuseReason.FUEL_SPENT));
    }

    @Test
    void unknownServiceAndVersionAreSaid() throws Exception {
        bench.install("echo", "1.0.0", "", ServicesBench.module("moody"));
        assertEquals("service_unknown", bench.call("other", "e").reason());
        assertEquals("service_unknown", bench.call(caller, "echo", "2.0.0", "e").reason());
        assertTrue(bench.call(caller, "echo", "1.0.0", "e").isOk());
    }

    @Test
    void inputMayBeExactlyAsLongAsItsLimit() throws Exception {
        bench.install("echo", "1.0.0", ",\"limits\":{\"inputBytes\":6}", ServicesBench.module("moody"));
        assertTrue(bench.call("echo", "ehello").isOk());
        assertEquals("input_too_large", bench.call("echo", "ehello!").reason());
    }

    @Test
    void malformedCallIsRefusedBeforeAnythingIsSealed() throws Exception {
        SealedExchange exchange = new SealedExchange(1);
        bench.calls.call(caller, JsonValue.object().put("service", "echo").build(), exchange);
        assertEquals(RefuseReason.COMMAND_MALFORMED, exchange.answer().refusal());
    }

    @Test
    void callWithoutCreditGetsAQuoteThatItCanPay() throws Exception {
        bench.install("echo", "1.0.0", ",\"price\":{\"call\":500,\"megafuel\":3},\"limits\":{\"fuel\":2000000}",
                ServicesBench.module("moody"));
        SealedExchange.Answer refused = bench.call(caller, "echo", null, "ehello");
        assertEquals("payment_required", refused.reason());
        JsonValue quote = refused.outcome().member("quote").orElseThrow();
        assertEquals(506, quote.integer("reserve").orElseThrow());
        assertEquals(0, quote.integer("balance").orElseThrow());
        assertEquals(500, quote.integer("call").orElseThrow());

        bench.accounts.grant(caller, 505);
        assertEquals("payment_required", bench.call(caller, "echo", null, "ehello").reason());
        bench.accounts.grant(caller, 1);
        SealedExchange.Answer served = bench.call(caller, "echo", null, "ehello");
        assertTrue(served.isOk());
        assertEquals(503, served.outcome().integer("charged").orElseThrow());
        assertEquals(3, bench.accounts.balance(caller));
    }

    @Test
    void failedCallIsPaidForWhatItUsedAndNeverMoreThanWasSetAside() throws Exception {
        bench.install("echo", "1.0.0", ",\"price\":{\"megafuel\":10},\"limits\":{\"fuel\":1000000}",
                ServicesBench.module("moody"));
        bench.accounts.grant(caller, 100);
        assertEquals(10, bench.call(caller, "echo", null, "l").outcome().integer("charged").orElseThrow());
        assertEquals(90, bench.accounts.balance(caller));
    }

    @Test
    void oneWalletThatMakesAServiceTrapIsPausedAndNobodyElse() throws Exception {
        bench.install("echo", "1.0.0", "", ServicesBench.module("moody"));
        for (int i = 0; i < ServicesLimits.WALLET_FAULTS_MAX; i++) {
            assertEquals("guest_trapped", bench.call(caller, "echo", null, "t").reason());
        }
        assertEquals("service_quarantined", bench.call(caller, "echo", null, "ehello").reason());
        assertTrue(bench.call("echo", "ehello").isOk());
        bench.clock.advanceMillis(ServicesLimits.WALLET_PAUSE.toMillis());
        assertTrue(bench.call(caller, "echo", null, "ehello").isOk());
    }

    @Test
    void serviceThatFailsManyWalletsIsShutOffSaysSoAndComesBack() throws Exception {
        bench.install("echo", "1.0.0", "", ServicesBench.module("moody"));
        for (int i = 0; i < ServicesLimits.RECENT_FAULTS_MAX; i++) {
            bench.call("echo", "t");
        }
        assertEquals("service_quarantined", bench.call("echo", "ehello").reason());
        assertEquals(List.of("services.quarantined"),
                bench.health.check().stream().map(item -> item.code()).toList());
        bench.clock.advanceMillis(ServicesLimits.QUARANTINE.toMillis());
        assertTrue(bench.call("echo", "ehello").isOk());
        assertEquals(List.of(), bench.health.check());
    }

    @Test
    void ownerLetsAServiceServeAgain() throws Exception {
        bench.install("echo", "1.0.0", "", ServicesBench.module("moody"));
        for (int i = 0; i < ServicesLimits.RECENT_FAULTS_MAX; i++) {
            bench.call("echo", "t");
        }
        assertTrue(bench.manage(ServicesBench.OWNER.address(), ServiceCommands.RELEASE,
                Map.of("service", JsonValue.of("echo"))).isOk());
        assertTrue(bench.call("echo", "ehello").isOk());
    }

    @Test
    void answersThatTheServiceChoseAreNoFaults() throws Exception {
        bench.install("echo", "1.0.0", "", ServicesBench.module("moody"));
        for (int i = 0; i < 2 * ServicesLimits.RECENT_CALLS; i++) {
            assertEquals("guest_failed", bench.call(caller, "echo", null, "z").reason());
        }
        assertTrue(bench.call(caller, "echo", null, "ehello").isOk());
    }

    @Test
    void stateIsKeptBetweenCallsAndWithinItsQuota() throws Exception {
        bench.install("able", "1.0.0", ABLE, ServicesBench.module("able"));
        bench.call("able", "pfifteen bytes..");
        assertEquals("fifteen bytes..", bench.call("able", "g").text());
        assertEquals("-2", bench.call("able", "psixteen bytes...").text());
        assertEquals("fifteen bytes..", bench.call("able", "g").text());
        bench.values.isFailing = true;
        assertEquals("-4", bench.call("able", "px").text());
    }

    @Test
    void mailIsSentAsOftenAsTheHourAllows() throws Exception {
        bench.install("able", "1.0.0", ABLE, ServicesBench.module("able"));
        String message = "m" + "w".repeat(20) + "hi";
        assertEquals("", bench.call("able", message).text());
        assertEquals("", bench.call("able", message).text());
        assertEquals("-2", bench.call("able", message).text());
        assertEquals(List.of("hi", "hi"), bench.sent);
        bench.clock.advanceMillis(3_600_000);
        assertEquals("", bench.call("able", message).text());
    }

    @Test
    void fetchReachesOnlyHostsOfTheList() throws Exception {
        bench.install("able", "1.0.0", ABLE, ServicesBench.module("able"));
        assertEquals("-5", bench.call("able", "hGET http://example.com/\n\n").text());
        assertEquals("-3", bench.call("able", "hGET ftp://example.org/\n\n").text());
        assertEquals("-4", bench.call("able", "hGET http://example.org/\n\n").text(), "this node has no dialer");
    }

    @Test
    void policyAllowsATargetByNotingIt() throws Exception {
        bench.install("proxy", "1.0.0", ABLE + ",\"commands\":[\"SaaS_Sock5\"]", ServicesBench.module("able"));
        assertEquals(new TunnelPlan("example.org", 443, 60, 1_000_000),
                decide("SaaS_Sock5", "uexample.org").plan().orElseThrow());
        assertEquals(RefuseReason.TARGET_FORBIDDEN, decide("SaaS_Sock5", "x").refusal().orElseThrow());
        assertEquals(RefuseReason.COMMAND_UNKNOWN, decide("SilentPass", "uexample.org").refusal().orElseThrow());
    }

    private TunnelPolicy.Decision decide(String command, String input) throws Exception {
        CompletableFuture<TunnelPolicy.Decision> decision = new CompletableFuture<>();
        bench.calls.decide(command, caller, input.getBytes(StandardCharsets.UTF_8),
                decision::complete);
        return decision.get();
    }

    @Test
    void callsAreRefusedOnceTheNodeStops() throws Exception {
        bench.install("echo", "1.0.0", "", ServicesBench.module("moody"));
        bench.close();
        SealedExchange.Answer answer = bench.call("echo", "ehello");
        assertEquals(RefuseReason.STOPPING, answer.refusal());
        assertNull(answer.outcome());
        assertFalse(answer.isOk());
    }
}
