package network.conet.edge.services.internal;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import network.conet.edge.api.Accounts;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Exchange;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.protocol.service.ServiceCall;
import network.conet.edge.protocol.service.ServiceManifest;
import network.conet.edge.services.guest.GuestEntry;
import network.conet.edge.services.guest.GuestModule;
import network.conet.edge.services.guest.GuestResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs calls on threads of its own, of the lowest priority, so that mail goes first. A call is checked, its price set
 * aside, run, paid, and its outcome sealed behind the reply.
 */
final class Calls implements TunnelPolicy, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final long IDLE_SECONDS = 30;

    private final ServiceBook book;
    private final CallParts parts;
    private final ThreadPoolExecutor threads;

    Calls(ServiceBook book, CallParts parts, int threadsMax) {
        this.book = book;
        this.parts = parts;
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(threadsMax, threadsMax, IDLE_SECONDS, TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(ServicesLimits.CALLS_WAITING_MAX), task -> {
                    Thread thread = new Thread(null, task, "conet-services-call-" + number.incrementAndGet(),
                            GuestModule.STACK_BYTES);
                    thread.setDaemon(true);
                    thread.setPriority(Thread.MIN_PRIORITY);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Ends the calls that run. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** Answers a {@code service_call}. */
    void call(WalletAddress caller, JsonValue message, Exchange exchange) {
        ServiceCall call;
        try {
            call = ServiceCall.parse(message);
        } catch (RefusedException malformed) {
            exchange.refuse(malformed.reason());
            return;
        }
        try {
            threads.execute(() -> run(caller, call, exchange));
        } catch (RejectedExecutionException full) {
            exchange.refuse(threads.isShutdown() ? RefuseReason.STOPPING : RefuseReason.SERVICE_BUSY);
        }
    }

    private void run(WalletAddress caller, ServiceCall call, Exchange exchange) {
        SealedReply reply = new SealedReply(exchange, call.replyKey(), parts.random());
        Optional<Installed> found = book.find(call.service(), call.version());
        Outcome outcome;
        try {
            Installed version = found.orElseThrow(() -> new RefusedException(RefuseReason.SERVICE_UNKNOWN));
            outcome = paid(version, caller, call.input(), reply);
        } catch (RefusedException refused) {
            outcome = new Outcome(found, Optional.of(refused.reason()), 0, 0);
        } catch (RuntimeException | AssertionError fault) {
            LOG.error("A call failed in the host", fault);
            outcome = new Outcome(found, Optional.of(RefuseReason.INTERNAL), 0, 0);
        }
        outcome.fault.ifPresent(parts.counters()::refused);
        reply.end(json(outcome, caller));
    }

    /** How a call ended, as the caller hears it. */
    private record Outcome(Optional<Installed> version, Optional<RefuseReason> fault, long fuel, long charged) {}

    private Outcome paid(Installed version, WalletAddress caller, byte[] input, SealedReply reply)
            throws RefusedException {
        ServiceManifest manifest = version.manifest();
        check(version, caller, input);
        if (manifest.price().isFree()) {
            Ended ended = runAndJudge(version, caller, input, reply::part);
            return new Outcome(Optional.of(ended.version), ended.result.fault(), ended.result.fuel(), 0);
        }
        long most = manifest.price().of(manifest.limits().fuel());
        Accounts accounts = accounts();
        accounts.reserve(caller, most);
        long fuel = 0;
        long cost = 0;
        try {
            Ended ended = runAndJudge(version, caller, input, reply::part);
            boolean wasRun = ended.result.fault().filter(RefuseReason.SERVICE_BUSY::equals).isEmpty();
            fuel = ended.result.fuel();
            cost = wasRun ? Math.min(most, manifest.price().of(fuel)) : 0;
            return new Outcome(Optional.of(ended.version), ended.result.fault(), fuel, cost);
        } finally {
            Waiting.on(accounts.charge(caller, most, fuel, cost));
        }
    }

    private Accounts accounts() throws RefusedException {
        return parts.accounts().get().orElseThrow(() -> new RefusedException(RefuseReason.PAYMENT_REQUIRED));
    }

    private static void check(Installed version, WalletAddress caller, byte[] input) throws RefusedException {
        switch (version.phase()) {
            case RETIRED -> throw new RefusedException(RefuseReason.SERVICE_UNKNOWN);
            case QUARANTINED -> throw new RefusedException(RefuseReason.SERVICE_QUARANTINED);
            default -> { }
        }
        if (version.isPaused(caller)) {
            throw new RefusedException(RefuseReason.SERVICE_QUARANTINED);
        }
        if (input.length > version.manifest().limits().inputBytes()) {
            throw new RefusedException(RefuseReason.INPUT_TOO_LARGE);
        }
    }

    /** The version that answered, and how. */
    private record Ended(Installed version, GuestResult result, CallHost host) {}

    /**
     * Runs a call. What fails in a version on probation without having done anything yet is asked of the version
     * before: the caller gets its answer, and the new version is judged by the comparison, which no caller can forge.
     */
    private Ended runAndJudge(Installed version, WalletAddress caller, byte[] input, CallHost.Reply reply) {
        parts.counters().add(Counter.SERVICE_CALLS, 1);
        Ended first = runOnce(version, caller, input, reply);
        boolean isFault = Installed.isFault(first.result.fault());
        version.ended(caller, isFault);
        Optional<Installed> before = version.before();
        if (!isFault || before.isEmpty() || first.host.hadEffects()) {
            return first;
        }
        Ended second = runOnce(before.get(), caller, input, reply);
        if (second.result.isOk()) {
            book.regressed(version);
            return second;
        }
        return first;
    }

    private Ended runOnce(Installed version, WalletAddress caller, byte[] input, CallHost.Reply reply) {
        CallHost host = new CallHost(parts, version, caller, reply, Optional.empty());
        return new Ended(version, version.module().call(GuestEntry.CALL, input, host), host);
    }

    private JsonValue json(Outcome outcome, WalletAddress caller) {
        JsonValue.Builder json = JsonValue.object().put("ok", outcome.fault.isEmpty());
        outcome.fault.ifPresent(reason -> json.put("reason", reason.label()));
        outcome.version.ifPresent(version -> json
                .put("service", version.manifest().name().text())
                .put("version", version.manifest().version().toString()));
        json.put("fuel", outcome.fuel).put("charged", outcome.charged);
        if (outcome.fault.filter(RefuseReason.PAYMENT_REQUIRED::equals).isPresent() && outcome.version.isPresent()) {
            json.put("quote", quote(outcome.version.get().manifest(), caller));
        }
        return json.build();
    }

    /** What a call costs, and what the caller has: enough to pay and ask again. */
    private JsonValue quote(ServiceManifest manifest, WalletAddress caller) {
        JsonValue.Builder quote = parts.accounts().get().map(accounts -> accounts.quote(caller))
                .orElseGet(() -> JsonValue.object().put("unit", "nanocredit").put("payee", parts.node().toString()));
        return quote.put("call", manifest.price().call())
                .put("megafuel", manifest.price().megafuel())
                .put("reserve", manifest.price().of(manifest.limits().fuel()))
                .build();
    }

    @Override
    public void decide(String command, WalletAddress caller, byte[] input, Consumer<Decision> answer) {
        try {
            threads.execute(() -> answer.accept(decide(command, caller, input)));
        } catch (RejectedExecutionException full) {
            answer.accept(Decision.no(RefuseReason.SERVICE_BUSY));
        }
    }

    private Decision decide(String command, WalletAddress caller, byte[] input) {
        Optional<Installed> version = book.ofCommand(command);
        if (version.isEmpty()) {
            return Decision.no(RefuseReason.COMMAND_UNKNOWN);
        }
        try {
            check(version.get(), caller, input);
            ServiceManifest.Price price = version.get().manifest().price();
            long most = price.isFree() ? 0 : price.of(version.get().manifest().limits().fuel());
            Optional<Accounts> accounts = most > 0 ? Optional.of(accounts()) : Optional.empty();
            if (accounts.isPresent()) {
                accounts.get().reserve(caller, most);
            }
            long fuel = 0;
            long cost = 0;
            try {
                ByteArrayOutputStream ignored = new ByteArrayOutputStream();
                Ended ended = runAndJudge(version.get(), caller, input, ignored::writeBytes);
                fuel = ended.result.fuel();
                cost = Math.min(most, most == 0 ? 0 : price.of(fuel));
                boolean mayTunnel = ended.version.manifest().capabilities().containsKey(Capability.TUNNEL);
                if (ended.result.fault().isPresent() || !mayTunnel || ended.host.tunnel().isEmpty()) {
                    // A code that is not zero is the policy's no.
                    return Decision.no(Installed.isFault(ended.result.fault())
                            ? ended.result.fault().get() : RefuseReason.TARGET_FORBIDDEN);
                }
                return new Decision(ended.host.tunnel(), Optional.empty());
            } finally {
                if (accounts.isPresent()) {
                    Waiting.on(accounts.get().charge(caller, most, fuel, cost));
                }
            }
        } catch (RefusedException refused) {
            return Decision.no(refused.reason());
        }
    }
}
