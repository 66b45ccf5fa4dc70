package network.conet.edge.services.guest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.services.engine.HostImport;
import network.conet.edge.services.wasm.WasmImport;
import network.conet.edge.services.wasm.WasmType;

/** Every function that a guest may import, with the capability that it needs. */
final class Imports {
    /** What a function does, given the guest that calls. */
    @FunctionalInterface
    interface Action {
        long run(Guest guest, long[] arguments);
    }

    private record Offer(Optional<Capability> needs, WasmType type, Action action) {}

    private static final Map<String, Offer> OFFERS = new HashMap<>();

    static {
        Wasi.offer();
        ConetFunctions.offer();
    }

    private Imports() {}

    /**
     * @param types parameters, {@code i} for i32 and {@code l} for i64; behind {@code >} the result, if there is one
     * @param needs null when every guest may
     */
    static void offer(String module, String name, String types, Capability needs, Action action) {
        String[] sides = types.split(">", -1);
        WasmType type = new WasmType(types(sides[0]), types(sides.length > 1 ? sides[1] : ""));
        OFFERS.put(module + ' ' + name, new Offer(Optional.ofNullable(needs), type, action));
    }

    private static byte[] types(String letters) {
        byte[] types = new byte[letters.length()];
        for (int i = 0; i < types.length; i++) {
            types[i] = letters.charAt(i) == 'l' ? WasmType.I64 : WasmType.I32;
        }
        return types;
    }

    /** @throws RefusedException IMPORT_UNKNOWN, CAPABILITY_UNGRANTED */
    static void check(List<WasmImport> wanted, Set<Capability> granted) throws RefusedException {
        for (WasmImport each : wanted) {
            String name = each.module() + ' ' + each.name();
            Offer offer = OFFERS.get(name);
            if (offer == null || each.function().isEmpty()) {
                throw new RefusedException(RefuseReason.IMPORT_UNKNOWN, printable(name));
            }
            if (!offer.type.equals(each.function().get())) {
                throw new RefusedException(RefuseReason.IMPORT_UNKNOWN,
                        printable(name) + " as " + each.function().get() + ", it is " + offer.type);
            }
            if (offer.needs.isPresent() && !granted.contains(offer.needs.get())) {
                throw new RefusedException(RefuseReason.CAPABILITY_UNGRANTED,
                        printable(name) + " needs " + offer.needs.get().label());
            }
        }
    }

    /** The functions for one guest, in the order in which it imports them. */
    static List<HostImport> bind(List<WasmImport> wanted, Guest guest) {
        List<HostImport> bound = new ArrayList<>();
        for (WasmImport each : wanted) {
            Offer offer = OFFERS.get(each.module() + ' ' + each.name());
            bound.add(new HostImport(each.module(), each.name(), offer.type,
                    arguments -> offer.action.run(guest, arguments)));
        }
        return bound;
    }

    private static String printable(String name) {
        String clean = name.replaceAll("[^ -~]", "?");
        return clean.length() > 80 ? clean.substring(0, 80) : clean;
    }
}
