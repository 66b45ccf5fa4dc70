package network.conet.edge.services.guest;

import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.services.engine.HostStop;
import network.conet.edge.services.engine.WasmEngine;
import network.conet.edge.services.engine.WasmProgram;
import network.conet.edge.services.engine.WasmTrap;
import network.conet.edge.services.wasm.Meter;
import network.conet.edge.services.wasm.MeteredModule;
import network.conet.edge.services.wasm.WasmType;

/**
 * A guest's module, ready to be called ({@code docs/protocol/guest-interface.md}). Instances are kept between calls, so
 * a guest may find what it left in its memory; one that faulted is dropped. Safe for use by many threads: each call
 * runs on the thread that makes it, which needs a stack of {@link #STACK_BYTES}.
 */
public final class GuestModule {
    /** Stack of a thread that calls guests: room for {@link network.conet.edge.services.wasm.Fuel#STACK_UNITS}. */
    public static final long STACK_BYTES = 8L << 20;
    /** Instances that wait for the next call; more are dropped, as each holds its memory. */
    private static final int IDLE_MAX = 2;
    private static final String INITIALIZE = "_initialize";
    private static final WasmType ENTRY = new WasmType(new byte[0], new byte[] {WasmType.I32});
    private static final WasmType NOTHING = new WasmType(new byte[0], new byte[0]);

    private final MeteredModule module;
    private final WasmProgram program;
    private final Set<Capability> granted;
    private final GuestLimits limits;
    private final Watchdog watchdog;
    private final Semaphore room;
    private final Deque<Guest> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger idleCount = new AtomicInteger();

    private GuestModule(MeteredModule module, WasmProgram program, Set<Capability> granted, GuestLimits limits,
            Watchdog watchdog) {
        this.module = module;
        this.program = program;
        this.granted = granted;
        this.limits = limits;
        this.watchdog = watchdog;
        this.room = new Semaphore(limits.callsInFlight());
    }

    /**
     * Checks, meters and compiles a module.
     *
     * @param granted what it may use
     * @throws RefusedException as {@link Meter#meter}; IMPORT_UNKNOWN, CAPABILITY_UNGRANTED; MODULE_INVALID when an
     *     export is missing or has another type; MODULE_LIMIT_EXCEEDED when its memory begins above its limit
     */
    public static GuestModule load(byte[] wasm, Set<Capability> granted, GuestLimits limits, WasmEngine engine,
            Watchdog watchdog) throws RefusedException {
        MeteredModule module = Meter.meter(wasm);
        Imports.check(module.imports(), granted);
        checkExports(module);
        if (module.memoryPages() > limits.memoryPages()) {
            throw new RefusedException(RefuseReason.MODULE_LIMIT_EXCEEDED,
                    "memory begins with " + module.memoryPages() + " pages, at most " + limits.memoryPages());
        }
        return new GuestModule(module, engine.load(module), Set.copyOf(granted), limits, watchdog);
    }

    private static void checkExports(MeteredModule module) throws RefusedException {
        Map<String, WasmType> functions = module.functions();
        for (GuestEntry entry : GuestEntry.values()) {
            WasmType type = functions.get(entry.export());
            if (type == null ? entry == GuestEntry.CALL : !type.equals(ENTRY)) {
                throw new RefusedException(RefuseReason.MODULE_INVALID,
                        "export " + entry.export() + " as a function ()->(i32)");
            }
        }
        WasmType initialize = functions.get(INITIALIZE);
        if (initialize != null && !initialize.equals(NOTHING)) {
            throw new RefusedException(RefuseReason.MODULE_INVALID, "export " + INITIALIZE + " as a function ()->()");
        }
        if (!module.imports().isEmpty() && !module.isMemoryExported()) {
            throw new RefusedException(RefuseReason.MODULE_INVALID, "no exported memory");
        }
    }

    /** Whether the guest has such an entry. */
    public boolean has(GuestEntry entry) {
        return module.functions().containsKey(entry.export());
    }

    /** What one call may use. */
    public GuestLimits limits() {
        return limits;
    }

    /**
     * Runs an entry on the present thread, at most for the deadline. Never throws for what a guest does. An interrupt
     * of the thread from elsewhere ends the call with DEADLINE_PASSED and is kept.
     *
     * @param input what the guest reads
     * @param host what it may reach
     */
    public GuestResult call(GuestEntry entry, byte[] input, GuestHost host) {
        if (!room.tryAcquire()) {
            return new GuestResult(Optional.of(RefuseReason.SERVICE_BUSY), 0);
        }
        Watchdog.Run watch = watchdog.begin(limits.deadline().toNanos());
        boolean isLate;
        GuestCall call = new GuestCall(host, input, limits.outputBytes(), granted);
        Guest[] reusable = new Guest[1];
        GuestResult result;
        try {
            result = run(entry, call, reusable);
        } finally {
            // Whatever happened: afterwards no interrupt comes any more that was meant for this call.
            isLate = watch.end();
            room.release();
        }
        if (isLate) {
            return result.isOk() ? result
                    : new GuestResult(Optional.of(RefuseReason.DEADLINE_PASSED), result.fuel());
        }
        if (result.isOk() && reusable[0] != null) {
            give(reusable[0]);
        }
        return result;
    }

    private GuestResult run(GuestEntry entry, GuestCall call, Guest[] reusable) {
        Guest guest = null;
        Optional<RefuseReason> fault;
        try {
            guest = take(call);
            int code = guest.instance().call(entry.export());
            fault = code == 0 ? Optional.empty() : Optional.of(RefuseReason.GUEST_FAILED);
            reusable[0] = guest;
        } catch (WasmTrap trap) {
            fault = trap.reason();
        }
        long fuel = guest == null ? limits.fuel() : used(guest);
        return new GuestResult(finish(call, fault), fuel);
    }

    /** What was written is sent only when the guest succeeded, or was sent already. */
    private static Optional<RefuseReason> finish(GuestCall call, Optional<RefuseReason> fault) {
        call.endLogLine();
        if (fault.isPresent()) {
            return fault;
        }
        try {
            call.flush();
            return fault;
        } catch (HostStop stop) {
            return stop.reason();
        }
    }

    private long used(Guest guest) {
        return limits.fuel() - Math.max(0, Math.min(limits.fuel(), guest.instance().fuelLeft()));
    }

    private Guest take(GuestCall call) throws WasmTrap {
        Guest guest = idle.pollFirst();
        if (guest != null) {
            idleCount.decrementAndGet();
            guest.begin(call);
            guest.instance().refuel(limits.fuel());
            return guest;
        }
        guest = new Guest();
        guest.attach(program.instantiate(Imports.bind(module.imports(), guest), limits.memoryPages()));
        if (module.functions().containsKey(INITIALIZE)) {
            // It serves all calls to come: it neither reads the input of this one nor writes into its reply.
            guest.begin(new GuestCall(call.host, new byte[0], 0, granted));
            guest.instance().refuel(limits.fuel());
            guest.instance().call(INITIALIZE);
            guest.call().endLogLine();
        }
        // What a call costs must not depend on whether an instance was waiting.
        guest.begin(call);
        guest.instance().refuel(limits.fuel());
        return guest;
    }

    private void give(Guest guest) {
        guest.begin(null);
        if (idleCount.incrementAndGet() <= IDLE_MAX) {
            idle.addFirst(guest);
        } else {
            idleCount.decrementAndGet();
        }
    }

    /** Drops the instances that wait. Calls may go on. */
    public void dropIdle() {
        while (idle.pollFirst() != null) {
            idleCount.decrementAndGet();
        }
    }
}
