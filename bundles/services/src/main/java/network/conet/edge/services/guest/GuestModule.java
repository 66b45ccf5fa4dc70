package network.conet.edge.services.guest;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.services.engine.HostStop;
import network.conet.edge.services.engine.WasmEngine;
import network.conet.edge.services.engine.WasmProgram;
import network.conet.edge.services.engine.WasmTrap;
import network.conet.edge.services.wasm.Fuel;
import network.conet.edge.services.wasm.Meter;
import network.conet.edge.services.wasm.MeteredModule;
import network.conet.edge.services.wasm.WasmType;

/**
 * A guest's module, ready to be called ({@code docs/protocol/guest-interface.md}). Each call has an instance of its
 * own, which is dropped at its end: nothing of one caller reaches another, and the same input costs the same fuel. Safe
 * for use by many threads: each call runs on the thread that makes it, which needs a stack of {@link #STACK_BYTES}.
 */
public final class GuestModule {
    /** Stack of a thread that calls guests: room for {@link network.conet.edge.services.wasm.Fuel#STACK_UNITS}. */
    public static final long STACK_BYTES = 8L << 20;
    private static final String INITIALIZE = "_initialize";
    private static final WasmType ENTRY = new WasmType(new byte[0], new byte[] {WasmType.I32});
    private static final WasmType NOTHING = new WasmType(new byte[0], new byte[0]);

    private final MeteredModule module;
    private final WasmProgram program;
    private final Set<Capability> granted;
    private final GuestLimits limits;
    private final Watchdog watchdog;
    private final Semaphore room;

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
        GuestResult result;
        try {
            result = run(entry, new GuestCall(host, input, limits.outputBytes(), granted));
        } finally {
            // Whatever happened: afterwards no interrupt comes any more that was meant for this call.
            isLate = watch.end();
            room.release();
        }
        return isLate && !result.isOk()
                ? new GuestResult(Optional.of(RefuseReason.DEADLINE_PASSED), result.fuel()) : result;
    }

    private GuestResult run(GuestEntry entry, GuestCall call) {
        Guest guest = new Guest();
        Optional<RefuseReason> fault;
        try {
            guest.attach(program.instantiate(Imports.bind(module.imports(), guest), limits.memoryPages()));
            // What the start function used is the call's, as the instance is.
            long left = limits.fuel() - (Fuel.START - guest.instance().fuelLeft());
            if (left < 0) {
                return new GuestResult(Optional.of(RefuseReason.FUEL_SPENT), limits.fuel());
            }
            guest.begin(call);
            guest.instance().refuel(left);
            if (module.functions().containsKey(INITIALIZE)) {
                guest.instance().call(INITIALIZE);
            }
            int code = guest.instance().call(entry.export());
            fault = code == 0 ? Optional.empty() : Optional.of(RefuseReason.GUEST_FAILED);
        } catch (WasmTrap trap) {
            fault = trap.reason();
        }
        // A start function that fails is not counted exactly: it costs everything.
        long fuel = guest.instance() == null ? limits.fuel() : used(guest);
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
}
